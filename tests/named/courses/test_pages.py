"""HR writes a course in the browser: from its title to the version that panel members take, as a draft until then."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.blind.training import course_toml, edition_queries, publishing
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, AccountId
from tests.named.setup.staff import person

KEY = "listening-well"
QUESTION = {
    "text": "What comes first?", "option1": "Speaking", "option2": "Waiting", "option4": "Listening",
    "explanation": "It does.",
}  # fmt: skip
ABOUT = {
    "title": "Listening well", "summary": "Why it matters.", "way": "online", "minutes": "20", "months": "6",
    "position": "3", "asked": "1", "percent": "100", "attempts": "2",
}  # fmt: skip


@pytest.fixture
def engine_kind() -> str:
    """The verbs behind these pages run on both databases in test_service; the pages themselves are walked on one."""
    return "sqlite"


@pytest.fixture
def hr(database: Database) -> AccountId:
    with database.writing("named") as db:
        publishing.load_shipped(db)
        return person(db, "Hana Ross", Role.HR)


@pytest.fixture
def client(app: Flask, database: Database, hr: AccountId) -> FlaskClient:
    made = app.test_client()
    with database.writing("named") as db:
        made.set_cookie("panel", access.start_session(db, hr))
    return made


def said(response: TestResponse) -> str:
    return unescape(response.get_data(as_text=True))


def send(client: FlaskClient, page: str, to: str | None = None, **boxes: str) -> TestResponse:
    """Fill in what a page's first form carries along, and send it."""
    shown = client.get(page).text
    carried = dict(re.findall(r'name="(csrf_token|seen|version)" value="([0-9a-f]+)"', shown))
    return client.post(to or page, data={**carried, **boxes})


def write_course(client: FlaskClient) -> None:
    send(client, "/new-course", title="Listening well")
    assert send(client, f"/courses/{KEY}/draft/about", **ABOUT).status_code == 303
    for title in ("Second", "First"):
        send(client, f"/courses/{KEY}/draft/pages/add", title=title, text="## Why\n\n* **one**\n* two")
    send(client, f"/courses/{KEY}/draft", f"/courses/{KEY}/draft/pages/2/earlier")
    send(client, f"/courses/{KEY}/draft/questions/add", **QUESTION, right="option4")
    send(client, f"/courses/{KEY}/draft/questions/add", **{**QUESTION, "text": "And then?"}, right="option1")


def test_course_is_written_published_changed_and_taken_as_a_file(client: FlaskClient, database: Database) -> None:
    begun = send(client, "/new-course", title="Listening well")
    assert begun.location.startswith(f"/courses/{KEY}/draft")
    assert "Add a page." in said(client.get(f"/courses/{KEY}/draft"))
    assert "Add a page." in said(client.get(f"/courses/{KEY}/draft/publish"))
    write_course(client)
    reads = said(client.get(f"/courses/{KEY}/draft/reads"))
    assert "Asks 1 of 2 questions" in reads
    assert "<strong>one</strong>" in reads
    assert reads.index("1. First") < reads.index("2. Second")
    assert send(client, f"/courses/{KEY}/draft/publish").status_code == 303
    assert client.get(f"/courses/{KEY}/draft").status_code == 404
    with database.reading("named") as db:
        (edition,) = edition_queries.editions(db, KEY)
        written = edition_queries.content(db, edition.id)
    assert [(page.title, question.text) for page, question in zip(written.pages, written.questions, strict=True)] == [
        ("First", "What comes first?"),
        ("Second", "And then?"),
    ]
    assert (written.questions[0].options, written.questions[0].right) == (("Speaking", "Waiting", "Listening"), 2)
    assert (written.asked, written.attempts, written.pass_percent, written.validity_months) == (1, 2, 100, 6)
    file = client.get(f"/course-versions/{edition.id}/file")
    assert course_toml.read(file.text) == written


def test_next_version_asks_what_becomes_of_earlier_completions(client: FlaskClient, database: Database) -> None:
    write_course(client)
    send(client, f"/courses/{KEY}/draft/publish")
    send(client, f"/courses/{KEY}", f"/courses/{KEY}/change")
    unchanged = send(client, f"/courses/{KEY}/draft/publish", retake="again")
    assert "Nothing has changed since" in said(unchanged)
    send(client, f"/courses/{KEY}/draft", f"/courses/{KEY}/draft/questions/2/remove")
    unanswered = send(client, f"/courses/{KEY}/draft/publish")
    assert (unanswered.status_code, "Select what happens to those" in said(unanswered)) == (422, True)
    assert send(client, f"/courses/{KEY}/draft/publish", retake="again").status_code == 303
    page = said(client.get(f"/courses/{KEY}"))
    assert "Panel members need version 2." in page
    assert "To be taken again" in page
    with database.reading("named") as db:
        assert [entry.facts["retake"] for entry in audit.entries(db, SYSTEM, "course.published")] == [False, True]


