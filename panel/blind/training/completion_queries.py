"""Who has completed which course, whether it counts, and who has attempts left; for any number of people at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.training.models import CompletionRow, CourseRow, FurtherAttemptRow, QuizAttemptRow
from panel.blind.training.quiz import Tries
from panel.blind.training.required import Required
from panel.kernel.errors import Missing
from panel.kernel.ids import CertificateCode, CourseId, MarkerId


@dataclass(frozen=True)
class Completed:
    """One completion. `stands`: the version still counts, whatever the date. `taught`: face to face, as HR recorded."""

    marker: MarkerId
    course: CourseId
    key: str
    title: str
    version: int
    completed_on: date
    expires_on: date
    taught: bool
    certificate: CertificateCode
    stands: bool

    def counts(self, on: date) -> bool:
        """Whether it counts on that day."""
        return self.stands and on <= self.expires_on


def required(db: Session, people: Iterable[MarkerId]) -> dict[MarkerId, tuple[Required, ...]]:
    """Every current course, in the order in which they are taken, and how each person stands with it."""
    wanted = tuple(people)
    rows = tuple(
        db.scalars(select(CourseRow).where(CourseRow.current).order_by(CourseRow.position, CourseRow.key)).all()
    )
    found: dict[tuple[MarkerId, str], list[Completed]] = defaultdict(list)
    for each in completions(db, wanted):
        found[each.marker, each.key].append(each)
    attempts = tries(db, wanted, rows)
    return {
        person: tuple(_required(row, found[person, row.key], attempts.get((person, row.id))) for row in rows)
        for person in wanted
    }


def completions(db: Session, people: Iterable[MarkerId]) -> tuple[Completed, ...]:
    """Every completion of these people, by person and course, the latest to expire first."""
    query = (
        select(CompletionRow, CourseRow)
        .join(CourseRow, CourseRow.id == CompletionRow.course)
        .where(CompletionRow.marker.in_(list(people)))
        .order_by(CompletionRow.marker, CourseRow.key, CompletionRow.expires_on.desc(), CompletionRow.certificate)
    )
    floors = _floors(db)
    return tuple(_completed(row, course, floors[course.key]) for row, course in db.execute(query))


def everybody(db: Session) -> frozenset[MarkerId]:
    """Everyone who ever completed a course."""
    return frozenset(db.scalars(select(CompletionRow.marker).distinct().order_by(CompletionRow.marker)))


def certified(db: Session, code: CertificateCode) -> Completed:
    """The completion that a certificate is of. Raises Missing."""
    query = select(CompletionRow.marker).where(CompletionRow.certificate == code)
    marker = db.scalars(query).one_or_none()
    if marker is None:
        raise Missing
    return next(each for each in completions(db, (marker,)) if each.certificate == code)


def tries(
    db: Session, people: Iterable[MarkerId], courses: Iterable[CourseRow]
) -> Mapping[tuple[MarkerId, CourseId], Tries]:
    """The attempts of these people at those of the courses that limit them."""
    limits = {row.id: row.attempts for row in courses if row.attempts}
    if not limits:
        return {}
    wanted = list(people)
    sent: dict[tuple[MarkerId, CourseId], list[bool | None]] = defaultdict(list)
    for attempt in db.scalars(
        select(QuizAttemptRow)
        .where(QuizAttemptRow.marker.in_(wanted), QuizAttemptRow.course.in_(limits))
        .order_by(QuizAttemptRow.marker, QuizAttemptRow.course, QuizAttemptRow.attempt)
    ):
        sent[attempt.marker, attempt.course].append(attempt.passed)
    given: dict[tuple[MarkerId, CourseId], set[int]] = defaultdict(set)
    for further in db.scalars(
        select(FurtherAttemptRow)
        .where(FurtherAttemptRow.marker.in_(wanted), FurtherAttemptRow.course.in_(limits))
        .order_by(FurtherAttemptRow.marker, FurtherAttemptRow.course, FurtherAttemptRow.attempt)
    ):
        given[further.marker, further.course].add(further.attempt)
    return {
        (person, course): Tries(tuple(sent[person, course]), limit, frozenset(given[person, course]))
        for person in wanted
        for course, limit in limits.items()
    }


def _floors(db: Session) -> dict[str, int]:
    """By key of a course: the lowest version that counts, as its latest version says."""
    query = select(CourseRow.key, CourseRow.counts_from).order_by(CourseRow.key, CourseRow.version)
    return dict(db.execute(query).all())


def _required(row: CourseRow, done: list[Completed], attempts: Tries | None) -> Required:
    used_up = attempts.used if attempts is not None and not attempts.left else None
    return Required(
        row.title,
        max((each.expires_on for each in done if each.stands), default=None),
        row.key,
        row.online,
        max((each.expires_on for each in done if not each.stands), default=None),
        used_up,
    )


def _completed(row: CompletionRow, course: CourseRow, floor: int) -> Completed:
    return Completed(
        marker=row.marker,
        course=course.id,
        key=course.key,
        title=course.title,
        version=course.version,
        completed_on=row.completed_on,
        expires_on=row.expires_on,
        taught=row.way == "taught",
        certificate=row.certificate,
        stands=course.version >= floor,
    )
