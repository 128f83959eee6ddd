"""Whom markers thought they recognised: sealed until the ceremony, counted there, and gone."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.blind.submissions import queries as submissions
from panel.kernel.ids import SubmissionRef
from panel.named.monitoring.models import GuessCount
from panel.playing.company import Member
from panel.sealed.guesses import queries as sealed
from panel.sealed.guesses.guess import LONGEST, MOST, Guess, NotGuesses, plaintext, read
from panel.sealed.guesses.models import GuessEnvelopeRow
from panel.sealed.guesses.service import seal_guesses
from panel.sealed.vault.envelope import LONGEST as FITS
from tests.browser import Visitor, chromium, served
from tests.named.unsealing.stage import CANDIDATES, Stage

CANARY = "Zebedee Quillfeather"


def ask(stage: Stage, member: Member, **fields: str) -> TestResponse:
    client = stage.app.test_client()
    with stage.database.writing() as db:
        client.set_cookie("panel", access.start_session(db, member.account))
    address = f"/boards/{stage.board}/recognised"
    page = client.get(address)
    if page.status_code != 200 or not fields:
        return page
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page.text)
    tasks = re.findall(r'<option value="([0-9A-Z]{12})"', page.text)
    given = {key: tasks[0] if value == "a task" else value for key, value in fields.items()}
    return client.post(address, data={"csrf_token": token[1] if token else "", **given})


def guesses(stage: Stage) -> GuessCount | None:
    with stage.database.reading() as db:
        found = db.scalar(select(GuessCount).where(GuessCount.board == stage.board))
        if found is not None:
            db.expunge(found)
        return found


def tell(stage: Stage) -> None:
    """Every marker names the writer of one submission rightly, and of another wrongly."""
    names = {member.account: member.name for member in stage.people.candidates}
    with stage.database.writing() as db:
        texts = submissions.shown(db, stage.board)
        writers = {ref: names[who] for ref, text in texts.items() for who in names if stage.season.written[who] == text}
        first, second = sorted(writers)[:2]
        for marker in stage.people.markers:
            seal_guesses(db, stage.board, marker.marker, [Guess(first, writers[first]), Guess(second, CANARY)])


@pytest.mark.leak("L115")
def test_a_guess_is_sealed_at_once_and_in_one_length(locked: Stage) -> None:
    first, second = locked.people.markers[:2]
    assert ask(locked, first, task_1="a task", name_1=CANARY).status_code == 303
    assert ask(locked, second, task_1="", name_1="").status_code == 303
    with locked.database.reading() as db:
        one, two = sealed.envelopes(db, locked.board)
        assert len(one.sealed) == len(two.sealed)
        assert CANARY.encode() not in one.sealed + two.sealed
    assert CANARY not in ask(locked, first).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name_1": CANARY}, "Select the task that this name is for"),
        ({"task_2": "a task", "name_2": " "}, "Enter who you thought wrote it"),
        ({"task_1": "000000000000", "name_1": CANARY}, "Task"),
        ({"task_1": "a task", "name_1": "é" * LONGEST}, "Name is too long"),
    ],
)
def test_half_an_answer_is_said_beside_its_field(locked: Stage, fields: dict[str, str], sentence: str) -> None:
    page = ask(locked, locked.people.markers[0], **fields)
    assert page.status_code == 422
    assert sentence in page.text
    with locked.database.reading() as db:
        assert not sealed.envelopes(db, locked.board)


def test_only_a_marker_who_has_signed_is_asked(locked: Stage) -> None:
    for who in (locked.people.chair, locked.people.hr, locked.people.candidates[0]):
        assert ask(locked, who).status_code == 404


@pytest.mark.vault("V17")
def test_the_ceremony_counts_them_and_destroys_them(locked: Stage) -> None:
    tell(locked)
    assert guesses(locked) is None
    locked.almost()
    locked.finish()
    found = guesses(locked)
    assert found is not None
    markers = len(locked.people.markers)
    assert (found.answered, found.candidates) == (markers, CANDIDATES)
    assert (found.guesses, found.correct) == (2 * markers, markers)
    with locked.database.reading() as db:
        assert not sealed.envelopes(db, locked.board)
    assert ask(locked, locked.people.markers[0]).status_code == 404
    page = locked.app.test_client()
    with locked.database.writing() as db:
        page.set_cookie("panel", access.start_session(db, locked.people.hr.account))
    shown = page.get(f"/monitoring/{locked.board}/recognition").text
    assert f"1 in {CANDIDATES}" in shown
    assert "50% (exact 95% interval" in shown
    assert CANARY not in shown


def test_a_spoilt_guess_holds_up_no_name(locked: Stage) -> None:
    tell(locked)
    locked.spoil("UPDATE {sealed.guess_envelope} SET sealed = :bad", bad=bytes(2160))
    locked.almost()
    locked.finish()
    assert len(locked.revealed()) == CANDIDATES
    found = guesses(locked)
    assert found is not None
    assert found.answered == 0


def test_the_longest_answer_fits_its_one_length() -> None:
    longest = [Guess(SubmissionRef.new(), "é" * (LONGEST // 2))] * MOST
    assert len(plaintext(longest)) <= FITS
    assert read(plaintext(longest)) == tuple(longest)
    with pytest.raises(NotGuesses):
        read(b'{"guesses":[{"name":"x"}],"v":1}')


def test_an_envelope_says_that_a_marker_answered_and_no_more() -> None:
    assert set(GuessEnvelopeRow.__table__.columns.keys()) == {"board", "marker", "format", "sealed"}


@pytest.mark.browser
@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_the_back_button_does_not_bring_a_sealed_name_back(locked: Stage) -> None:
    with served(locked.app) as base, chromium() as browser:
        her = Visitor.arrive(browser, base)
        with locked.database.writing() as db:
            token = access.start_session(db, locked.people.markers[0].account)
        her.page.context.add_cookies([{"name": "panel", "value": token, "url": base}])
        her.go("/")
        her.follow("Did you recognise a writer?")
        her.page.get_by_label("Task").first.select_option(index=1)
        her.fill("Who did you think it was?", CANARY)
        her.press("Seal my answer")
        her.says("Your answer is sealed.")
        her.page.go_back()
        assert her.page.get_by_label("Who did you think it was?").first.input_value() == ""
