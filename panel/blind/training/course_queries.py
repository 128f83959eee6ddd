"""Reading courses: what a marker has read, what she is asked, how she did, and until when it counts."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.training.course import Block
from panel.blind.training.models import (
    CompletionRow,
    CoursePageRow,
    CourseRow,
    PageReadRow,
    QuizAttemptRow,
    QuizQuestionRow,
)
from panel.blind.training.quiz import Score, mark
from panel.kernel.errors import Missing
from panel.kernel.ids import CourseId, MarkerId


@dataclass(frozen=True)
class CourseCard:
    """A course and where one marker is with it. `read`: pages read since she last completed it."""

    id: CourseId
    key: str
    title: str
    summary: str
    minutes: int
    pass_percent: int
    validity_months: int
    pages: tuple[str, ...]
    read: frozenset[int]
    completed_on: date | None
    expires_on: date | None

    @property
    def all_read(self) -> bool:
        return len(self.read) == len(self.pages)

    @property
    def next_page(self) -> int:
        """The first page not read yet; the first page once all are."""
        return next((n for n in range(1, len(self.pages) + 1) if n not in self.read), 1)

    def current(self, on: date) -> bool:
        """Whether it is complete and has not expired."""
        return self.expires_on is not None and on <= self.expires_on


@dataclass(frozen=True)
class Lesson:
    """One page of a course as it is read; `position` counts from 1."""

    position: int
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Asked:
    """One question as it is asked; `right` and `explanation` are for after the quiz."""

    position: int
    text: str
    options: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True)
class Attempt:
    """One attempt at a quiz: its questions in the order drawn for it and, once sent, the options chosen."""

    number: int
    questions: tuple[Asked, ...]
    chosen: tuple[int, ...] | None
    pass_percent: int

    @property
    def score(self) -> Score:
        """How it went; an attempt not yet sent has nothing right."""
        right = [question.right for question in self.questions]
        return mark(right, self.chosen or [-1] * len(right), self.pass_percent)


def cards(db: Session, marker: MarkerId) -> tuple[CourseCard, ...]:
    """Every current course, in the order in which they are taken."""
    rows = db.scalars(select(CourseRow).where(CourseRow.current).order_by(CourseRow.position, CourseRow.key))
    return _cards(db, marker, tuple(rows))


def card(db: Session, marker: MarkerId, course: CourseId) -> CourseCard:
    """One course, current or not. Raises Missing."""
    row = db.get(CourseRow, course)
    if row is None:
        raise Missing
    return _cards(db, marker, (row,))[0]


def lesson(db: Session, course: CourseId, position: int) -> Lesson:
    """One page. Raises Missing."""
    row = db.get(CoursePageRow, (course, position))
    if row is None:
        raise Missing
    return Lesson(position, row.title, tuple(Block.from_json(block) for block in json.loads(row.blocks)))


def open_attempt(db: Session, marker: MarkerId, course: CourseId) -> Attempt | None:
    """The attempt she has begun and not sent."""
    return _attempt(db, marker, course, sent=False)


def asked(db: Session, marker: MarkerId, course: CourseId) -> Attempt:
    """The attempt now open, or the last one if none is. Raises Missing."""
    attempt = open_attempt(db, marker, course) or last_attempt(db, marker, course)
    if attempt is None:
        raise Missing
    return attempt


def last_attempt(db: Session, marker: MarkerId, course: CourseId) -> Attempt | None:
    """The latest attempt she has sent."""
    return _attempt(db, marker, course, sent=True)


def questions(db: Session, course: CourseId) -> tuple[Asked, ...]:
    """The questions of a course in the order they were written, right options included."""
    query = select(QuizQuestionRow).where(QuizQuestionRow.course == course).order_by(QuizQuestionRow.position)
    return tuple(
        Asked(row.position, row.text, tuple(json.loads(row.options)), row.right_option, row.explanation)
        for row in db.scalars(query)
    )


def _attempt(db: Session, marker: MarkerId, course: CourseId, *, sent: bool) -> Attempt | None:
    row = db.scalars(
        select(QuizAttemptRow)
        .where(
            QuizAttemptRow.marker == marker,
            QuizAttemptRow.course == course,
            QuizAttemptRow.chosen.is_not(None) if sent else QuizAttemptRow.chosen.is_(None),
        )
        .order_by(QuizAttemptRow.attempt.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    written = questions(db, course)
    asked = tuple(written[place] for place in json.loads(row.asked))
    chosen = None if row.chosen is None else tuple(json.loads(row.chosen))
    percent = db.scalars(select(CourseRow.pass_percent).where(CourseRow.id == course)).one()
    return Attempt(row.attempt, asked, chosen, percent)


def _cards(db: Session, marker: MarkerId, rows: tuple[CourseRow, ...]) -> tuple[CourseCard, ...]:
    ids = [row.id for row in rows]
    titles = db.execute(
        select(CoursePageRow.course, CoursePageRow.title)
        .where(CoursePageRow.course.in_(ids))
        .order_by(CoursePageRow.course, CoursePageRow.position)
    ).all()
    read = db.execute(
        select(PageReadRow.course, PageReadRow.position)
        .where(PageReadRow.marker == marker, PageReadRow.course.in_(ids))
        .order_by(PageReadRow.course, PageReadRow.position)
    ).all()
    done = _completions(db, marker)
    return tuple(
        CourseCard(
            row.id,
            row.key,
            row.title,
            row.summary,
            row.minutes,
            row.pass_percent,
            row.validity_months,
            pages=tuple(title for course, title in titles if course == row.id),
            read=frozenset(position for course, position in read if course == row.id),
            completed_on=done[row.key][0] if row.key in done else None,
            expires_on=done[row.key][1] if row.key in done else None,
        )
        for row in rows
    )


def _completions(db: Session, marker: MarkerId) -> dict[str, tuple[date, date]]:
    """The latest completion of each course by key: one version's completion counts for the next until it expires."""
    query = (
        select(
            CourseRow.key,
            func.max(CompletionRow.completed_on).label("completed_on"),
            func.max(CompletionRow.expires_on).label("expires_on"),
        )
        .join(CourseRow, CourseRow.id == CompletionRow.course)
        .where(CompletionRow.marker == marker)
        .group_by(CourseRow.key)
        .order_by(CourseRow.key)
    )
    return {row.key: (row.completed_on, row.expires_on) for row in db.execute(query)}
