"""The versions of every course, for HR who writes them: listed, and read in full as they were written."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.training.course import Course, Page, Question
from panel.blind.training.models import CoursePageRow, CourseRow, QuizQuestionRow
from panel.kernel.errors import Missing
from panel.kernel.ids import CourseId


@dataclass(frozen=True)
class Edition:
    """One published version of a course.

    `current`: panel members must have it. `counts_from`: the lowest version whose completions count with it. `ours`:
    somebody here published it, and it did not come with the system.
    """

    id: CourseId
    key: str
    version: int
    title: str
    published_on: date
    counts_from: int
    current: bool
    ours: bool
    online: bool
    position: int
    digest: bytes

    @property
    def retake(self) -> bool:
        """Whether whoever completed an earlier version must take this one."""
        return self.version > 1 and self.counts_from == self.version


def latest(db: Session) -> tuple[Edition, ...]:
    """The latest version of every course, retired ones too, in the order in which they are taken."""
    newest = {each.key: each for each in _editions(db)}
    return tuple(sorted(newest.values(), key=lambda each: (each.position, each.key)))


def editions(db: Session, key: str) -> tuple[Edition, ...]:
    """The versions of one course, the latest first. Empty if nothing was published under that key."""
    return tuple(each for each in reversed(_editions(db)) if each.key == key)


def edition(db: Session, course: CourseId) -> Edition:
    """One version. Raises Missing."""
    row = db.get(CourseRow, course)
    if row is None:
        raise Missing
    return _edition(row)


def content(db: Session, course: CourseId) -> Course:
    """One version in full. Raises Missing."""
    row = db.get(CourseRow, course)
    if row is None:
        raise Missing
    pages = select(CoursePageRow).where(CoursePageRow.course == course).order_by(CoursePageRow.position)
    bank = select(QuizQuestionRow).where(QuizQuestionRow.course == course).order_by(QuizQuestionRow.position)
    return Course(
        key=row.key,
        title=row.title,
        summary=row.summary,
        position=row.position,
        minutes=row.minutes,
        pass_percent=row.pass_percent,
        validity_months=row.validity_months,
        asked=row.asked,
        attempts=row.attempts,
        online=row.online,
        pages=tuple(Page(page.title, page.text) for page in db.scalars(pages)),
        questions=tuple(
            Question(each.text, tuple(json.loads(each.options)), each.right_option, each.explanation)
            for each in db.scalars(bank)
        ),
    )


def _editions(db: Session) -> tuple[Edition, ...]:
    return tuple(map(_edition, db.scalars(select(CourseRow).order_by(CourseRow.key, CourseRow.version))))


def _edition(row: CourseRow) -> Edition:
    return Edition(
        id=row.id,
        key=row.key,
        version=row.version,
        title=row.title,
        published_on=row.published_on,
        counts_from=row.counts_from,
        current=row.current,
        ours=row.author is not None,
        online=row.online,
        position=row.position,
        digest=row.digest,
    )
