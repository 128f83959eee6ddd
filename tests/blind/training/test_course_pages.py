"""Courses as people meet them: reading, the quiz, its result, the certificate, and who may not see any of it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from panel.blind.training import course_queries
from panel.blind.training.course_queries import CourseCard
from panel.kernel.database import Database
from panel.kernel.ids import CourseId, MarkerId
from tests.blind.training.conftest import Browser, Panel, Seat

SignIn = Callable[[Seat], Browser]


@pytest.fixture
def engine_kind() -> str:
    """The verbs behind these pages run on both databases; the pages themselves are walked on one."""
    return "sqlite"


@pytest.fixture
def marker(panel: Panel, sign_in: SignIn) -> Browser:
    return sign_in(panel.markers[0])


@pytest.fixture
def course(database: Database, panel: Panel) -> CourseCard:
    with database.reading("blind") as db:
        return course_queries.cards(db, panel.markers[0].marker)[0]


def address(course: CourseCard, rest: str = "") -> str:
    return f"/panel/training/{course.id}{rest}"


def read_all(browser: Browser, course: CourseCard) -> None:
    for number in range(1, len(course.pages) + 1):
        assert browser.post(address(course, f"/page/{number}")).status_code == 303


def right_answers(db: Session, marker: MarkerId, course: CourseId) -> dict[str, str]:
    attempt = course_queries.asked(db, marker, course)
    return {f"question{n}": str(question.right) for n, question in enumerate(attempt.questions, start=1)}


def answers(database: Database, panel: Panel, course: CourseCard) -> dict[str, str]:
    with database.reading("blind") as db:
        return right_answers(db, panel.markers[0].marker, course.id)


def test_home_lists_what_is_missing_in_order(marker: Browser, panel: Panel) -> None:
    page = marker.get("/panel/training").text
    steps = ["Complete the course ‘Unconscious", "Complete the course ‘Assessing", "Come back for practice marking"]
    assert [page.index(step) for step in steps] == sorted(page.index(step) for step in steps)
    assert "Your panel code for this board is" in page


def test_chair_may_take_courses_and_finds_her_boards(panel: Panel, sign_in: SignIn, course: CourseCard) -> None:
    chair = sign_in(panel.chair)
    assert f"/panel/{panel.board}/practice/scripts" in chair.get("/panel/training").text
    assert chair.get(address(course)).status_code == 200


@pytest.mark.parametrize("rest", ["", "/page/1", "/quiz", "/quiz/result", "/certificate"])
def test_someone_on_no_panel_finds_no_courses(panel: Panel, sign_in: SignIn, course: CourseCard, rest: str) -> None:
    outsider = sign_in(panel.outsider)
    assert outsider.get("/panel/training").status_code == 404
    assert outsider.get(address(course, rest)).status_code == 404


def test_nobody_signed_in_is_led_to_sign_in(panel: Panel, app, course: CourseCard) -> None:  # type: ignore[no-untyped-def]
    response = app.test_client().get(address(course))
    assert (response.status_code, response.location.split("?")[0]) == (302, "/sign-in")


def test_reading_a_page_by_looking_at_it_records_nothing(marker: Browser, course: CourseCard) -> None:
    marker.get(address(course, "/page/1"))
    assert f"You have read 0 of {len(course.pages)} pages" in marker.get(address(course)).text


@pytest.mark.parametrize("page", ["0", "99", "one", "1-2", "9" * 30])
def test_page_that_is_not_there_is_not_found(marker: Browser, course: CourseCard, page: str) -> None:
    assert marker.get(address(course, f"/page/{page}")).status_code == 404
    assert marker.post(address(course, f"/page/{page}")).status_code == 404


def test_course_is_read_page_by_page_and_then_offers_the_quiz(marker: Browser, course: CourseCard) -> None:
    assert "The quiz opens when you have read every page." in marker.get(address(course)).text
    assert marker.post(address(course, "/quiz/start")).status_code == 409
    first = marker.post(address(course, "/page/1"))
    assert first.location == address(course, "/page/2")
    read_all(marker, course)
    assert "Start the quiz" in marker.get(address(course)).text


def test_quiz_says_which_question_has_no_answer(marker: Browser, course: CourseCard) -> None:
    read_all(marker, course)
    marker.post(address(course, "/quiz/start"))
    response = marker.post(address(course, "/quiz"), attempt="1", question1="0", question2="9")
    assert response.status_code == 422
    assert "Select an answer to question 2" in response.text
    assert "Select an answer to question 3" in response.text
    assert re.search(r'name="question1" type="radio" value="0" checked', response.text)


def test_quiz_does_not_give_its_answers_away(marker: Browser, database: Database, course: CourseCard) -> None:
    read_all(marker, course)
    marker.post(address(course, "/quiz/start"))
    page = marker.get(address(course, "/quiz")).text
    with database.reading("blind") as db:
        explanations = [question.explanation for question in course_queries.questions(db, course.id)]
    assert not [explanation for explanation in explanations if explanation[:40] in page]


def test_passing_shows_result_certificate_and_expiry(
    marker: Browser, panel: Panel, database: Database, course: CourseCard
) -> None:
    read_all(marker, course)
    marker.post(address(course, "/quiz/start"))
    sent = marker.post(address(course, "/quiz"), attempt="1", **answers(database, panel, course))
    assert sent.location == address(course, "/quiz/result")
    result = marker.get(address(course, "/quiz/result")).text
    assert "You passed" in result
    assert "Wrong" not in result
    certificate = marker.get(address(course, "/certificate")).text
    assert course.title in certificate
    assert "Counts until" in certificate
    assert str(panel.markers[0].marker) not in certificate


def test_failing_explains_and_offers_another_attempt(
    marker: Browser, panel: Panel, database: Database, course: CourseCard
) -> None:
    read_all(marker, course)
    marker.post(address(course, "/quiz/start"))
    wrong = {name: str((int(value) + 1) % 4) for name, value in answers(database, panel, course).items()}
    marker.post(address(course, "/quiz"), attempt="1", **wrong)
    result = marker.get(address(course, "/quiz/result")).text
    assert "You did not pass this time" in result
    assert result.count("The right answer:") == len(wrong)
    assert marker.get(address(course, "/certificate")).status_code == 404
    assert marker.post(address(course, "/quiz/start")).location == address(course, "/quiz")


def test_answers_sent_again_from_another_tab_are_told(
    marker: Browser, panel: Panel, database: Database, course: CourseCard
) -> None:
    read_all(marker, course)
    marker.post(address(course, "/quiz/start"))
    given = answers(database, panel, course)
    marker.post(address(course, "/quiz"), attempt="1", **given)
    again = marker.post(address(course, "/quiz"), attempt="1", **given)
    assert again.status_code == 409
    assert "You have already sent these answers" in again.text
    assert marker.get(address(course, "/quiz")).location == address(course, "/quiz/result")


def test_quiz_without_an_attempt_is_not_found(marker: Browser, course: CourseCard) -> None:
    assert marker.get(address(course, "/quiz")).status_code == 404
    assert marker.get(address(course, "/quiz/result")).status_code == 404


@pytest.mark.parametrize("attempt", ["", "x", "-1", "99999999999"])
def test_attempt_that_is_no_number_is_refused(marker: Browser, course: CourseCard, attempt: str) -> None:
    read_all(marker, course)
    marker.post(address(course, "/quiz/start"))
    assert marker.post(address(course, "/quiz"), attempt=attempt).status_code == 422


def test_course_that_does_not_exist_is_not_found(marker: Browser, course: CourseCard) -> None:
    assert marker.get(f"/panel/training/{CourseId.new()}").status_code == 404
    assert marker.post(f"/panel/training/{CourseId.new()}/page/1").status_code == 404
    assert marker.get("/panel/training/not-a-course").status_code == 404
