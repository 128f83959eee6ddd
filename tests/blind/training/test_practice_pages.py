"""Practice marking as markers and the chair meet it."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from panel.access.roles import Role
from panel.blind.training import queries, script_service
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, ScriptId
from tests.blind.training.conftest import CALM, Browser, Panel, Seat, make_panel

SignIn = Callable[[Seat], Browser]


@pytest.fixture
def engine_kind() -> str:
    """The verbs behind these pages run on both databases; the pages themselves are walked on one."""
    return "sqlite"


@pytest.fixture
def marker(practising: Panel, sign_in: SignIn) -> Browser:
    return sign_in(practising.markers[0])


@pytest.fixture
def chair(panel: Panel, sign_in: SignIn) -> Browser:
    return sign_in(panel.chair)


def at(panel: Panel, rest: str = "") -> str:
    return f"/panel/{panel.board}/practice{rest}"


def script(answer: str, agreed: int, purpose: str = "practice", version: int = 1) -> dict[str, str]:
    """What the chair sends to write a script."""
    numbers = {"agreed": str(agreed), "version": str(version)}
    return {"answer": answer, "purpose": purpose, "reason": "Why.", **numbers}


def code_of(database: Database, panel: Panel) -> str:
    with database.reading("blind") as db:
        return queries.desk(db, panel.markers[0].marker, panel.board).code


def mark(browser: Browser, panel: Panel, script: ScriptId, score: int, attempt: int = 1) -> TestResponse:
    words = f"Because of {score}."
    return browser.post(at(panel, f"/{script}"), attempt=str(attempt), score=str(score), evidence=words)


def test_marker_practises_sees_the_agreed_score_and_may_mark_again(marker: Browser, practising: Panel) -> None:
    page = marker.get(at(practising, f"/{practising.calm}")).text
    assert "The crane had stopped" in page
    assert "Anchor 5" in page
    assert "Says what was done." not in page
    sent = mark(marker, practising, practising.calm, 2)
    assert sent.location == at(practising, f"/{practising.calm}/feedback")
    feedback = marker.get(sent.location).text
    assert "Your score is 1 point below the agreed score (severe), within the tolerance." in feedback
    assert "Says what was done." in feedback
    assert mark(marker, practising, practising.calm, 5, attempt=2).status_code == 303
    assert "2 points lenient" in marker.get(sent.location).text


def test_agreed_scores_that_qualify_are_shown_when_all_are_marked(marker: Browser, practising: Panel) -> None:
    mark(marker, practising, practising.calm, 3)
    one, two = practising.fresh["calm"]
    results = at(practising, "/results/calm")
    sent = mark(marker, practising, one, 5)
    assert sent.location.startswith(f"{at(practising)}?done=")
    for page in (at(practising), at(practising, f"/{one}"), at(practising, f"/{one}/feedback"), results):
        shown = marker.client.get(page, follow_redirects=True).text
        assert "Why qualification" not in shown
        assert "lenient" not in shown.replace("severe or lenient", "")
    assert marker.get(results).status_code == 404
    assert marker.get(at(practising, f"/{one}/feedback")).status_code == 404
    assert mark(marker, practising, two, 1).location == results
    shown = marker.get(results).text
    assert "Why qualification 3." in shown
    assert "2 points lenient" in shown
    assert "1 point severe" in shown
    assert "Lenient by 1 point over 2 scripts" in shown
    assert "3 points over 2 scripts" in shown


def test_marker_who_qualifies_for_all_is_ready_and_for_one_in_part(marker: Browser, practising: Panel) -> None:
    mark(marker, practising, practising.fair, 4)
    mark(marker, practising, practising.fresh["fair"][0], 4)
    home = marker.get("/panel/training").text
    assert "Ready to mark in part" in home
    assert "You have qualified for ‘Is fair’." in home
    assert f"Mark the practice scripts for ‘{CALM}’." in home
    mark(marker, practising, practising.calm, 3)
    for script, score in zip(practising.fresh["calm"], (3, 2), strict=True):
        mark(marker, practising, script, score)
    home = marker.get("/panel/training").text
    assert "Ready to mark</strong>" in home


def test_two_missed_attempts_lead_to_the_chair_and_back(
    marker: Browser, chair: Browser, practising: Panel, database: Database
) -> None:
    mark(marker, practising, practising.fair, 4)
    fresh, other = practising.fresh["fair"][0], practising.other["fair"][0]
    assert marker.get(at(practising, f"/{other}")).location == at(practising)
    mark(marker, practising, fresh, 1)
    mark(marker, practising, other, 2)
    code = code_of(database, practising)
    results = at(practising, "/results/fair")
    assert f"<strong>{code}</strong>" in marker.get(results).text
    overview = chair.get(at(practising, "/panel")).text
    assert f"Panel member {code}" in overview
    assert "Severe by 5 points over 3 scripts" in overview
    assert "−3" in overview
    assert "You coach, with a note" in overview
    coaching = at(practising, f"/panel/{code.lower()}/fair")
    assert "Because of 1." in chair.get(coaching).text
    assert chair.post(coaching, note="Compare anchors 2 and 4.").status_code == 303
    assert "Compare anchors 2 and 4." in marker.get(at(practising)).text
    assert marker.get(results).status_code == 404
    assert "Why qualification" not in marker.get(at(practising, f"/{fresh}")).text
    assert mark(marker, practising, fresh, 4, attempt=2).location == results
    assert "You have qualified for ‘Is fair’." in marker.get(results).text
    assert chair.post(coaching, note="And once more.").status_code == 409


def test_missing_score_and_evidence_are_named(marker: Browser, practising: Panel) -> None:
    response = marker.post(at(practising, f"/{practising.calm}"), attempt="1")
    assert response.status_code == 422
    assert f"Select a score for ‘{CALM}’" in response.text
    assert "Enter the evidence for your score" in response.text


@pytest.mark.parametrize("score", ["6", "-1", "three", "0x3", "", "3 "])
def test_score_that_is_not_offered_is_refused(marker: Browser, practising: Panel, score: str) -> None:
    page = at(practising, f"/{practising.calm}")
    assert marker.post(page, attempt="1", score=score, evidence="Some words.").status_code == 422


def test_same_form_sent_twice_is_told_and_hands_the_text_back(marker: Browser, practising: Panel) -> None:
    page, evidence = at(practising, f"/{practising.calm}"), "A whole sentence of evidence, long enough to be missed."
    marker.post(page, attempt="1", score="5", evidence=evidence)
    again = marker.post(page, attempt="1", score="5", evidence=evidence)
    assert again.status_code == 409
    assert "You have already marked this script" in again.text
    assert evidence in again.text


def test_agreed_score_is_hidden_until_the_script_is_marked(marker: Browser, practising: Panel) -> None:
    assert marker.get(at(practising, f"/{practising.calm}/feedback")).status_code == 404


def test_practice_before_it_is_open_says_what_to_do(panel: Panel, sign_in: SignIn) -> None:
    marker = sign_in(panel.markers[0])
    assert "Come back for practice marking" in marker.get(at(panel)).text
    refused = marker.get(at(panel, f"/{panel.calm}"))
    assert refused.status_code == 409
    assert "Complete the course" in refused.text


def test_markers_page_shows_no_id_of_anyone(marker: Browser, practising: Panel) -> None:
    people = [str(seat.marker) for seat in (*practising.markers, practising.chair)]
    pages = [at(practising), at(practising, f"/{practising.calm}"), "/panel/training"]
    assert not [person for page in pages for person in people if person in marker.get(page).text]


def test_one_markers_practice_changes_nothing_on_anothers_page(
    marker: Browser, practising: Panel, sign_in: SignIn
) -> None:
    other = sign_in(practising.markers[1])
    before = other.get(at(practising)).text
    marker.post(at(practising, f"/{practising.calm}"), attempt="1", score="5", evidence="Mine alone.")
    assert other.get(at(practising)).text == before


def test_chair_writes_changes_and_opens_scripts(chair: Browser, panel: Panel, database: Database) -> None:
    added = chair.post(at(panel, "/scripts/calm/add"), **script("A new answer.", 5, "second"))
    assert added.status_code == 303
    page = chair.get(at(panel, "/scripts")).text
    assert "A new answer." in page
    edit = at(panel, f"/scripts/{panel.calm}/edit")
    assert "The crane had stopped" in chair.get(edit).text
    assert chair.post(edit, **script("Changed.", 2)).status_code == 303
    assert chair.post(at(panel, "/open")).status_code == 303
    page = chair.get(at(panel, "/scripts")).text
    assert "Changed." in page
    assert "can no longer change" in page
    assert chair.post(edit, **script("Too late.", 2, version=2)).status_code == 409
    assert chair.post(at(panel, f"/scripts/{panel.calm}/remove")).status_code == 409
    assert chair.post(at(panel, "/open")).status_code == 409
    with database.reading("blind") as db:
        assert len(queries.scripts(db, panel.board)) == 9


def test_chair_adds_scripts_to_practise_on_and_no_others_once_practice_is_open(
    chair: Browser, practising: Panel, database: Database
) -> None:
    add = at(practising, "/scripts/calm/add")
    assert "Add a practice script" in chair.get(at(practising, "/scripts")).text
    assert "What the script is for" not in chair.get(add).text
    assert chair.post(add, **script("A qualification script.", 4, "qualification")).status_code == 409
    sample = script("One more to practise on.", 4)
    del sample["purpose"]
    assert chair.post(add, **sample).status_code == 303
    with database.reading("blind") as db:
        added = [each for each in queries.scripts(db, practising.board) if each.answer == "One more to practise on."]
    assert [each.purpose for each in added] == ["practice"]


def test_stale_edit_is_told_and_hands_the_text_back(chair: Browser, panel: Panel) -> None:
    edit, text = at(panel, f"/scripts/{panel.calm}/edit"), "The chair's own long and careful sentence about the crane."
    chair.post(edit, **script("The deputy was first.", 2))
    stale = chair.post(edit, **script(text, 2))
    assert stale.status_code == 409
    assert "careful sentence about the crane" in stale.text
    chair.post(at(panel, f"/scripts/{panel.calm}/remove"))
    gone = chair.post(edit, **script(text, 2))
    assert gone.status_code == 404
    assert "careful sentence about the crane" in gone.text


def test_the_form_that_was_sent_already_adds_no_second_script(chair: Browser, panel: Panel) -> None:
    add = at(panel, "/scripts/calm/add")
    assert chair.post(add, **script("We cleared the line.", 3)).status_code == 303
    again = chair.post(add, **script("We cleared the line.", 3))
    assert again.status_code == 422
    assert "Answer must be new. A practice script for this criterion says the same" in again.text
    assert chair.get(at(panel, "/scripts")).text.count("We cleared the line.") == 1


def test_script_needs_answer_score_and_reason(chair: Browser, panel: Panel) -> None:
    response = chair.post(at(panel, "/scripts/calm/add"), version="1")
    assert response.status_code == 422
    for sentence in (
        "Select what the script is for",
        "Enter the answer",
        "Select the agreed score",
        "Enter the reason",
    ):
        assert sentence in response.text


def test_lacking_script_keeps_practice_shut_and_says_so(chair: Browser, panel: Panel) -> None:
    chair.post(at(panel, f"/scripts/{panel.fair}/remove"))
    assert "Add a practice script for ‘Is fair’." in chair.get(at(panel, "/scripts")).text
    assert chair.post(at(panel, "/open")).status_code == 409


def test_markup_in_a_script_stays_text(chair: Browser, panel: Panel) -> None:
    chair.post(at(panel, "/scripts/calm/add"), **script("<script>alert(1)</script>", 1))
    page = chair.get(at(panel, "/scripts")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("rest", ["/scripts", "/panel", "/scripts/calm/add", "/panel/aaaaaa/calm"])
def test_marker_finds_none_of_the_chairs_pages(marker: Browser, practising: Panel, rest: str) -> None:
    assert marker.get(at(practising, rest)).status_code == 404
    assert marker.post(at(practising, "/open")).status_code == 404


def test_chair_finds_none_of_the_markers_pages(chair: Browser, practising: Panel) -> None:
    assert chair.get(at(practising)).status_code == 404
    assert chair.get(at(practising, f"/{practising.calm}")).status_code == 404


def test_nothing_of_another_board_is_found(marker: Browser, practising: Panel, database: Database) -> None:
    with database.writing("named") as db:
        other = make_panel(db)
        script_service.open_practice(db, other.board, other.chair.marker, Role.CHAIR)
    assert marker.get(at(other)).status_code == 404
    assert marker.get(at(practising, f"/{other.calm}")).status_code == 404
    assert marker.get(at(practising, f"/{ScriptId.new()}")).status_code == 404
    assert marker.get(f"/panel/{BoardId.new()}/practice").status_code == 404


@pytest.mark.parametrize("rest", ["/panel/aaaaaa/calm", "/scripts/bold/add"])
def test_chair_asking_for_what_is_not_there_is_told_so(chair: Browser, practising: Panel, rest: str) -> None:
    assert chair.get(at(practising, rest)).status_code == 404
