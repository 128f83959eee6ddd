"""Tables of the ceremony, and of the names once they are open."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, CeremonyId, MarkerId, Number
from panel.kernel.tables import UNORDERED, Bytes, IdType, NamedBase, NumberType


class CeremonyRow(NamedBase):
    """One attempt to open a board: the locked marks and the log it is about. One may be open per board."""

    __tablename__ = "ceremony"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'finished', 'aborted')", name="state"),
        CheckConstraint("length(marks_root) = 32", name="marks_root"),
        CheckConstraint("length(head_root) = 32", name="head_root"),
        Index(
            "uq_ceremony_open",
            "board",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        UNORDERED,
    )

    id: Mapped[CeremonyId] = mapped_column(IdType(CeremonyId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    marks_root: Mapped[bytes] = mapped_column(Bytes)
    head_size: Mapped[int]
    head_root: Mapped[bytes] = mapped_column(Bytes)
    exceptions: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    opened_on: Mapped[date]
    expires_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8))


class RevealedRow(NamedBase):
    """One opened identity under the results key. `account_tag` finds one candidate's without opening the others'."""

    __tablename__ = "revealed"
    __table_args__ = (
        CheckConstraint("length(account_tag) = 32", name="account_tag"),
        CheckConstraint("length(nonce) = 12", name="nonce"),
        Index("uq_revealed_board_account_tag", "board", "account_tag", unique=True),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    number: Mapped[Number] = mapped_column(NumberType, primary_key=True, autoincrement=False)
    account_tag: Mapped[bytes] = mapped_column(Bytes)
    nonce: Mapped[bytes] = mapped_column(Bytes)
    identity: Mapped[bytes] = mapped_column(Bytes)
