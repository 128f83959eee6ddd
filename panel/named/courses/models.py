"""Courses that are still being written."""

from sqlalchemy import CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.tables import UNORDERED, NamedBase


class CourseDraftRow(NamedBase):
    """The one draft of a course; `body` is JSON as `course.Course` writes it. Panel members do not see it."""

    __tablename__ = "course_draft"
    __table_args__ = (CheckConstraint("version > 0", name="version"), UNORDERED)

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
