"""The one thing these pages can do: send an answer to a further marker. They change no mark and no score."""

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.marking import handover
from panel.blind.moderation.queries import leading
from panel.kernel.ids import BoardId, Number


def send_further(db: Session, board: BoardId, actor: Actor, number: Number, criterion: str) -> None:
    """Give one answer to a further marker. Raises Missing, WrongStage, SentAlready and NobodyFree."""
    handover.further(db, board, number, criterion, actor.id, leading(db, board, actor))
