"""The table of sealed guesses."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, MarkerId
from panel.kernel.tables import UNORDERED, Bytes, IdType, SealedBase
from panel.sealed.vault.envelope import SEALED


class GuessEnvelopeRow(SealedBase):
    """What one marker answered, all in one length: that she answered can be told, and nothing of what.

    Sealed to the board's key, so that nobody reads it before the ceremony, which counts it and destroys it.
    """

    __tablename__ = "guess_envelope"
    __table_args__ = (CheckConstraint(f"length(sealed) = {SEALED}", name="sealed"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    format: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(Bytes)
