"""Reading sealed guesses. Nothing here opens anything."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.kernel.ids import BoardId, MarkerId
from panel.sealed.guesses.models import GuessEnvelopeRow


@dataclass(frozen=True)
class GuessEnvelope:
    """One marker's sealed answer."""

    marker: MarkerId
    format: int
    sealed: bytes


def envelopes(db: Session, board: BoardId) -> tuple[GuessEnvelope, ...]:
    """Every sealed answer of a board, by marker."""
    columns = GuessEnvelopeRow.marker, GuessEnvelopeRow.format, GuessEnvelopeRow.sealed
    query = select(*columns).where(GuessEnvelopeRow.board == board).order_by(GuessEnvelopeRow.marker)
    return tuple(GuessEnvelope(*row) for row in db.execute(query))


def answered(db: Session, board: BoardId, marker: MarkerId) -> bool:
    """Whether a marker has answered."""
    query = select(GuessEnvelopeRow.board).where(GuessEnvelopeRow.board == board, GuessEnvelopeRow.marker == marker)
    return db.scalar(query) is not None
