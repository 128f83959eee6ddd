"""What happens to a board: the lock every verb takes, and the only writer of the stage."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from panel.audit.service import append
from panel.board import lifecycle
from panel.board.lifecycle import Readiness, Stage, WrongStage
from panel.board.models import BoardRow
from panel.board.queries import Board, board
from panel.kernel.encoding import Json
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId

#: Columns that a stage move fixes; advance() takes them by name and, but for a draft's rules, nothing else writes them.
_FIXED_BY_MOVE: Final = frozenset(
    {"policy", "policy_digest", "lodged_root", "roll_root", "submissions", "marks_root", "closed_on", "published_on"}
)


def create(db: Session, title: str) -> BoardId:
    """Begin a board in draft, with its draw: 32 random bytes from which every random order comes."""
    row = BoardRow(id=BoardId.new(), title=title, draw=secrets.token_bytes(32))
    db.add(row)
    db.flush()
    return row.id


def hold(db: Session, board_id: BoardId, *stages: Stage) -> Board:
    """Take the board's lock shared, then read it; the first statement of every verb about a board.

    With the lock held the stage cannot move until this transaction ends. Raises Missing and WrongStage.
    """
    _lock(db, board_id, shared=True)
    return _in_stage(board(db, board_id), stages)


def take(db: Session, board_id: BoardId, *stages: Stage) -> Board:
    """Take the board's lock alone, then read it. Raises Missing and WrongStage."""
    _lock(db, board_id, shared=False)
    return _in_stage(board(db, board_id), stages)


def advance(
    db: Session,
    board_id: BoardId,
    to: Stage,
    readiness: Readiness,
    actor: MarkerId,
    role: str,
    facts: Mapping[str, Json] | None = None,
    **fixed: Any,
) -> Board:
    """Move a board to its next stage, fix what the move fixes (`fixed`: board columns) and append its entry.

    The only writer of the stage. Raises UnlawfulMove and NotReady.
    """
    held = take(db, board_id)
    lifecycle.check(held.stage, to, role, readiness)
    if set(fixed) - _FIXED_BY_MOVE:
        raise ValueError("a move fixes only its own columns")
    row = _row(db, board_id)
    row.stage = to.value
    for column, value in fixed.items():
        setattr(row, column, value)
    db.flush()
    append(db, board_id, to.entry, actor, role, dict(facts or {}))
    return board(db, board_id)


def write(db: Session, board_id: BoardId, **columns: Any) -> None:
    """Set columns that belong to no stage move (a draft's rules, the deadline, dates of recorded acts)."""
    if set(columns) & {"stage", *_FIXED_BY_MOVE} - {"policy"}:
        raise ValueError("only a stage move writes these")
    row = _row(db, board_id)
    for column, value in columns.items():
        setattr(row, column, value)
    db.flush()


def _row(db: Session, board_id: BoardId) -> BoardRow:
    row = db.get(BoardRow, board_id)
    if row is None:
        raise Missing
    return row


def _in_stage(held: Board, stages: tuple[Stage, ...]) -> Board:
    if stages and held.stage not in stages:
        raise WrongStage
    return held


def _lock(db: Session, board_id: BoardId, *, shared: bool) -> None:
    # SQLite has one writer at a time from BEGIN IMMEDIATE on; PostgreSQL needs to be told
    if db.get_bind().dialect.name != "postgresql":
        return
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    key = int.from_bytes(board_id[:8], "big", signed=True)
    db.execute(text(f"SELECT {function}(:key)"), {"key": key})
