"""The table of the merit list: written once, by the lock."""

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.blind.merit.merit_list import Outcome
from panel.kernel.ids import BoardId, Number
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
