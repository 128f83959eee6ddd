"""A restored service proves itself: every board is held against its signed log, and the guards are counted."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from migrations import triggers
from migrations.refusal import Tables, found
from panel import health
from panel.audit.heads import Signer
from panel.blind.merit.queries import as_locked
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.errors import PanelError
from panel.kernel.ids import SYSTEM
from panel.named.oversight.queries import Verdict, verdict
from panel.named.unsealing import proof_of_close
from panel.settings import Finding

#: The stages in which a board still has everything that its close committed to.
_CLOSED: Final = (Stage.CLOSED, Stage.MARKING, Stage.MODERATION, Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
_LOCKED: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)


def prove(config: Config) -> tuple[Finding, ...]:
    """A finding for the system's log, for each board, for the triggers, and what `panel check` finds."""
    database = config.database()
    try:
        with database.reading() as db:
            public = Signer.of(config.keys).public
            service = verdict(db, SYSTEM, public)
            told = [_finding("The service", service, ())]
            told += [_finding(each.title, verdict(db, each.id, public), _faults(db, each)) for each in boards(db)]
        return (*told, _guards(database), *health.check(config))
    finally:
        database.dispose()


def _finding(title: str, log: Verdict, faults: tuple[str, ...]) -> Finding:
    wrong = (*log.faults, *faults)
    size = f"{log.size} log entries, {log.heads} signed heads"
    return Finding(not wrong, f"{title}: {' '.join(wrong)}" if wrong else f"{title}: {size}, all agree.")


def _faults(db: Session, board: Board) -> tuple[str, ...]:
    try:
        return tuple(_found(db, board))
    except PanelError as error:
        return (error.message,)


def _found(db: Session, board: Board) -> Iterator[str]:
    if board.stage in (Stage.OPEN, *_CLOSED):
        yield from proof_of_close.faults(db, board.id, closed=board.stage is not Stage.OPEN)
    if board.stage in _LOCKED and not as_locked(db, board.id):
        yield "The marks are not those that were locked."


def _guards(database: Database) -> Finding:
    with database.engine("named").connect() as connection:
        wanted = {each.name for each in triggers.wanted(Tables(connection))}
        lacking = sorted(wanted - set(found(connection)))
    if lacking:
        return Finding(good=False, sentence=f"Triggers are missing: {', '.join(lacking)}. Run: panel migrate")
    return Finding(good=True, sentence=f"All {len(wanted)} triggers are in place.")
