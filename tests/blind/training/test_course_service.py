"""Courses in the tables: loading versions, reading, quizzes, completions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.training import course_queries, course_service, edition_queries, publishing
from panel.blind.training.course_queries import CourseCard
from panel.blind.training.course_service import NoAttemptNeeded, NoAttemptsLeft, PagesFirst, QuizSent
from panel.blind.training.course_toml import shipped
from panel.kernel.clock import set_to
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import SYSTEM, CourseId, MarkerId

MARKER = MarkerId(b"m" * 16)
HR = MarkerId(b"h" * 16)


@pytest.fixture
def course(db: Session) -> CourseCard:
    publishing.load_shipped(db)
    return course_queries.cards(db, MARKER)[0]


def read_all(db: Session, course: CourseCard, marker: MarkerId = MARKER) -> None:
    for position in range(1, len(course.pages) + 1):
        course_service.read_page(db, marker, course.id, position)


def answers(db: Session, course: CourseCard, wrong: int = 0) -> tuple[int, list[int]]:
    attempt = course_queries.open_attempt(db, MARKER, course.id)
    assert attempt is not None
    chosen = [(question.right + (n < wrong)) % len(question.options) for n, question in enumerate(attempt.questions)]
    return attempt.number, chosen


def sit(db: Session, course: CourseCard, wrong: int = 0) -> bool:
    course_service.start_quiz(db, MARKER, course.id)
    return course_service.take_quiz(db, MARKER, course.id, *answers(db, course, wrong)).passed


def test_shipped_courses_come_back_word_for_word(db: Session, course: CourseCard) -> None:
    assert edition_queries.content(db, course.id) == shipped()[0]
    lessons = [course_queries.lesson(db, course.id, n) for n in range(1, len(course.pages) + 1)]
    assert [(lesson.title, lesson.blocks) for lesson in lessons] == [(p.title, p.blocks) for p in shipped()[0].pages]


def test_quiz_waits_until_every_page_is_read(db: Session, course: CourseCard) -> None:
    for position in range(1, len(course.pages)):
        course_service.read_page(db, MARKER, course.id, position)
    with pytest.raises(PagesFirst):
        course_service.start_quiz(db, MARKER, course.id)
    course_service.read_page(db, MARKER, course.id, len(course.pages))
    course_service.read_page(db, MARKER, course.id, len(course.pages))
    course_service.start_quiz(db, MARKER, course.id)
    assert course_queries.open_attempt(db, MARKER, course.id) is not None


def test_another_marker_reading_is_not_mine(db: Session, course: CourseCard) -> None:
    read_all(db, course, MarkerId(b"o" * 16))
    assert course_queries.card(db, MARKER, course.id).read == frozenset()


def test_page_that_does_not_exist_cannot_be_read(db: Session, course: CourseCard) -> None:
    with pytest.raises(Missing):
        course_service.read_page(db, MARKER, course.id, len(course.pages) + 1)
    with pytest.raises(Missing):
        course_service.start_quiz(db, MARKER, CourseId.new())


def test_failing_asks_again_and_passing_completes(db: Session, course: CourseCard) -> None:
    read_all(db, course)
    assert not sit(db, course, wrong=3)
    assert course_queries.card(db, MARKER, course.id).completed_on is None
    with set_to(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        assert sit(db, course, wrong=2)
    card = course_queries.card(db, MARKER, course.id)
    assert (card.completed_on, card.expires_on) == (date(2026, 11, 22), date(2027, 11, 22))
    assert card.read == frozenset()
    last = course_queries.last_attempt(db, MARKER, course.id)
    assert last is not None
    assert (last.number, last.score.right) == (2, 8)


def test_completion_is_in_the_system_log_once_and_says_nothing_else(db: Session, course: CourseCard) -> None:
    course_service.complete(db, MARKER, course.id)
    course_service.complete(db, MARKER, course.id)
    (entry,) = audit.entries(db, SYSTEM, "training.completed")
    assert entry.actor == MARKER
    assert set(entry.facts) == {"course", "expires_on"}


def test_renewal_counts_from_the_later_date(db: Session, course: CourseCard) -> None:
    for year in (2025, 2026):
        with set_to(datetime(year, 11, 22, 9, tzinfo=UTC)):
            course_service.complete(db, MARKER, course.id)
    card = course_queries.card(db, MARKER, course.id)
    assert (card.completed_on, card.expires_on) == (date(2026, 11, 22), date(2027, 11, 22))


def test_answers_sent_twice_count_once(db: Session, course: CourseCard) -> None:
    read_all(db, course)
    course_service.start_quiz(db, MARKER, course.id)
    number, chosen = answers(db, course, wrong=5)
    course_service.take_quiz(db, MARKER, course.id, number, chosen)
    with pytest.raises(QuizSent):
        course_service.take_quiz(db, MARKER, course.id, number, answers_right(db, course))
    assert course_queries.card(db, MARKER, course.id).completed_on is None


def test_starting_twice_goes_on_with_one_attempt(db: Session, course: CourseCard) -> None:
    read_all(db, course)
    course_service.start_quiz(db, MARKER, course.id)
    first = course_queries.open_attempt(db, MARKER, course.id)
    course_service.start_quiz(db, MARKER, course.id)
    assert course_queries.open_attempt(db, MARKER, course.id) == first


def test_unanswered_question_is_refused(db: Session, course: CourseCard) -> None:
    read_all(db, course)
    course_service.start_quiz(db, MARKER, course.id)
    number, chosen = answers(db, course)
    with pytest.raises(Invalid, match="every question"):
        course_service.take_quiz(db, MARKER, course.id, number, chosen[1:])


def answers_right(db: Session, course: CourseCard) -> list[int]:
    return [question.right for question in course_queries.asked(db, MARKER, course.id).questions]


def test_each_attempt_asks_its_own_part_of_the_bank(db: Session) -> None:
    course = published(db, asked=3)
    sit(db, course, wrong=3)
    first = course_queries.last_attempt(db, MARKER, course.id)
    assert first is not None
    assert len({question.position for question in first.questions}) == 3
    assert len(course_queries.questions(db, course.id)) == 10


def test_used_attempts_shut_the_quiz_until_hr_gives_another(db: Session) -> None:
    course = published(db, attempts=2)
    with pytest.raises(NoAttemptNeeded):
        course_service.give_attempt(db, MARKER, course.id, HR)
    assert not sit(db, course, wrong=10)
    assert not sit(db, course, wrong=10)
    with pytest.raises(NoAttemptsLeft):
        course_service.start_quiz(db, MARKER, course.id)
    course_service.give_attempt(db, MARKER, course.id, HR)
    with pytest.raises(NoAttemptNeeded):
        course_service.give_attempt(db, MARKER, course.id, HR)
    assert sit(db, course)
    (entry,) = audit.entries(db, SYSTEM, "attempt.given")
    assert (entry.actor, entry.facts["person"], entry.facts["attempt"]) == (HR, str(MARKER), 3)


def test_whoever_passed_begins_anew_when_it_is_time_again(db: Session) -> None:
    course = published(db, attempts=2)
    sit(db, course, wrong=10)
    assert sit(db, course)
    read_all(db, course)
    assert course_queries.card(db, MARKER, course.id).tries.remaining == 2
    assert not sit(db, course, wrong=10)


def published(db: Session, **changes: int) -> CourseCard:
    """The first course that is shipped as HR changed it, with every page read."""
    publishing.load_shipped(db)
    made = publishing.publish(db, replace(shipped()[0], **changes), HR)
    course = course_queries.card(db, MARKER, made)
    read_all(db, course)
    return course
