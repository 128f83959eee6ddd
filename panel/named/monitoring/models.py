"""The only thing kept of the equality answers: counts, null where suppressed."""

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId
from panel.kernel.tables import UNORDERED, IdType, NamedBase


class OutcomeCount(NamedBase):
    """How many of a group applied, or passed. The group `total` is everyone. A withheld count is null."""

    __tablename__ = "outcome_count"
    __table_args__ = (
        CheckConstraint("outcome IN ('applied', 'passed')", name="outcome"),
        CheckConstraint("count >= 0", name="count"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    characteristic: Mapped[str] = mapped_column(String(40), primary_key=True)
    group: Mapped[str] = mapped_column(String(40), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int | None] = mapped_column(Integer)
