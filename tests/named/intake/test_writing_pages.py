"""A candidate writing at her pages: saved part by part, told of stale tabs and of what is wrong."""

import re

import pytest
from sqlalchemy import select

from panel.access.actor import Person
from panel.access.roles import Role
from panel.blind.submissions.models import SubmissionRow
from panel.kernel.encoding import digest_of
from panel.named.intake import queries
from tests.named.intake.scene import ANSWERS, Scene
from tests.named.intake.visitor import Visitor, at, submit, value, write_all


def test_a_stale_tab_is_shown_both_texts_and_can_then_save(visitor: Visitor, scene: Scene) -> None:
    address = at(scene, "/answers/we-collaborate")
    assert visitor.post(address, version="0", answer="From the first tab.").status_code == 303
    stale = visitor.post(address, version="0", answer="From the second tab.")
    assert stale.status_code == 409
    assert "From the first tab." in stale.text
    assert "From the second tab." in stale.text
    assert "data-autosave=" not in stale.text
    version = value(stale.text, "version")
    assert visitor.post(address, version=version, answer="Both together.").status_code == 303
    assert "Both together." in visitor.get(address).text


def test_the_same_text_from_two_tabs_is_no_conflict(visitor: Visitor, scene: Scene) -> None:
    address = at(scene, "/answers/we-collaborate")
    for _ in range(2):
        assert visitor.post(address, version="0", answer="The same text.").status_code == 303


def test_autosave_answers_with_the_new_version_and_with_409_when_stale(visitor: Visitor, scene: Scene) -> None:
    address = at(scene, "/answers/we-collaborate/keep")
    kept = visitor.post(address, version="0", answer="Half a sen")
    assert (kept.status_code, kept.json) == (200, {"version": 1})
    assert visitor.post(address, version="0", answer="Something else").status_code == 409
    assert visitor.post(address, version="x", answer="Something else").status_code == 422
    long = visitor.post(address, version="1", answer="x" * 8000)
    assert (long.status_code, long.json) == (422, {"error": "Your answer must be 7,200 characters or fewer"})
    assert "Half a sen" in visitor.get(at(scene, "/answers/we-collaborate")).text


def test_autosave_after_the_deadline_says_so_and_tells_of_no_conflict(visitor: Visitor, scene: Scene) -> None:
    scene.pass_deadline()
    scene.db.commit()
    late = visitor.post(at(scene, "/answers/we-collaborate/keep"), version="0", answer="Too late")
    assert (late.status_code, late.json) == (403, {"error": "The deadline for this board has passed."})


def test_an_answer_over_the_limit_is_kept_and_said_to_be_too_long(visitor: Visitor, scene: Scene) -> None:
    assert visitor.post(at(scene, "/answers/we-collaborate"), version="0", answer="word " * 301).status_code == 303
    assert "Too long" in visitor.get(at(scene, "/tasks")).text
    assert "has 301 words. Shorten it to 300 or fewer." in visitor.get(at(scene, "/check")).text


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        ("/details", {"name": "", "email": "a@b.example"}, "Enter your full name"),
        ("/details", {"name": "Ada", "email": "nowhere"}, "Email address must be an email address"),
        ("/details", {"name": "é" * 151, "email": "a@b.example"}, "Full name must be 300 bytes or fewer"),
        ("/details", {"name": "\\" * 300, "email": "a" * 240 + "@b.example"}, "too long together"),
        ("/details", {"name": "Ada", "email": "a@b.example", "colleagues": "Bo\n" * 21}, "List at most 20 colleagues"),
        ("/known", {}, "Select everyone who knows your work, or that nobody does"),
        ("/known", {"known": "stranger"}, "Select everyone who knows your work"),
        ("/equality", {"sex": "a free text"}, "Sex must be one of the choices"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    visitor: Visitor, scene: Scene, page: str, fields: dict[str, str], said: str
) -> None:
    answer = visitor.post(at(scene, page), version="0", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Error: " in answer.text


def test_nobody_and_somebody_at_once_is_refused(visitor: Visitor, scene: Scene) -> None:
    marker = str(scene.holder(Role.MARKER).id)
    answer = visitor.post(at(scene, "/known"), version="0", known=["nobody", marker])
    assert answer.status_code == 422
    assert "not both" in answer.text


def test_people_who_know_her_are_shown_by_name_and_kept(visitor: Visitor, scene: Scene) -> None:
    marker = scene.holder(Role.MARKER)
    name = scene.names[marker.account]
    assert name in visitor.get(at(scene, "/known")).text
    assert visitor.post(at(scene, "/known"), version="0", known=str(marker.id)).status_code == 303
    kept = visitor.get(at(scene, "/known")).text
    assert re.search(rf'value="{marker.id}"[^>]* checked', kept)


def test_after_the_deadline_what_was_not_submitted_can_still_be_read(visitor: Visitor, scene: Scene) -> None:
    visitor.post(at(scene, "/answers/we-collaborate"), version="0", answer="Unfinished business.")
    scene.pass_deadline()
    scene.db.commit()
    assert "Unfinished business." in visitor.get(at(scene, "/tasks")).text
    late = visitor.post(
        at(scene, "/answers/we-collaborate"),
        version="1",
        answer="Too late, and yet long enough to be kept on this page.",
    )
    assert late.status_code == 409
    assert "The deadline for this board has passed." in late.text
    assert "Too late, and yet long enough to be kept on this page." in late.text


@pytest.mark.leak("L54")
def test_invisible_characters_leave_no_trace_in_draft_submission_or_digest(
    visitor: Visitor, scene: Scene, ada: Person
) -> None:
    odd = {key: f"  {text.replace(' ', chr(0xA0), 1)}\u200b\r\n\u202e" for key, text in ANSWERS.items()}
    write_all(visitor, scene, odd)
    with scene.db.begin():
        draft = queries.draft(scene.db, scene.keys, scene.board, ada.account)
    assert draft is not None
    assert draft.answers == ANSWERS
    submit(visitor, scene)
    with scene.db.begin():
        assert scene.db.scalars(select(SubmissionRow.answers_digest)).one() == digest_of(ANSWERS)
