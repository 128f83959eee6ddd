"""Feedback that HR approved. No column for a marker: which of them wrote a note is not kept here."""

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, Number
from panel.kernel.tables import UNORDERED, Bytes, IdType, NamedBase, NumberType


class ApprovedNote(NamedBase):
    """One evidence note that goes to the candidate behind a number, by the digest of its text."""

    __tablename__ = "approved_note"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    number: Mapped[Number] = mapped_column(NumberType, primary_key=True, autoincrement=False)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    digest: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
