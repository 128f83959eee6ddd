"""Reading courses: what a marker has read, what she is asked, how she did, and until when it counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.training.completion_queries import Completed, completions, required, tries
from panel.blind.training.models import CoursePageRow, CourseRow, PageReadRow, QuizAttemptRow, QuizQuestionRow
from panel.blind.training.prose import Block, blocks
from panel.blind.training.quiz import Score, Tries, mark
from panel.blind.training.required import Required
from panel.kernel.errors import Missing
from panel.kernel.ids import CourseId, MarkerId


@dataclass(frozen=True)
class CourseCard:
    """A version of a course and where one marker is with it. `read`: pages read since she last completed it.

    `stands`: completing this version counts; it does not once a later one must be taken again, or if it is retired.
    `done`: what she completed that still counts, the latest to expire; of any version.
    """

    id: CourseId
    key: str
    version: int
    title: str
    summary: str
    minutes: int
    pass_percent: int
    validity_months: int
    asked: int
    online: bool
    latest: bool
    stands: bool
    pages: tuple[str, ...]
    read: frozenset[int]
    done: Completed | None
    required: Required
    tries: Tries

    @property
    def completed_on(self) -> date | None:
        return self.done.completed_on if self.done else None

    @property
    def expires_on(self) -> date | None:
        return self.done.expires_on if self.done else None

    @property
    def all_read(self) -> bool:
        return len(self.read) == len(self.pages)

    @property
    def next_page(self) -> int:
        """The first page not read yet; the first page once all are."""
        return next((n for n in range(1, len(self.pages) + 1) if n not in self.read), 1)

    def current(self, on: date) -> bool:
        """Whether it is complete and has not expired."""
        return self.required.current(on)


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


def stands(db: Session, course: CourseId) -> bool:
    """Whether completing this version counts, as its card says. Raises Missing."""
    row = db.get(CourseRow, course)
    if row is None:
        raise Missing
    return _stands(row, _floors(db))


def lesson(db: Session, course: CourseId, position: int) -> Lesson:
    """One page. Raises Missing."""
    row = db.get(CoursePageRow, (course, position))
    if row is None:
        raise Missing
    return Lesson(position, row.title, blocks(row.text))


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
    """The bank of a course in the order it was written, right options included."""
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
    standing = {each.key: each for each in required(db, (marker,))[marker]}
    done = [each for each in completions(db, (marker,)) if each.stands]
    attempts, floors = tries(db, (marker,), rows), _floors(db)
    return tuple(
        CourseCard(
            id=row.id,
            key=row.key,
            version=row.version,
            title=row.title,
            summary=row.summary,
            minutes=row.minutes,
            pass_percent=row.pass_percent,
            validity_months=row.validity_months,
            asked=row.asked,
            online=row.online,
            latest=row.current,
            stands=_stands(row, floors),
            pages=tuple(title for course, title in titles if course == row.id),
            read=frozenset(position for course, position in read if course == row.id),
            done=next((each for each in done if each.key == row.key), None),
            required=standing.get(row.key, Required(row.title, key=row.key, online=row.online)),
            tries=attempts.get((marker, row.id), Tries()),
        )
        for row in rows
    )


def _stands(row: CourseRow, floors: Mapping[str, int]) -> bool:
    return row.version >= floors.get(row.key, row.version + 1)


def _floors(db: Session) -> dict[str, int]:
    """By key: the lowest version that counts for a course that is required now."""
    query = select(CourseRow.key, CourseRow.counts_from).where(CourseRow.current).order_by(CourseRow.key)
    return dict(db.execute(query).all())
