"""Practice marking as markers and the chair meet it."""

from collections.abc import Callable

import pytest

from panel.access.roles import Role
from panel.blind.training import queries, service
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


def code_of(database: Database, panel: Panel) -> str:
    with database.reading("blind") as db:
        return queries.desk(db, panel.markers[0].marker, panel.board).code


def test_marker_marks_sees_the_agreed_score_and_qualifies(marker: Browser, practising: Panel) -> None:
    page = marker.get(at(practising, f"/{practising.calm}")).text
    assert "The crane had stopped" in page
    assert "Anchor 5" in page
    assert "Says what was done." not in page
    sent = marker.post(at(practising, f"/{practising.calm}"), attempt="1", score="2", evidence="Rang the depot.")
    assert sent.location == at(practising, f"/{practising.calm}/feedback")
    feedback = marker.get(sent.location).text
    assert "Your score is 1 point below the agreed score (severe), within the tolerance." in feedback
    assert "Says what was done." in feedback
    marker.post(at(practising, f"/{practising.fair}"), attempt="1", score="4", evidence="Heard both.")
    assert "Ready to mark" in marker.get("/panel/training").text


def test_two_misses_lead_to_the_chair_and_back(
    marker: Browser, chair: Browser, practising: Panel, database: Database
) -> None:
    for attempt in ("1", "2"):
        marker.post(at(practising, f"/{practising.calm}"), attempt=attempt, score="5", evidence="Wonderful.")
    code = code_of(database, practising)
    feedback = marker.get(at(practising, f"/{practising.calm}/feedback")).text
    assert f"give the chair your panel code, <strong>{code}</strong>" in feedback
    overview = chair.get(at(practising, "/panel")).text
    assert f"Panel member {code}" in overview
    assert "Lenient by 2 points over 1 script" in overview
    coaching = at(practising, f"/panel/{code.lower()}/calm")
    assert "Wonderful." in chair.get(coaching).text
    assert chair.post(coaching, note="Compare anchors 3 and 5.").status_code == 303
    assert "Compare anchors 3 and 5." in marker.get(at(practising)).text
    assert marker.get(at(practising, f"/{practising.calm}")).status_code == 200
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
    assert "You have already marked this practice script" in again.text
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
    added = chair.post(at(panel, "/scripts/calm/add"), version="1", answer="A new answer.", agreed="5", reason="Why.")
    assert added.status_code == 303
    page = chair.get(at(panel, "/scripts")).text
    assert "A new answer." in page
    edit = at(panel, f"/scripts/{panel.calm}/edit")
    assert "The crane had stopped" in chair.get(edit).text
    assert chair.post(edit, version="1", answer="Changed.", agreed="2", reason="Why.").status_code == 303
    assert chair.post(at(panel, "/open")).status_code == 303
    page = chair.get(at(panel, "/scripts")).text
    assert "Changed." in page
    assert "can no longer change" in page
    assert chair.post(edit, version="2", answer="Too late.", agreed="2", reason="Why.").status_code == 409
    assert chair.post(at(panel, f"/scripts/{panel.calm}/remove")).status_code == 409
    assert chair.post(at(panel, "/open")).status_code == 409
    with database.reading("blind") as db:
        assert len(queries.scripts(db, panel.board)) == 3


def test_stale_edit_is_told_and_hands_the_text_back(chair: Browser, panel: Panel) -> None:
    edit, text = at(panel, f"/scripts/{panel.calm}/edit"), "The chair's own long and careful sentence about the crane."
    chair.post(edit, version="1", answer="The deputy was first.", agreed="2", reason="Why.")
    stale = chair.post(edit, version="1", answer=text, agreed="2", reason="Why.")
    assert stale.status_code == 409
    assert "careful sentence about the crane" in stale.text


def test_script_needs_answer_score_and_reason(chair: Browser, panel: Panel) -> None:
    response = chair.post(at(panel, "/scripts/calm/add"), version="1")
    assert response.status_code == 422
    for sentence in ("Enter the answer", "Select the agreed score", "Enter the reason"):
        assert sentence in response.text


def test_lacking_script_keeps_practice_shut_and_says_so(chair: Browser, panel: Panel) -> None:
    chair.post(at(panel, f"/scripts/{panel.fair}/remove"))
    assert "Add a practice script for ‘Is fair’." in chair.get(at(panel, "/scripts")).text
    assert chair.post(at(panel, "/open")).status_code == 409


def test_markup_in_a_script_stays_text(chair: Browser, panel: Panel) -> None:
    chair.post(at(panel, "/scripts/calm/add"), version="1", answer="<script>alert(1)</script>", agreed="1", reason="&")
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
        service.open_practice(db, other.board, other.chair.marker, Role.CHAIR)
    assert marker.get(at(other)).status_code == 404
    assert marker.get(at(practising, f"/{other.calm}")).status_code == 404
    assert marker.get(at(practising, f"/{ScriptId.new()}")).status_code == 404
    assert marker.get(f"/panel/{BoardId.new()}/practice").status_code == 404


@pytest.mark.parametrize("rest", ["/panel/aaaaaa/calm", "/scripts/bold/add"])
def test_chair_asking_for_what_is_not_there_is_told_so(chair: Browser, practising: Panel, rest: str) -> None:
    assert chair.get(at(practising, rest)).status_code == 404
