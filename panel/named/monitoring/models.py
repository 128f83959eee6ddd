"""The only thing kept of equality answers and of markers' guesses: counts, null where suppressed."""

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


class GuessCount(NamedBase):
    """How many markers answered whether they knew a writer, their guesses, and how many were right; once per board."""

    __tablename__ = "guess_count"
    __table_args__ = (
        CheckConstraint("(guesses IS NULL) = (correct IS NULL)", name="both"),
        CheckConstraint("correct <= guesses", name="correct"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    answered: Mapped[int]
    candidates: Mapped[int]
    guesses: Mapped[int | None] = mapped_column(Integer)
    correct: Mapped[int | None] = mapped_column(Integer)
