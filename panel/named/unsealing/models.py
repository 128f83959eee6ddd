"""Tables of the ceremony, and of the names once they are open."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, CeremonyId, MarkerId, Number, OpeningId
from panel.kernel.tables import UNORDERED, Bytes, IdType, NamedBase, NumberType
from panel.named.unsealing.occasion import Occasion
from panel.named.unsealing.sitting import Ground

_OCCASIONS = ", ".join(f"'{occasion.value}'" for occasion in Occasion)
_GROUNDS = ", ".join(f"'{ground.value}'" for ground in Ground)


class CeremonyRow(NamedBase):
    """One attempt to open a board: the locked marks and the log it is about. One may be open per board.

    `occasion`: whether for the first time, or why once more.
    """

    __tablename__ = "ceremony"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'finished', 'aborted')", name="state"),
        CheckConstraint(f"occasion IN ({_OCCASIONS})", name="occasion"),
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
    occasion: Mapped[str] = mapped_column(String(8), server_default=Occasion.OPENING.value)


class SingleOpeningRow(NamedBase):
    """One envelope opened early: that one identity under the results key, for the custodian who asked alone.

    `ground` is of a closed list, `reason` what she wrote of it; the log has a digest of both.
    """

    __tablename__ = "single_opening"
    __table_args__ = (
        CheckConstraint(f"ground IN ({_GROUNDS})", name="ground"),
        CheckConstraint("length(nonce) = 12", name="nonce"),
        UniqueConstraint("board", "number"),
        UNORDERED,
    )

    id: Mapped[OpeningId] = mapped_column(IdType(OpeningId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    number: Mapped[Number] = mapped_column(NumberType)
    asked_by: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    ground: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    seats: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date]
    nonce: Mapped[bytes] = mapped_column(Bytes)
    identity: Mapped[bytes] = mapped_column(Bytes)


class RevealedRow(NamedBase):
    """One opened identity under the results key. `account_tag` finds one candidate's without opening the others'.

    `digest` is of what was sealed: with number and ref it hangs the name on the names root even once nothing opens it.
    Rows of before it was kept have none.
    """

    __tablename__ = "revealed"
    __table_args__ = (
        CheckConstraint("length(account_tag) = 32", name="account_tag"),
        CheckConstraint("length(nonce) = 12", name="nonce"),
        CheckConstraint("length(digest) = 32", name="digest"),
        Index("uq_revealed_board_account_tag", "board", "account_tag", unique=True),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    number: Mapped[Number] = mapped_column(NumberType, primary_key=True, autoincrement=False)
    account_tag: Mapped[bytes] = mapped_column(Bytes)
    nonce: Mapped[bytes] = mapped_column(Bytes)
    identity: Mapped[bytes] = mapped_column(Bytes)
    digest: Mapped[bytes | None] = mapped_column(Bytes)
