"""A candidate's own result: hers, complete, and of nobody else."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete

from panel.kernel import clock
from panel.kernel.ids import BoardId
from panel.named.results import queries, service
from panel.named.results.letter import letter
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.queries import revealed_to
from panel.playing.company import Member, acting
from tests.named.accounts.signing import sign_in
from tests.named.results.conftest import PASSWORD, PLAIN, PRONOUN, Opened


@pytest.fixture
def published(opened: Opened) -> Opened:
    with opened.database.writing("named") as db:
        service.approve_all(db, opened.keys, opened.board)
        service.publish(db, opened.keys, acting(db, opened.company.hr), opened.board)
    return opened


def as_member(opened: Opened, member: Member) -> FlaskClient:
    client = opened.client()
    sign_in(client, member.email, PASSWORD)
    return client


@pytest.mark.leak("L05")
@pytest.mark.leak("L99")
def test_before_publication_the_same_requests_are_not_found(opened: Opened) -> None:
    client = as_member(opened, opened.company.candidates[0])
    for page in (f"/results/{opened.board}", f"/results/{opened.board}/letter"):
        assert client.get(page).status_code == 404


def test_every_candidate_sees_her_own_outcome_and_no_other_name(published: Opened) -> None:
    with published.database.reading() as db:
        rows = {
            row.person.email: row for row in queries.named_list(db, published.keys, published.board).rows if row.person
        }
    for member in published.company.candidates:
        page = as_member(published, member).get(f"/results/{published.board}").text
        row = rows[member.email]
        assert member.name in page
        assert str(row.place.number) in page
        assert ("You passed." if row.outcome == "Passed" else "You did not pass.") in page
        others = [other.name for other in published.company.candidates if other is not member]
        assert not [name for name in others if name in page]


@pytest.mark.leak("L05")
@pytest.mark.leak("L117")
def test_page_and_letter_hold_no_marker_and_no_withheld_note(published: Opened) -> None:
    markers = [word for each in published.company.markers for word in (each.name, each.email, str(each.marker))]
    seen = ""
    for member in published.company.candidates:
        client = as_member(published, member)
        page = client.get(f"/results/{published.board}").text
        pdf = client.get(f"/results/{published.board}/letter").data
        text = " ".join(found.extract_text() for found in PdfReader(io.BytesIO(pdf)).pages)
        seen += page
        for place in (page, text):
            assert not [word for word in markers if word in place]
            assert "the team was asked first" not in re.sub(r"\s+", " ", place)
    assert PLAIN in seen
    assert PRONOUN in seen


def test_who_did_not_apply_finds_nothing(published: Opened) -> None:
    for member in (published.company.hr, published.company.chair, published.company.markers[0]):
        client = as_member(published, member)
        assert client.get(f"/results/{published.board}").status_code == 404
        assert client.get(f"/results/{published.board}/letter").status_code == 404
    assert as_member(published, published.company.candidates[0]).get(f"/results/{BoardId.new()}").status_code == 404


@pytest.mark.leak("L46")
@pytest.mark.leak("L50")
@pytest.mark.leak("L52")
def test_the_letter_is_the_same_at_any_hour_and_tells_no_maker(published: Opened) -> None:
    client = as_member(published, published.company.candidates[0])
    first = client.get(f"/results/{published.board}/letter")
    with clock.set_to(clock.now() + timedelta(minutes=15)):
        second = client.get(f"/results/{published.board}/letter")
    assert first.data == second.data
    assert re.fullmatch(
        rf'attachment; filename="result-{published.board}-\d{{6}}\.pdf"', first.headers["Content-Disposition"]
    )
    properties = PdfReader(io.BytesIO(first.data)).metadata
    assert properties
    assert properties.author == properties.creator == "Blind promotion boards"
    assert properties.title == "Your result"
    assert str(properties.get("/CreationDate")).startswith("D:2000")


@pytest.mark.leak("L51")
def test_the_letter_says_what_the_page_says(published: Opened) -> None:
    client = as_member(published, published.company.candidates[0])
    page = client.get(f"/results/{published.board}").text
    pdf = PdfReader(io.BytesIO(client.get(f"/results/{published.board}/letter").data))
    text = re.sub(r"\s+", " ", " ".join(found.extract_text() for found in pdf.pages))
    scores = re.findall(r"<strong>(Score [^<]+)</strong>", page)
    assert len(scores) == 2
    assert all(score in text for score in scores)
    assert re.search(r"Your weighted total is [^<]+ of \d+", page)[0] in text  # type: ignore[index]


def test_a_name_the_font_cannot_spell_is_left_out_of_the_letter_not_misspelt(published: Opened) -> None:
    account = published.company.candidates[0].account
    with published.database.reading() as db:
        result = queries.own_result(db, published.keys, published.board, account)
    assert result
    for name, spelt in (("Siân O’Dowd-Łuczak", True), ("Małgorzata Wiśniewska", False), ("王小明", False)):
        text = PdfReader(io.BytesIO(letter(replace(result, name=name)))).pages[0].extract_text()
        assert (name in text) is spelt
        assert "Wi?niewska" not in text


def test_whose_name_is_gone_is_not_told_that_there_is_no_result(published: Opened) -> None:
    member = published.company.candidates[0]
    with published.database.writing("named") as db:
        mine = revealed_to(db, published.keys, published.board, member.account)
        assert mine
        db.execute(delete(RevealedRow).where(RevealedRow.number == mine.number))
    client = as_member(published, member)
    for address in (f"/results/{published.board}", f"/results/{published.board}/letter"):
        page = client.get(address)
        assert page.status_code == 409
        assert "Your result cannot be shown just now" in page.text


def test_the_candidates_own_board_page_leads_to_the_result(published: Opened) -> None:
    client = as_member(published, published.company.candidates[0])
    assert f'href="/results/{published.board}"' in client.get(f"/applications/{published.board}").text
