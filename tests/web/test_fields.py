"""Each kind of answer: what it takes, what it refuses, and that a refusal names the field and keeps what was typed."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from panel.kernel.ids import ReceiptCode
from panel.web.forms import (
    Choice,
    CodeBox,
    Day,
    Email,
    Form,
    Line,
    Menu,
    OneOf,
    Password,
    Prose,
    SomeOf,
    Tick,
    Version,
    Whole,
)
from panel.web.sessions import TokenSessions
from tests.web.payloads import NASTY

SCORES = [Choice("0", "0 – None"), Choice("1", "1 – Some")]


class Everything(Form):
    title = Line("Board title", "Enter a title", limit=10)
    nickname = Line("Nickname", None)
    email = Email("Email address", "Enter an email address")
    password = Password("Password", "Enter your password", limit=20)
    markers = Whole("Markers per answer", "Enter a number", lowest=2, highest=7)
    code = CodeBox("Receipt code", "Enter your receipt code", of=ReceiptCode)
    deadline = Day("Deadline", "Enter the deadline")
    score = OneOf("Score", "Select a score for 'We take ownership'", SCORES)
    rank = Menu("Rank", "Select a rank", SCORES)
    known = SomeOf("People who know your work", None, SCORES)
    read = Tick("I have read the rules", "Confirm that you have read the rules")
    answer = Prose("Your answer", "Enter your answer", words=5, said="Your answer to 'We take ownership'")
    version = Version()


GOOD = {
    "title": "Inspector",
    "email": "asha@example.police.uk",
    "password": "a long password",
    "markers": "3",
    "code": "0000-1111-2222-3333-4444",
    "deadline-day": "5",
    "deadline-month": "12",
    "deadline-year": "2026",
    "score": "0",
    "rank": "1",
    "read": "y",
    "answer": "I took five steps forward",
    "version": "7",
}


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    app = Flask(__name__)
    app.session_interface = TokenSessions(secure=False)
    with app.test_request_context("/", method="POST"):
        yield


def made(**changes: str) -> Everything:
    form = Everything(MultiDict(GOOD | changes))
    form.submitted()
    return form


def test_form_takes_what_is_right_and_gives_it_typed() -> None:
    form = made(known="1")
    assert form.errors == {}
    assert form.markers.number == 3
    assert form.deadline.on == date(2026, 12, 5)
    assert form.code.code == ReceiptCode("00001111222233334444")
    assert form.known.data == ["1"]
    assert form.version.number == 7
    assert form.score.data == "0"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "", "Enter a title"),
        ("title", "a very long title", "Board title must be 10 characters or fewer"),
        ("email", "asha", "Email address must be an email address, like name@example.police.uk"),
        ("password", "", "Enter your password"),
        ("password", "p" * 21, "Password must be 20 characters or fewer"),
        ("markers", "three", "Markers per answer must be a whole number"),
        ("markers", "٣", "Markers per answer must be a whole number"),
        ("markers", "9", "Markers per answer must be between 2 and 7"),
        ("markers", "9" * 400, "Markers per answer must be a whole number"),
        ("code", "ABC", "Receipt code must be 20 letters and numbers"),
        ("score", "7", "Select a score for 'We take ownership'"),
        ("rank", "", "Select a rank"),
        ("known", "9", "People who know your work must be one of the choices on this page"),
        ("read", "", "Confirm that you have read the rules"),
        ("answer", " \n ", "Enter your answer"),
        (
            "answer",
            "one two three four five six",
            "Your answer to 'We take ownership' must be 5 words or fewer. It has 6",
        ),
        ("version", "x", "This page is incomplete. Open it again and check your answers"),
    ],
)
def test_wrong_answer_is_refused_in_a_sentence_that_names_the_field(field: str, typed: str, sentence: str) -> None:
    assert made(**{field: typed}).errors == {field: [sentence]}


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("", "", "", "Enter the deadline"),
        ("5", "", "2026", "Deadline must include a month"),
        ("31", "2", "2026", "Deadline must be a real date"),
        ("x", "2", "2026", "Deadline must be a real date"),
        ("5", "12", "26", "Deadline must have a year of four digits, like 2026"),
    ],
)
def test_date_says_which_part_is_wrong_and_keeps_what_was_typed(day: str, month: str, year: str, sentence: str) -> None:
    form = made(**{"deadline-day": day, "deadline-month": month, "deadline-year": year})
    assert form.errors == {"deadline": [sentence]}
    assert form.deadline.parts == {"day": day, "month": month, "year": year}


def test_line_and_prose_are_normalised_and_passwords_are_not() -> None:
    form = made(title=" Sgt\u200b  board ", answer="a\r\nb  \x00", password=" e\u0301 ")
    assert form.title.data == "Sgt board"
    assert form.answer.data == "a\nb"
    assert form.password.data == " e\u0301 "


@pytest.mark.parametrize("typed", ["%41", "%2541", "&amp;lt;", "\\u0041", "a+b", "=41"])
def test_what_looks_encoded_stays_as_it_was_typed(typed: str) -> None:
    form = made(title=typed, answer=typed)
    assert (form.title.data, form.answer.data) == (typed, typed)


def test_no_kind_of_answer_fails_whatever_is_typed() -> None:
    """Every value in every box, which the fuzz of whole forms in an ordinary run does not come to."""
    for typed in NASTY:
        assert made(**dict.fromkeys(GOOD, typed)).errors, typed[:40]


def test_initial_values_are_shown_until_something_is_sent() -> None:
    form = Everything(data={"title": "Inspector", "deadline": date(2026, 12, 5), "known": ["1"], "markers": 3})
    assert form.deadline.parts == {"day": "5", "month": "12", "year": "2026"}
    assert form.title._value() == "Inspector"
    assert [each["checked"] for each in form.known.items()] == [False, True]


def test_complaint_of_a_verb_is_shown_like_any_other_error() -> None:
    form = made()
    form.complain("That title is taken", about=form.title)
    form.complain("The board has closed")
    assert form.errors == {"title": ["That title is taken"], "": ["The board has closed"]}
