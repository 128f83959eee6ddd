"""HR writes a course: a draft is begun, changed, loaded, thrown away, and published as a new version."""

import json
from collections.abc import Callable
from itertools import count

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.blind.training import course_toml, edition_queries, publishing
from panel.blind.training.course import Course
from panel.blind.training.course_data import LENGTHS
from panel.board.policy import slug
from panel.kernel.errors import Invalid, Missing, Stale
from panel.kernel.ids import CourseId, MarkerId
from panel.named.courses import drafting, queries
from panel.named.courses.models import CourseDraftRow


class DraftChanged(Stale):
    """Somebody else changed the draft since the page was opened."""

    sentence = "Somebody changed this draft since you opened the page. Look at it again, then repeat your change."


class DraftThere(Invalid):
    """A course has one draft at a time."""

    sentence = "There is a draft of the course with this key already. Publish it or throw it away first."


def begin(db: Session, title: str) -> str:
    """Begin a new course; returns its key, made from the title and like no other."""
    taken = {each.key for each in queries.listed(db)}
    plain = slug(title)[: LENGTHS["key"] - 4].strip("-") or "course"
    key = next(each for n in count(1) if (each := plain if n == 1 else f"{plain}-{n}") not in taken)
    last = max((each.position for each in edition_queries.latest(db)), default=0)
    _keep(db, drafting.blank(key, title, last + 1))
    return key


def take_up(db: Session, key: str) -> None:
    """Begin a draft from the latest version; one begun before goes on. Raises Missing."""
    if any(each.course.key == key for each in queries.drafts_held(db)):
        return
    found = edition_queries.editions(db, key)
    if not found:
        raise Missing
    _keep(db, drafting.from_edition(edition_queries.content(db, found[0].id)))


def load(db: Session, text: str) -> Course:
    """Keep a course from a file as a draft. Raises CourseInvalid, DraftThere."""
    course = course_toml.read(text)
    _keep(db, course)
    return course


def change(db: Session, key: str, version: int, changed: Callable[[Course], Course]) -> None:
    """Change the draft that was read at `version`. Raises Missing, DraftChanged."""
    held = queries.draft(db, key)
    done = db.execute(
        update(CourseDraftRow)
        .where(CourseDraftRow.key == key, CourseDraftRow.version == version)
        .values(body=_body(changed(held.course)), version=version + 1)
    )
    assert isinstance(done, CursorResult)  # noqa: S101 - what an UPDATE returns; tells mypy
    if held.version != version or done.rowcount != 1:
        raise DraftChanged
    db.expire_all()


def discard(db: Session, key: str, version: int) -> None:
    """Throw the draft away as it was read at `version`; published versions stay. Raises DraftChanged."""
    gone = db.execute(delete(CourseDraftRow).where(CourseDraftRow.key == key, CourseDraftRow.version == version))
    assert isinstance(gone, CursorResult)  # noqa: S101 - what a DELETE returns; tells mypy
    if gone.rowcount != 1:
        raise DraftChanged
    db.expire_all()


def publish(db: Session, key: str, version: int, actor: MarkerId, *, retake: bool) -> CourseId:
    """Publish the draft that was read at `version`, and end it.

    Raises Missing, DraftChanged, and what `publishing.publish` raises.
    """
    course = queries.draft(db, key).course
    discard(db, key, version)
    return publishing.publish(db, course, actor, retake=retake)


def _keep(db: Session, course: Course) -> None:
    try:
        with db.begin_nested():
            db.execute(insert(CourseDraftRow).values(key=course.key, version=1, body=_body(course)))
    except IntegrityError as error:
        raise DraftThere from error


def _body(course: Course) -> str:
    return json.dumps(course.to_json(), ensure_ascii=False)
