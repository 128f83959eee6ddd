"""How a ceremony ends before it is finished: nothing that was released for it stays behind."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.audit.service import append
from panel.kernel.ids import BoardId, MarkerId
from panel.named.unsealing import queries
from panel.named.unsealing.ceremony import Ceremony, State
from panel.named.unsealing.models import CeremonyRow
from panel.sealed.vault import service as vault


def end(db: Session, ceremony: Ceremony) -> None:
    """Close a ceremony and delete its releases. The caller logs why."""
    vault.forget_releases(db, ceremony.id)
    db.execute(update(CeremonyRow).where(CeremonyRow.id == ceremony.id).values(state=State.ABORTED.value))


def overtake(db: Session, board: BoardId, actor: MarkerId, role: str) -> bool:
    """Close the board's open ceremony, if there is one: what follows in this transaction overtakes it (C1)."""
    ceremony = queries.open_ceremony(db, board, lock=True)
    if ceremony is None:
        return False
    end(db, ceremony)
    append(db, board, "ceremony.aborted", actor, role, {"ceremony": str(ceremony.id)})
    return True