def test_course_is_ended_and_required_again(client: FlaskClient) -> None:
    key = course_toml.shipped()[0].key
    send(client, f"/courses/{key}", f"/courses/{key}/retire")
    assert "Panel members no longer need this course." in said(client.get(f"/courses/{key}"))
    send(client, f"/courses/{key}", f"/courses/{key}/restore")
    assert "Panel members need version 1" in said(client.get(f"/courses/{key}"))


def test_markup_in_a_page_is_shown_and_not_obeyed(client: FlaskClient) -> None:
    send(client, "/new-course", title="Listening well")
    page = f"/courses/{KEY}/draft/pages/add"
    looked = send(client, page, title="One", text="<script>x</script> **b**", act="look")
    assert looked.status_code == 200
    assert "&lt;script&gt;x&lt;/script&gt; <strong>b</strong>" in looked.text
    assert "<script>x" not in looked.text
    nested = send(client, page, title="One", text="Words\n\n> ## no")
    assert (nested.status_code, "Line 3: Only text can stand inside" in said(nested)) == (422, True)
    assert "There is no page yet." in said(client.get(f"/courses/{KEY}/draft"))


@pytest.mark.parametrize(
    ("boxes", "error"),
    [
        ({"right": "option3"}, "Select an option that you have entered"),
        ({"option2": "Speaking", "right": "option1"}, "Each option must be different"),
        ({"option1": "", "right": "option4"}, "Enter the first option"),
        ({}, "Select which option is right"),
    ],
)
def test_question_without_one_right_option_is_refused(client: FlaskClient, boxes: dict[str, str], error: str) -> None:
    send(client, "/new-course", title="Listening well")
    refused = send(client, f"/courses/{KEY}/draft/questions/add", **{**QUESTION, **boxes})
    assert (refused.status_code, error in said(refused)) == (422, True)


def test_file_with_faults_is_told_line_by_line_and_a_sound_one_becomes_a_draft(client: FlaskClient) -> None:
    sound = course_toml.write(course_toml.shipped()[0])
    broken = send(client, "/load-course", text=sound.replace("pass_percent = 80", "pass_percent = 180"))
    assert broken.status_code == 422
    assert "Line 6: pass_percent: This must be a whole number from 1 to 100." in said(broken)
    loaded = send(client, "/load-course", text=sound)
    key = course_toml.shipped()[0].key
    assert loaded.location.startswith(f"/courses/{key}/draft")
    again = send(client, "/load-course", text=sound)
    assert (again.status_code, "There is a draft of the course" in said(again)) == (422, True)
    assert client.get(f"/courses/{key}/draft/file").text == sound


def test_change_of_what_somebody_changed_meanwhile_is_refused(client: FlaskClient) -> None:
    write_course(client)
    address = f"/courses/{KEY}/draft/pages/1"
    carried = dict(re.findall(r'name="(csrf_token|seen)" value="([0-9a-f]+)"', client.get(address).text))
    version = re.findall(r'name="version" value="(\d+)"', client.get(f"/courses/{KEY}/draft").text)[0]
    send(client, address, title="First", text="Other words.")
    late = client.post(address, data={**carried, "title": "First", "text": "My words."})
    assert (late.status_code, "Saved meanwhile: Other words." in said(late)) == (409, True)
    token = {"csrf_token": carried["csrf_token"], "version": version}
    assert client.post(f"/courses/{KEY}/draft/pages/1/remove", data=token).status_code == 409
    assert client.post(f"/courses/{KEY}/draft/publish", data=token).status_code == 409
    assert "Other words." in said(client.get(f"/courses/{KEY}/draft/reads"))


def test_draft_is_thrown_away(client: FlaskClient) -> None:
    write_course(client)
    gone = send(client, f"/courses/{KEY}/draft", f"/courses/{KEY}/draft/discard")
    assert gone.status_code == 303
    assert KEY not in client.get("/courses").text


def test_nobody_but_hr_finds_courses_to_write(app: Flask, database: Database) -> None:
    with database.writing("named") as db:
        other = person(db, "Ada Lind", Role.ADMINISTRATOR)
    client = app.test_client()
    with database.writing("named") as db:
        client.set_cookie("panel", access.start_session(db, other))
    for address in ("/courses", "/new-course", "/load-course", f"/courses/{KEY}", "/register", "/register/refusals"):
        assert client.get(address).status_code == 404
