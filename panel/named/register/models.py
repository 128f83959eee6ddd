"""Training face to face as HR recorded it, and which reminders and calls were sent."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, CourseId, MarkerId, TaughtId
from panel.kernel.tables import UNORDERED, IdType, NamedBase


class TaughtRow(NamedBase):
    """Somebody was trained face to face, and what shows it. Withdrawn, it stays with the reason and counts for nothing.

    What counts is the completion on the blind side; what shows it may hold names, and stays here.
    """

    __tablename__ = "taught_training"
    __table_args__ = (
        CheckConstraint(
            "(revoked_on IS NULL) = (revoked_by IS NULL) AND (revoked_on IS NULL) = (reason IS NULL)", name="revoked"
        ),
        UNORDERED,
    )

    id: Mapped[TaughtId] = mapped_column(IdType(TaughtId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), index=True)
    course: Mapped[CourseId] = mapped_column(IdType(CourseId))
    completed_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    recorded_on: Mapped[date] = mapped_column(Date)
    revoked_on: Mapped[date | None] = mapped_column(Date)
    revoked_by: Mapped[MarkerId | None] = mapped_column(IdType(MarkerId))
    reason: Mapped[str | None] = mapped_column(Text)


class ReminderRow(NamedBase):
    """A reminder that was sent, so that none is sent twice. `about`: the day it was about, and which of its kinds."""

    __tablename__ = "training_reminder"
    __table_args__ = (UNORDERED,)

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    course: Mapped[str] = mapped_column(String(60), primary_key=True)
    about: Mapped[str] = mapped_column(String(40), primary_key=True)
    sent_on: Mapped[date] = mapped_column(Date)


class CalledRow(NamedBase):
    """How much of a board's work somebody was written to about, so that nothing is said twice. Counts only.

    `about`: tasks she was given, or pauses on a board she leads.
    """

    __tablename__ = "work_called"
    __table_args__ = (CheckConstraint("count > 0", name="count"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    person: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    about: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]
