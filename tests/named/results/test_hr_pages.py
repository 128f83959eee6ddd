"""HR's pages once the names are open."""

import re
from collections import defaultdict
from dataclasses import replace
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from panel.audit.queries import entries
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.queries import board as board_of
from panel.named.accounts import posting
from panel.named.accounts.models import Outgoing
from panel.named.intake.queries import states
from panel.named.results import queries, service
from panel.named.unsealing.models import RevealedRow
from panel.playing.company import acting
from tests.named.accounts.signing import fill, sign_in
from tests.named.results.conftest import PASSWORD, PLAIN, PRONOUN, Opened, naming


@pytest.fixture
def hr(opened: Opened) -> FlaskClient:
    client = opened.client()
    sign_in(client, opened.company.hr.email, PASSWORD)
    return client


def page_of(opened: Opened) -> str:
    """The page of a candidate who got a note that names somebody, and others."""
    with opened.database.reading() as db:
        notes = queries.all_notes(db, opened.keys, opened.board)
    by_number: dict[int, set[bool]] = defaultdict(set)
    for (number, _), listed in notes.items():
        by_number[number] |= {note.may_go for note in listed}
    number = next(number for number, kinds in by_number.items() if len(kinds) > 1)
    return f"/results/{opened.board}/feedback/{number}"


def boxes(page: str) -> dict[str, str]:
    """Each note on a page: the value of its box by its text."""
    found = re.findall(r'name="approved" value="([^"]+)"[^>]*>\s*<label[^>]*>([^<]+)</label>', page)
    return {text: value for value, text in found}


def test_the_list_holds_every_name_beside_its_number(opened: Opened, hr: FlaskClient) -> None:
    page = hr.get(f"/results/{opened.board}/list")
    assert page.status_code == 200
    for member in opened.company.candidates:
        assert member.name in page.text
        assert member.email in page.text


def test_nobody_but_hr_of_the_board_finds_these_pages(opened: Opened) -> None:
    company, board = opened.company, opened.board
    for member in (company.chair, company.auditor, company.markers[0], company.custodians[0], company.candidates[0]):
        client = opened.client()
        sign_in(client, member.email, PASSWORD)
        for page in (f"/results/{board}/list", f"/results/{board}/feedback", f"/results/{board}/publish"):
            assert client.get(page).status_code == 404
        export = fill(client, "/", to=f"/results/{board}/export/csv")
        assert export.status_code == 404


def test_who_stood_down_has_a_place_and_no_name(opened: Opened) -> None:
    with opened.database.reading() as db:
        row = queries.named_list(db, opened.keys, opened.board).rows[0]
    without = replace(row, person=None)
    assert (without.named, without.outcome, without.outcome_now) == ("Withdrawn", "Withdrawn", "Withdrawn")


def test_a_list_from_which_a_name_was_taken_is_not_shown(opened: Opened, hr: FlaskClient) -> None:
    with opened.database.writing("named") as db:
        row = db.scalars(
            select(RevealedRow).where(RevealedRow.board == opened.board).order_by(RevealedRow.number)
        ).first()
        assert row
        number = row.number
        db.delete(row)
    page = hr.get(f"/results/{opened.board}/list")
    assert page.status_code == 409
    assert "cannot be read" in page.text
    assert hr.get(f"/results/{opened.board}/feedback/{number}").status_code == 404


@pytest.mark.leak("L117")
def test_notes_are_approved_one_by_one_and_those_that_name_somebody_cannot_be(opened: Opened, hr: FlaskClient) -> None:
    page = page_of(opened)
    shown = hr.get(page).text
    assert "Withheld: this note names somebody." in shown
    name, note = opened.company.candidates[0].name, naming(opened.company)
    assert f"It holds “{name}”." in shown
    offered = boxes(shown)
    harmless = next(text for text in offered if text != note)
    refused = fill(hr, page, approved=[offered[harmless], offered[note]])  # type: ignore[arg-type]
    assert (refused.status_code, "Withhold the notes that name somebody" in refused.text) == (422, True)
    assert fill(hr, page, approved=offered[harmless]).status_code == 303
    assert hr.get(page).text.count(" checked") == 1
    assert fill(hr, page).status_code == 303
    assert " checked" not in hr.get(page).text


def test_a_note_of_another_candidate_is_refused(opened: Opened, hr: FlaskClient) -> None:
    page = page_of(opened)
    answer = fill(hr, page, approved=f"courage.{'00' * 32}")
    assert (answer.status_code, "Notes must be one of the choices on this page" in answer.text) == (422, True)


