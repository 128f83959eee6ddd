"""How a ceremony ends, well or before it was finished: what was released for it goes, and the log says why."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.audit.service import append
from panel.kernel.ids import BoardId, MarkerId
from panel.named.unsealing import queries
from panel.named.unsealing.ceremony import Ceremony, Ending, State
from panel.named.unsealing.models import CeremonyRow
from panel.sealed.vault import service as vault


def end(db: Session, ceremony: Ceremony, how: Ending, actor: MarkerId | None, role: str) -> None:
    """Delete what was released for it, close it, and say so in the log."""
    _close(db, ceremony, State.ABORTED)
    append(db, ceremony.board, how.kind, actor, role, {"ceremony": str(ceremony.id)})


def finish(db: Session, ceremony: Ceremony) -> None:
    """It has done what it was for. What that was is logged by whoever did it."""
    _close(db, ceremony, State.FINISHED)


def overtake(db: Session, board: BoardId, actor: MarkerId, role: str) -> None:
    """Something else has happened that ends an open ceremony. Call it before that is logged, with the board held alone.

    An amendment, a seat handed over, an envelope opened early, the archive: a release was consent to what stood before.
    """
    ceremony = queries.open_ceremony(db, board, lock=True)
    if ceremony is not None:
        end(db, ceremony, Ending.OVERTAKEN, actor, role)


def _close(db: Session, ceremony: Ceremony, state: State) -> None:
    vault.forget_releases(db, ceremony.id)
    db.execute(update(CeremonyRow).where(CeremonyRow.id == ceremony.id).values(state=state.value))
