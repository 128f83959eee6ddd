"""Feedback that HR approved, and how far amendments were told. No column for a marker: who wrote a note is not kept."""

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


class AmendmentTold(NamedBase):
    """Up to which amendment the candidates of a published board were sent their letter.

    One row a board: a row a candidate would tie her account to the number that was amended, past the archive.
    """

    __tablename__ = "amendment_told"
    __table_args__ = (UNORDERED,)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    seq: Mapped[int]
