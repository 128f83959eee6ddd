"""Tables of the merit list, written once by the lock, and of what was corrected after it."""

from datetime import date

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.blind.merit.merit_list import Outcome
from panel.kernel.ids import BoardId, MarkerId, Number
from panel.kernel.tables import UNORDERED, BlindBase, IdType, NumberType

_OUTCOMES = ", ".join(f"'{outcome.value}'" for outcome in Outcome)


class MeritEntryRow(BlindBase):
    """One number's place: rank, outcome, weighted total as `n/d`, and scores by criterion as canonical JSON of `n/d`.

    Insert only; nothing about it changes once the board is locked.
    """

    __tablename__ = "merit_entry"
    __table_args__ = (
        CheckConstraint("rank > 0", name="rank"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    number: Mapped[Number] = mapped_column(NumberType, primary_key=True, autoincrement=False)
    rank: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    total: Mapped[str] = mapped_column(String(40))
    scores: Mapped[str] = mapped_column(Text)


class AmendmentRow(BlindBase):
    """One score of one number changed after the lock, `before` and `after` as `n/d`; `what` is the criterion's key.

    Insert only, and only between lock and archive. Archiving may destroy the reason.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint("decided_by <> confirmed_by", name="two"),
        CheckConstraint("before <> after", name="change"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[Number] = mapped_column(NumberType)
    what: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    confirmed_by: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    on: Mapped[date]


class AmendmentProposalRow(BlindBase):
    """A change that one leader wants and no other has confirmed yet. Gone once it is confirmed or dropped."""

    __tablename__ = "amendment_proposal"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    number: Mapped[Number] = mapped_column(NumberType, primary_key=True, autoincrement=False)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    after: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
