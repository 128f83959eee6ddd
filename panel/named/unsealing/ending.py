"""How a ceremony ends before the names are open: what was released for it goes, and the log says why."""

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
    vault.forget_releases(db, ceremony.id)
    db.execute(update(CeremonyRow).where(CeremonyRow.id == ceremony.id).values(state=State.ABORTED.value))
    append(db, ceremony.board, how.kind, actor, role, {"ceremony": str(ceremony.id)})


def overtake(db: Session, board: BoardId, actor: MarkerId, role: str) -> None:
    """Something else has happened that ends an open ceremony. Call it before that is logged, with the board held alone.

    An amendment, a seat handed over, an envelope opened early: a release was consent to what stood before.
    """
    ceremony = queries.open_ceremony(db, board, lock=True)
    if ceremony is not None:
        end(db, ceremony, Ending.OVERTAKEN, actor, role)