@pytest.mark.leak("L117")
def test_names_are_withheld_when_all_are_approved_and_pronouns_pointed_out(opened: Opened, hr: FlaskClient) -> None:
    answer = fill(hr, f"/results/{opened.board}/feedback", to=f"/results/{opened.board}/feedback/approve-all")
    assert answer.location.endswith("done=approved-but")
    with opened.database.reading() as db:
        all_notes = queries.all_notes(db, opened.keys, opened.board)
    notes = [note for listed in all_notes.values() for note in listed]
    assert {note.text for note in notes if note.approved} == {PLAIN, PRONOUN}
    numbers = {number for number, _ in all_notes}
    pages = [hr.get(f"/results/{opened.board}/feedback/{number}").text for number in numbers]
    assert any("It holds “She”." in page for page in pages)
    fill(hr, f"/results/{opened.board}/feedback", to=f"/results/{opened.board}/feedback/withhold-all")
    with opened.database.reading() as db:
        assert queries.approved_digests(db, opened.board) == {}


def test_publishing_wants_the_password_a_tick_and_lets_letters_out(opened: Opened, hr: FlaskClient) -> None:
    page = f"/results/{opened.board}/publish"
    assert fill(hr, page).status_code == 422
    assert fill(hr, page, decided="y").status_code == 303
    with opened.database.reading() as db:
        assert board_of(db, opened.board).stage is Stage.PUBLISHED
        (entry,) = entries(db, opened.board, "board.published")
    with opened.database.writing() as db:
        posting.tell_changes(db, states(db))
        waiting = set(db.scalars(select(Outgoing.account).order_by(Outgoing.account)))
    assert set(entry.facts) == {"feedback", "notes"}
    assert waiting >= {member.account for member in opened.company.candidates}
    again = fill(hr, f"/results/{opened.board}/list", to=page, decided="y")
    assert again.status_code == 409


@pytest.mark.leak("L117")
def test_an_approved_note_that_names_somebody_stops_publication(opened: Opened, hr: FlaskClient) -> None:
    with opened.database.writing("named") as db:
        notes = queries.all_notes(db, opened.keys, opened.board)
        service._keep(db, opened.board, [(n, key, note) for (n, key), listed in notes.items() for note in listed])
    answer = fill(hr, f"/results/{opened.board}/publish", decided="y")
    assert answer.status_code == 422
    assert "Withhold the notes that name somebody" in answer.text


def test_after_publication_feedback_stands(opened: Opened, hr: FlaskClient) -> None:
    page = page_of(opened)
    fill(hr, f"/results/{opened.board}/publish", decided="y")
    assert "this can no longer change" in hr.get(page).text
    assert fill(hr, page).status_code == 409
    assert fill(hr, page, to=f"/results/{opened.board}/feedback/approve-all").status_code == 409


def test_before_the_opening_every_page_is_not_found(opened: Opened, hr: FlaskClient) -> None:
    with opened.database.writing("named") as db:
        db.get_one(BoardRow, opened.board).stage = Stage.LOCKED.value
    for page in ("list", "feedback", "publish", "feedback/123456"):
        assert hr.get(f"/results/{opened.board}/{page}").status_code == 404
    for page in ("export/csv", "feedback/approve-all", "feedback/withhold-all"):
        assert fill(hr, "/", to=f"/results/{opened.board}/{page}").status_code == 404
    for member in opened.company.candidates:
        client = opened.client()
        sign_in(client, member.email, PASSWORD)
        assert client.get(f"/results/{opened.board}").status_code == 404


def test_each_export_is_logged_and_named_by_board_alone(opened: Opened, hr: FlaskClient) -> None:
    answer = fill(hr, f"/results/{opened.board}/list", to=f"/results/{opened.board}/export/xlsx")
    name = unquote(answer.headers["Content-Disposition"])
    assert name == f'attachment; filename="merit-list-{opened.board}.xlsx"'
    assert fill(hr, f"/results/{opened.board}/list", to=f"/results/{opened.board}/export/ods").status_code == 404
    with opened.database.reading() as db:
        (entry,) = entries(db, opened.board, "export.made")
    assert dict(entry.facts) == {"format": "xlsx", "rows": 6}


def test_the_services_refuse_what_the_stage_does_not_allow(opened: Opened) -> None:
    with opened.database.writing("named") as db:
        service.publish(db, opened.keys, acting(db, opened.company.hr), opened.board)
    with opened.database.session("named", writes=True) as db, pytest.raises(Exception, match="not at the stage"):
        service.approve_all(db, opened.keys, opened.board)
