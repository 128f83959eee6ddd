"""What happens in courses: versions are loaded, pages read, quizzes taken, completions recorded."""

import json
from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import course_queries
from panel.blind.training.course import Course
from panel.blind.training.models import (
    CompletionRow,
    CoursePageRow,
    CourseRow,
    PageReadRow,
    QuizAttemptRow,
    QuizQuestionRow,
)
from panel.blind.training.once import add_once
from panel.blind.training.quiz import Score, expiry, shuffled
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Refused, Stale
from panel.kernel.ids import SYSTEM, CourseId, MarkerId

_ROLE: Final = Role.MARKER


class PagesFirst(Refused):
    """The quiz opens when every page has been read."""

    sentence = "Read every page of the course before you take the quiz."


class QuizSent(Stale):
    """This attempt was sent before, perhaps in another tab."""

    sentence = "You have already sent these answers. See the result, or start the quiz again."


def load(db: Session, course: Course) -> CourseId:
    """Make this version of a course the current one. Completions of earlier versions count until they expire."""
    db.execute(
        update(CourseRow).where(CourseRow.key == course.key, CourseRow.digest != course.digest).values(current=False)
    )
    known = select(CourseRow).where(CourseRow.digest == course.digest)
    row = db.scalars(known).one_or_none()
    if row is None:
        try:
            with db.begin_nested():
                return _insert(db, course)
        except IntegrityError:
            # another process that started at the same moment has just loaded it
            row = db.scalars(known).one()
    row.current = True
    db.flush()
    return row.id


def read_page(db: Session, marker: MarkerId, course: CourseId, position: int) -> None:
    """She has read a page; reading it twice changes nothing. Raises Missing."""
    course_queries.lesson(db, course, position)
    add_once(db, PageReadRow, {"marker": marker, "course": course, "position": position})


def start_quiz(db: Session, marker: MarkerId, course: CourseId) -> None:
    """Begin an attempt in a freshly drawn order; one already begun goes on. Raises Missing, PagesFirst."""
    if not course_queries.card(db, marker, course).all_read:
        raise PagesFirst
    if course_queries.open_attempt(db, marker, course):
        return
    last = course_queries.last_attempt(db, marker, course)
    order = shuffled(len(course_queries.questions(db, course)))
    key = {"marker": marker, "course": course, "attempt": last.number + 1 if last else 1}
    add_once(db, QuizAttemptRow, key, asked=json.dumps(order))


def take_quiz(db: Session, marker: MarkerId, course: CourseId, attempt: int, chosen: Sequence[int]) -> Score:
    """Send the answers of attempt number `attempt`: places of the chosen options, in the order asked.

    Passing completes the course. Raises QuizSent if it is not the attempt now open, Invalid if an answer is lacking.
    """
    now_open = course_queries.open_attempt(db, marker, course)
    if now_open is None or now_open.number != attempt:
        raise QuizSent
    if len(chosen) != len(now_open.questions):
        raise Invalid("Answer every question.")
    _send(db, marker, course, attempt, chosen)
    sent = course_queries.last_attempt(db, marker, course)
    assert sent is not None  # noqa: S101 - it was sent by the line above
    if sent.score.passed:
        complete(db, marker, course)
    return sent.score


def complete(db: Session, marker: MarkerId, course: CourseId) -> None:
    """Record that she completed the course today; her pages are unread again for the next time. Raises Missing."""
    months = course_queries.card(db, marker, course).validity_months
    key = {"marker": marker, "course": course, "completed_on": today()}
    expires_on = expiry(today(), months)
    db.execute(delete(PageReadRow).where(PageReadRow.marker == marker, PageReadRow.course == course))
    if add_once(db, CompletionRow, key, expires_on=expires_on):
        facts = {"course": str(course), "expires_on": expires_on.isoformat()}
        append(db, SYSTEM, "training.completed", marker, _ROLE, facts)


def _send(db: Session, marker: MarkerId, course: CourseId, attempt: int, chosen: Sequence[int]) -> None:
    sent = db.execute(
        update(QuizAttemptRow)
        .where(
            QuizAttemptRow.marker == marker,
            QuizAttemptRow.course == course,
            QuizAttemptRow.attempt == attempt,
            QuizAttemptRow.chosen.is_(None),
        )
        .values(chosen=json.dumps(list(chosen)), taken_on=today())
    )
    assert isinstance(sent, CursorResult)  # noqa: S101 - what an UPDATE returns; tells mypy
    if sent.rowcount != 1:
        raise QuizSent
    db.expire_all()


def _insert(db: Session, course: Course) -> CourseId:
    row = CourseRow(
        id=CourseId.new(),
        key=course.key,
        title=course.title,
        summary=course.summary,
        position=course.position,
        minutes=course.minutes,
        pass_percent=course.pass_percent,
        validity_months=course.validity_months,
        digest=course.digest,
        current=True,
    )
    db.add(row)
    db.flush()
    _insert_pages(db, row.id, course)
    _insert_questions(db, row.id, course)
    db.flush()
    return row.id


def _insert_pages(db: Session, course_id: CourseId, course: Course) -> None:
    for position, page in enumerate(course.pages, start=1):
        blocks = json.dumps([block.to_json() for block in page.blocks], ensure_ascii=False)
        db.add(CoursePageRow(course=course_id, position=position, title=page.title, blocks=blocks))


def _insert_questions(db: Session, course_id: CourseId, course: Course) -> None:
    for position, question in enumerate(course.questions, start=1):
        db.add(
            QuizQuestionRow(
                course=course_id,
                position=position,
                text=question.text,
                options=json.dumps(question.options, ensure_ascii=False),
                right_option=question.right,
                explanation=question.explanation,
            )
        )
