"""A course is published as a new version, is required of panel members or no longer; what comes with the system too."""

import json
from typing import Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import edition_queries
from panel.blind.training.course import Course
from panel.blind.training.course_toml import shipped
from panel.blind.training.edition_queries import Edition
from panel.blind.training.models import CoursePageRow, CourseRow, QuizQuestionRow
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid, Missing, Stale
from panel.kernel.ids import SYSTEM, CourseId, MarkerId

_ROLE: Final = Role.HR


class Unfinished(Invalid):
    """Something must be written first; `details` say what."""

    sentence = "The course is not finished."


class NothingNew(Invalid):
    """The very same text is the version that is required now."""

    sentence = "Nothing has changed since the version that panel members take now."


class PublishedMeanwhile(Stale):
    """Somebody else published a version of this course at the same moment."""

    sentence = "Somebody else has just published a version of this course. Look at it, then publish yours again."


def publish(db: Session, course: Course, author: MarkerId | None, *, retake: bool = False) -> CourseId:
    """Make the course the version that panel members must have, and log it under its author.

    `retake`: whoever completed an earlier version must take this one; otherwise that counts until it expires.
    Raises Unfinished, NothingNew, PublishedMeanwhile.
    """
    if course.lacking:
        raise Unfinished(details=course.lacking)
    course = course.settled
    before = edition_queries.editions(db, course.key)
    if before and before[0].current and before[0].digest == course.digest:
        raise NothingNew
    try:
        with db.begin_nested():
            row = _insert(db, course, author, before[0] if before else None, retake=retake)
    except IntegrityError as error:
        raise PublishedMeanwhile from error
    _only_current(db, course.key, row)
    if author is not None:
        facts: dict[str, Json] = {
            "course": str(row.id),
            "key": course.key,
            "version": row.version,
            "digest": course.digest.hex(),
            "retake": row.counts_from == row.version > 1,
        }
        append(db, SYSTEM, "course.published", author, _ROLE, facts)
    return row.id


def retire(db: Session, key: str, author: MarkerId) -> None:
    """The course is no longer required or shown; what was completed stays on record. Raises Missing."""
    _latest(db, key)
    db.execute(update(CourseRow).where(CourseRow.key == key).values(current=False))
    append(db, SYSTEM, "course.retired", author, _ROLE, {"key": key})


def restore(db: Session, key: str, author: MarkerId) -> None:
    """The latest version is required again. Raises Missing."""
    last = _latest(db, key)
    db.execute(update(CourseRow).where(CourseRow.id == last.id).values(current=True))
    append(db, SYSTEM, "course.restored", author, _ROLE, {"key": key})


def load_shipped(db: Session) -> None:
    """Publish the courses that come with the system, where they are new here or have changed.

    A course that somebody here has published or retired stays as they want it.
    """
    for course in shipped():
        known = edition_queries.editions(db, course.key)
        if not known or (known[0].current and not known[0].ours and known[0].digest != course.digest):
            _publish_shipped(db, course)


def _publish_shipped(db: Session, course: Course) -> None:
    try:
        publish(db, course, None)
    except PublishedMeanwhile:
        return  # another process that started at the same moment has just loaded it


def _latest(db: Session, key: str) -> Edition:
    found = edition_queries.editions(db, key)
    if not found:
        raise Missing
    return found[0]


def _only_current(db: Session, key: str, row: CourseRow) -> None:
    db.execute(update(CourseRow).where(CourseRow.key == key, CourseRow.id != row.id).values(current=False))
    db.expire_all()


def _insert(db: Session, course: Course, author: MarkerId | None, last: Edition | None, *, retake: bool) -> CourseRow:
    version = last.version + 1 if last else 1
    row = CourseRow(
        id=CourseId.new(),
        key=course.key,
        version=version,
        counts_from=last.counts_from if last and not retake else version,
        published_on=today(),
        author=author,
        title=course.title,
        summary=course.summary,
        position=course.position,
        minutes=course.minutes,
        pass_percent=course.pass_percent,
        validity_months=course.validity_months,
        asked=course.asked,
        attempts=course.attempts,
        online=course.online,
        digest=course.digest,
        current=True,
    )
    db.add(row)
    db.flush()
    _insert_parts(db, row.id, course)
    db.flush()
    return row


def _insert_parts(db: Session, course_id: CourseId, course: Course) -> None:
    for position, page in enumerate(course.pages, start=1):
        db.add(CoursePageRow(course=course_id, position=position, title=page.title, text=page.text))
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
