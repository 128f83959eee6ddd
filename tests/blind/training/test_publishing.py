"""Versions of a course: what a new one asks of those who completed an earlier one, and what comes with the system."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.training import completion_queries, course_queries, course_service, edition_queries, publishing
from panel.blind.training.course_queries import CourseCard
from panel.blind.training.course_service import Replaced
from panel.blind.training.course_toml import shipped
from panel.blind.training.publishing import NothingNew, Unfinished
from panel.kernel.clock import set_to, today
from panel.kernel.ids import SYSTEM, MarkerId

MARKER = MarkerId(b"m" * 16)
HR = MarkerId(b"h" * 16)
FIRST = shipped()[0]


@pytest.fixture
def course(db: Session) -> CourseCard:
    publishing.load_shipped(db)
    return first(db)


def first(db: Session) -> CourseCard:
    return course_queries.cards(db, MARKER)[0]


def test_loading_again_changes_nothing(db: Session, course: CourseCard) -> None:
    publishing.load_shipped(db)
    assert first(db).id == course.id
    assert len(edition_queries.latest(db)) == len(shipped())
    assert len(audit.entries(db, SYSTEM, "course.published")) == 0


def test_new_version_counts_what_was_completed_unless_it_must_be_taken_again(db: Session, course: CourseCard) -> None:
    course_service.complete(db, MARKER, course.id)
    kind = publishing.publish(db, replace(FIRST, summary="Rewritten."), HR)
    assert (first(db).id, first(db).version, first(db).current(today())) == (kind, 2, True)
    strict = publishing.publish(db, replace(FIRST, summary="Rewritten again."), HR, retake=True)
    assert (first(db).id, first(db).current(today()), first(db).done) == (strict, False, None)
    assert first(db).required.replaced(today())
    course_service.complete(db, MARKER, strict)
    publishing.publish(db, replace(FIRST, summary="And again."), HR)
    assert first(db).current(today())


def test_completing_a_version_that_no_longer_counts_is_refused(db: Session, course: CourseCard) -> None:
    for position in range(1, len(course.pages) + 1):
        course_service.read_page(db, MARKER, course.id, position)
    course_service.start_quiz(db, MARKER, course.id)
    attempt = course_queries.asked(db, MARKER, course.id)
    publishing.publish(db, replace(FIRST, summary="Kind."), HR)
    course_service.read_page(db, MARKER, course.id, 1)
    publishing.publish(db, replace(FIRST, summary="Strict."), HR, retake=True)
    right = [question.right for question in attempt.questions]
    with pytest.raises(Replaced):
        course_service.take_quiz(db, MARKER, course.id, attempt.number, right)
    with pytest.raises(Replaced):
        course_service.read_page(db, MARKER, course.id, 1)


def test_publication_is_logged_with_what_it_asks(db: Session, course: CourseCard) -> None:
    course_id = publishing.publish(db, replace(FIRST, minutes=50), HR, retake=True)
    (entry,) = audit.entries(db, SYSTEM, "course.published")
    assert entry.actor == HR
    assert set(entry.facts) == {"course", "key", "version", "digest", "retake"}
    assert (entry.facts["course"], entry.facts["version"], entry.facts["retake"]) == (str(course_id), 2, True)
    assert entry.facts["digest"] == replace(FIRST, minutes=50).digest.hex()


def test_unfinished_or_unchanged_course_is_not_published(db: Session, course: CourseCard) -> None:
    with pytest.raises(Unfinished):
        publishing.publish(db, replace(FIRST, pages=()), HR)
    with pytest.raises(NothingNew):
        publishing.publish(db, FIRST, HR)
    assert first(db).id == course.id


def test_next_start_leaves_what_hr_published_or_ended(db: Session, course: CourseCard) -> None:
    own = publishing.publish(db, replace(FIRST, summary="Ours."), HR)
    publishing.retire(db, shipped()[1].key, HR)
    publishing.load_shipped(db)
    assert [card.id for card in course_queries.cards(db, MARKER)] == [own]


def test_ended_course_is_no_longer_required_and_can_be_required_again(db: Session, course: CourseCard) -> None:
    course_service.complete(db, MARKER, course.id)
    publishing.retire(db, course.key, HR)
    assert course.key not in {each.key for each in completion_queries.required(db, (MARKER,))[MARKER]}
    with pytest.raises(Replaced):
        course_service.read_page(db, MARKER, course.id, 1)
    publishing.restore(db, course.key, HR)
    assert first(db).current(today())
    assert [len(audit.entries(db, SYSTEM, f"course.{kind}")) for kind in ("retired", "restored")] == [1, 1]


def test_changed_course_that_came_with_the_system_becomes_its_next_version(
    db: Session, course: CourseCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_service.complete(db, MARKER, course.id)
    monkeypatch.setattr(publishing, "shipped", lambda: (replace(FIRST, minutes=41),))
    publishing.load_shipped(db)
    assert (first(db).version, first(db).minutes, first(db).current(today())) == (2, 41, True)


def test_every_completion_has_a_certificate_of_its_own(db: Session, course: CourseCard) -> None:
    with set_to(datetime(2025, 3, 1, 9, tzinfo=UTC)):
        course_service.complete(db, MARKER, course.id)
    course_service.complete(db, MARKER, course.id)
    done = completion_queries.completions(db, (MARKER,))
    assert len({each.certificate for each in done}) == 2
    old = completion_queries.certified(db, done[1].certificate)
    assert (old.completed_on, old.counts(today()), old.stands) == (date(2025, 3, 1), False, True)
