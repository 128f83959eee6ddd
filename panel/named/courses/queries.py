"""Courses as HR sees them: what is published, what is retired, what is being written."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.training import edition_queries
from panel.blind.training.course import Course
from panel.blind.training.edition_queries import Edition
from panel.kernel.errors import Missing
from panel.named.courses.drafting import from_json
from panel.named.courses.models import CourseDraftRow


@dataclass(frozen=True)
class Draft:
    """A course being written. `version` counts its changes, so that nobody overwrites another's."""

    course: Course
    version: int


@dataclass(frozen=True)
class Listed:
    """One course: its latest version, None if none is published yet, and whether a draft of it is begun."""

    key: str
    title: str
    edition: Edition | None
    drafted: bool


def listed(db: Session) -> tuple[Listed, ...]:
    """Every course, in the order in which they are taken; those never published last."""
    drafts = {draft.course.key: draft.course for draft in drafts_held(db)}
    editions = edition_queries.latest(db)
    published = {each.key for each in editions}
    new = sorted((course for key, course in drafts.items() if key not in published), key=lambda each: each.title)
    return (
        *(Listed(each.key, each.title, each, each.key in drafts) for each in editions),
        *(Listed(course.key, course.title, None, drafted=True) for course in new),
    )


def one(db: Session, key: str) -> Listed:
    """One course. Raises Missing."""
    found = next((each for each in listed(db) if each.key == key), None)
    if found is None:
        raise Missing
    return found


def drafts_held(db: Session) -> tuple[Draft, ...]:
    """Every draft, by key."""
    rows = db.scalars(select(CourseDraftRow).order_by(CourseDraftRow.key))
    return tuple(Draft(from_json(json.loads(row.body)), row.version) for row in rows)


def draft(db: Session, key: str) -> Draft:
    """One draft. Raises Missing."""
    row = db.get(CourseDraftRow, key)
    if row is None:
        raise Missing
    return Draft(from_json(json.loads(row.body)), row.version)
