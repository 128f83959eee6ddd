"""Drafts of courses in the tables of both databases, and two people at one draft."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from panel.blind.training import edition_queries, publishing
from panel.blind.training.course import Course
from panel.blind.training.course_toml import shipped, write
from panel.kernel.ids import MarkerId
from panel.named.courses import queries, service

HR = MarkerId(b"h" * 16)
KEY = shipped()[0].key


def longer(course: Course) -> Course:
    return replace(course, minutes=course.minutes + 1)


def test_draft_follows_the_version_and_becomes_the_next(db: Session) -> None:
    publishing.load_shipped(db)
    service.take_up(db, KEY)
    service.take_up(db, KEY)
    service.change(db, KEY, 1, longer)
    with pytest.raises(service.DraftChanged):
        service.change(db, KEY, 1, longer)
    with pytest.raises(service.DraftChanged):
        service.publish(db, KEY, 1, HR, retake=False)
    with pytest.raises(service.DraftThere):
        service.load(db, write(shipped()[0]))
    service.publish(db, KEY, 2, HR, retake=True)
    assert queries.drafts_held(db) == ()
    newest = edition_queries.editions(db, KEY)[0]
    assert (newest.version, newest.retake, newest.ours) == (2, True, True)
    assert edition_queries.content(db, newest.id) == longer(shipped()[0])


def test_two_courses_of_one_title_have_two_keys(db: Session) -> None:
    assert [service.begin(db, "Fair & square!") for _ in range(2)] == ["fair-square", "fair-square-2"]
