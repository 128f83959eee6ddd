"""What happens in courses: pages are read, quizzes taken, completions recorded, further attempts given."""

import json
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import course_queries
from panel.blind.training.models import CompletionRow, FurtherAttemptRow, PageReadRow, QuizAttemptRow
from panel.blind.training.once import add_once
from panel.blind.training.quiz import Score, drawn, expiry, mark
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid, Refused, Stale
from panel.kernel.ids import SYSTEM, CertificateCode, CourseId, MarkerId

_ROLE: Final = Role.MARKER


class Way(StrEnum):
    """How a course was completed: by its quiz, or face to face."""

    ONLINE = "online"
    TAUGHT = "taught"


class PagesFirst(Refused):
    """The quiz opens when every page has been read."""

    sentence = "Read every page of the course before you take the quiz."


class QuizSent(Stale):
    """This attempt was sent before, perhaps in another tab."""

    sentence = "You have already sent these answers. See the result, or start the quiz again."


class Replaced(Refused):
    """A later version must be taken, or the course is no longer required: completing this one would be for nothing."""

    sentence = "This version of the course no longer counts. Open your training to see what does."


class NoAttemptsLeft(Refused):
    """The course limits how often its quiz may be taken; HR gives another attempt."""

    sentence = "You have no attempts left at this quiz. Ask HR for another one."


class NoAttemptNeeded(Refused):
    """She has attempts left, has been given one, or the course does not limit them."""

    sentence = "This panel member can take the quiz already."


def read_page(db: Session, marker: MarkerId, course: CourseId, position: int) -> None:
    """She has read a page; reading it twice changes nothing. Raises Missing, Replaced."""
    _demand_standing(db, course)
    course_queries.lesson(db, course, position)
    add_once(db, PageReadRow, {"marker": marker, "course": course, "position": position})


def start_quiz(db: Session, marker: MarkerId, course: CourseId) -> None:
    """Begin an attempt with questions freshly drawn from the bank; one already begun goes on.

    Raises Missing, Replaced, PagesFirst, NoAttemptsLeft.
    """
    _demand_standing(db, course)
    card = course_queries.card(db, marker, course)
    if not (card.online and card.all_read):
        raise PagesFirst
    if course_queries.open_attempt(db, marker, course):
        return
    if not card.tries.left:
        raise NoAttemptsLeft
    last = course_queries.last_attempt(db, marker, course)
    order = drawn(len(course_queries.questions(db, course)), card.asked)
    key = {"marker": marker, "course": course, "attempt": last.number + 1 if last else 1}
    add_once(db, QuizAttemptRow, key, asked=json.dumps(order))


def take_quiz(db: Session, marker: MarkerId, course: CourseId, attempt: int, chosen: Sequence[int]) -> Score:
    """Send the answers of attempt number `attempt`: places of the chosen options, in the order asked.

    Passing completes the course. Raises Missing, Replaced, QuizSent if it is not the attempt now open, Invalid if an
    answer is lacking.
    """
    _demand_standing(db, course)
    now_open = course_queries.open_attempt(db, marker, course)
    if now_open is None or now_open.number != attempt:
        raise QuizSent
    if len(chosen) != len(now_open.questions):
        raise Invalid("Answer every question.")
    score = mark([question.right for question in now_open.questions], chosen, now_open.pass_percent)
    _send(db, marker, course, attempt, chosen, passed=score.passed)
    if score.passed:
        complete(db, marker, course)
    return score


def complete(db: Session, marker: MarkerId, course: CourseId) -> None:
    """Record that she completed the course today; her pages are unread again for the next time. Raises Missing."""
    db.execute(delete(PageReadRow).where(PageReadRow.marker == marker, PageReadRow.course == course))
    expires_on = keep(db, marker, course, today(), Way.ONLINE)
    if expires_on is not None:
        facts = {"course": str(course), "expires_on": expires_on.isoformat()}
        append(db, SYSTEM, "training.completed", marker, _ROLE, facts)


def keep(db: Session, marker: MarkerId, course: CourseId, completed_on: date, way: Way) -> date | None:
    """Keep a completion, with a certificate; until when it counts, or None if it was kept before. Raises Missing."""
    expires_on = expiry(completed_on, course_queries.card(db, marker, course).validity_months)
    key = {"marker": marker, "course": course, "completed_on": completed_on, "way": way.value}
    kept = add_once(db, CompletionRow, key, expires_on=expires_on, certificate=CertificateCode.new())
    return expires_on if kept else None


def drop_taught(db: Session, marker: MarkerId, course: CourseId, completed_on: date) -> None:
    """A completion face to face was recorded in error: it counts for nothing, and its certificate is none."""
    db.execute(
        delete(CompletionRow).where(
            CompletionRow.marker == marker,
            CompletionRow.course == course,
            CompletionRow.completed_on == completed_on,
            CompletionRow.way == Way.TAUGHT.value,
        )
    )
    db.expire_all()


def give_attempt(db: Session, marker: MarkerId, course: CourseId, actor: MarkerId) -> None:
    """HR lets a marker who has no attempts left take the quiz once more, and it is logged.

    Raises Missing, NoAttemptNeeded.
    """
    tries = course_queries.card(db, marker, course).tries
    key = {"marker": marker, "course": course, "attempt": tries.next}
    if tries.left or not add_once(db, FurtherAttemptRow, key, given_on=today()):
        raise NoAttemptNeeded
    facts: dict[str, Json] = {"person": str(marker), "course": str(course), "attempt": tries.next}
    append(db, SYSTEM, "attempt.given", actor, Role.HR, facts)


def _demand_standing(db: Session, course: CourseId) -> None:
    if not course_queries.stands(db, course):
        raise Replaced


def _send(
    db: Session, marker: MarkerId, course: CourseId, attempt: int, chosen: Sequence[int], *, passed: bool
) -> None:
    sent = db.execute(
        update(QuizAttemptRow)
        .where(
            QuizAttemptRow.marker == marker,
            QuizAttemptRow.course == course,
            QuizAttemptRow.attempt == attempt,
            QuizAttemptRow.chosen.is_(None),
        )
        .values(chosen=json.dumps(list(chosen)), taken_on=today(), passed=passed)
    )
    assert isinstance(sent, CursorResult)  # noqa: S101 - what an UPDATE returns; tells mypy
    if sent.rowcount != 1:
        raise QuizSent
    db.expire_all()
