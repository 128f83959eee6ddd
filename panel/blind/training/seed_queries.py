"""Seeds as those who lead the panel read them, and the allocator. No page of a marker reads from here."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.training.desk import Script
from panel.blind.training.models import ScriptRow
from panel.blind.training.purpose import Purpose
from panel.blind.training.queries import qualified
from panel.blind.training.seeds import Need, needs
from panel.board.queries import Board
from panel.kernel.clock import today
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, ScriptId


def seeds(db: Session, board: BoardId) -> tuple[Script, ...]:
    """Every seed of a board, by criterion and then by random id."""
    query = select(ScriptRow).where(ScriptRow.board == board, ScriptRow.purpose == Purpose.SEED)
    rows = db.scalars(query.order_by(ScriptRow.criterion, ScriptRow.id))
    return tuple(
        Script(row.id, row.criterion, Purpose.SEED, row.answer, row.agreed, row.reason, row.version) for row in rows
    )


def seed(db: Session, board: BoardId, script: ScriptId) -> Script:
    """One seed of this board. Raises Missing."""
    found = [each for each in seeds(db, board) if each.id == script]
    if not found:
        raise Missing
    return found[0]


def available(db: Session, board: BoardId) -> Mapping[str, tuple[ScriptId, ...]]:
    """The seeds of each criterion, by id."""
    query = (
        select(ScriptRow.criterion, ScriptRow.id)
        .where(ScriptRow.board == board, ScriptRow.purpose == Purpose.SEED)
        .order_by(ScriptRow.criterion, ScriptRow.id)
    )
    found: dict[str, tuple[ScriptId, ...]] = {}
    for criterion, script in db.execute(query):
        found[criterion] = (*found.get(criterion, ()), script)
    return found


def answers(
    db: Session, board: BoardId, criterion: str, but: ScriptId | None = None
) -> tuple[tuple[Purpose, str], ...]:
    """What every script for a criterion says and what it is for, seeds too; `but` one."""
    here = (ScriptRow.board == board) & (ScriptRow.criterion == criterion)
    rows = db.execute(select(ScriptRow.id, ScriptRow.purpose, ScriptRow.answer).where(here).order_by(ScriptRow.id))
    return tuple((Purpose(row.purpose), row.answer) for row in rows if row.id != but)


def needed(db: Session, board: Board) -> tuple[Need, ...]:
    """How many seeds each question has and needs; nothing on a board without seeds. Before the close it needs one.

    Nobody on the panel is told how many submissions there are while the board is open.
    """
    if not board.policy.conduct.seed_every:
        return ()
    query = (
        select(ScriptRow.criterion, func.count())
        .where(ScriptRow.board == board.id, ScriptRow.purpose == Purpose.SEED)
        .group_by(ScriptRow.criterion)
        .order_by(ScriptRow.criterion)
    )
    written: Mapping[str, int] = dict(db.execute(query).all())
    markers = len(qualified(db, board.id, today())) if board.submissions else 0
    return needs(board.policy, written, board.submissions or 0, markers)
