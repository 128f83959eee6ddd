"""The table of sealed equality answers."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, SubmissionRef
from panel.kernel.tables import UNORDERED, Bytes, IdType, SealedBase
from panel.sealed.vault.envelope import SEALED


class EqualityEnvelopeRow(SealedBase):
    """One per submission, even if every answer was declined: so presence says nothing. Never updated."""

    __tablename__ = "equality_envelope"
    __table_args__ = (
        CheckConstraint(f"length(sealed) = {SEALED}", name="sealed"),
        Index("ix_equality_envelope_board", "board"),
        UNORDERED,
    )

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    format: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(Bytes)
