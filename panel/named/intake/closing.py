"""Closing a board: after this nothing in the database says which submission is whose."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.merkle import root
from panel.audit.service import append
from panel.blind.allocation import service as allocation
from panel.blind.submissions import service as submissions
from panel.board import service as board_service
from panel.board.lifecycle import Fact, Readiness, Stage
from panel.board.queries import Board, boards
from panel.kernel import clock, keyfiles
from panel.kernel.database import Database
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import BoardId
from panel.named.accounts.factors import traces
from panel.named.intake import queries
from panel.named.intake.drafting import drop_all
from panel.named.intake.models import RollRow
from panel.named.intake.scrubbing import scrub
from panel.sealed.equality import queries as equality_queries
from panel.sealed.equality import service as equality
from panel.sealed.vault import queries as vault_queries
from panel.sealed.vault import service as vault

_CLOSED: Final = tuple(stage for stage in Stage if stage.reached(Stage.CLOSED))


class Unequal(Refused):
    """Submissions, envelopes and equality envelopes do not belong together one to one."""

    sentence = "The submissions and their sealed envelopes do not match. Ask your system administrator to look into it."


class ScrubUnfinished(Refused):
    """Somebody was using the database."""

    sentence = "The traces could not be removed because the database was in use. Try again in a quiet moment."


def readiness(deadline: datetime | None, now: datetime) -> Readiness:
    """What open → closed demands. An extension moves the deadline itself, so there is one moment to wait for."""
    passed = deadline is not None and deadline <= now
    sentence = "The deadline has passed." if passed else "Wait until the deadline has passed."
    return Readiness((Fact("deadline", passed, sentence),))


def close(db: Session, keys: Path, actor: Person, board: BoardId) -> Board:
    """Rewrite everything a lodging wrote in random order, deal the numbers, commit counts and roots to the log.

    Everybody's session ends, and the times of codes are forgotten: both say who was at work while candidates applied.
    The caller commits, then calls `finish`. Raises WrongStage, NotReady and Unequal.
    """
    held = board_service.take(db, board, Stage.OPEN)
    drop_all(db, board)
    _rewrite_roll(db, board)
    vault.rewrite(db, board)
    equality.rewrite(db, board)
    allocation.rewrite(db, board)
    count = submissions.rewrite(db, board)
    lodged, roll = _keep_leaves(db, board, count), queries.roll_root(db, board)
    access.end_all_sessions(db)
    traces.forget(db)
    closed = board_service.advance(
        db,
        board,
        Stage.CLOSED,
        readiness(held.deadline, clock.now()),
        actor.id,
        Role.HR,
        {"submissions": count, "lodged_root": lodged.hex(), "roll_root": roll.hex()},
        lodged_root=lodged,
        roll_root=roll,
        submissions=count,
        closed_on=clock.today(),
    )
    sign_head(db, board, Signer.of(keys))
    return closed


def finish(database: Database, keys: Path, board: BoardId) -> bool:
    """Once the close is committed: destroy the draft key, then scrub; whether the scrub really happened. Repeatable.

    Opens transactions of its own, so the caller has none open.
    """
    keyfiles.destroy(keys, keyfiles.drafts(board))
    if not scrub(database):
        return False
    with database.writing() as db:
        _record(db, board)
    return True


def unlink(db: Session, board: BoardId) -> None:
    """Write what a cancelled board keeps of its lodgings anew in random order; the caller commits, then scrubs.

    Else roll and answers would lie side by side for ever, and the same text is soon sent to another board.
    Raises WrongStage unless the board is still open: from the close on it has been done.
    """
    board_service.take(db, board, Stage.OPEN)
    _rewrite_roll(db, board)
    allocation.rewrite(db, board)
    submissions.rewrite(db, board)


def destroy_roll(db: Session, board: BoardId) -> None:
    """Part of archiving: nothing says any more who applied."""
    db.execute(delete(RollRow).where(RollRow.board == board))


def scrub_closed(database: Database, keys: Path, board: BoardId | None = None) -> int:
    """Scrub for every closed board, or for one; returns how many are recorded as scrubbed.

    Raises ScrubUnfinished, and Missing for a board that is not closed.
    """
    with database.reading() as db:
        closed = [each.id for each in boards(db, [board] if board else None) if each.stage in _CLOSED]
    if board and not closed:
        raise Missing
    for each in closed:
        keyfiles.destroy(keys, keyfiles.drafts(each))
    if not scrub(database):
        raise ScrubUnfinished
    with database.writing() as db:
        for each in sorted(closed):
            _record(db, each)
    return len(closed)


def _record(db: Session, board: BoardId) -> None:
    held = board_service.hold(db, board, *_CLOSED)
    if held.scrubbed_on is None:
        board_service.write(db, board, scrubbed_on=clock.today())
        append(db, board, "board.scrubbed", None, Role.HR, {"on": clock.today().isoformat()})


def _keep_leaves(db: Session, board: BoardId, submitted: int) -> bytes:
    """Keep the leaves of the lodged tree; its root. Raises Unequal."""
    leaves = queries.lodged_leaves(db, board)
    if len({len(leaves), submitted, vault_queries.count(db, board), equality_queries.count(db, board)}) > 1:
        raise Unequal
    vault.keep_leaves(db, board, leaves)
    return root(tuple(leaves.values()))


def _rewrite_roll(db: Session, board: BoardId) -> None:
    query = select(*RollRow.__table__.c).where(RollRow.board == board).order_by(RollRow.id)
    rows = [dict(row._mapping) for row in db.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name for a row's mapping
    secrets.SystemRandom().shuffle(rows)
    db.execute(delete(RollRow).where(RollRow.board == board))
    if rows:
        db.execute(insert(RollRow), rows)
