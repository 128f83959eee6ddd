"""A candidate at her pages, from the rules to the receipt and what her code opens; and HR closing the board."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.queries import board
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, ReceiptCode
from panel.named.intake import queries
from panel.named.intake.models import RollState
from tests.named.intake.scene import ANSWERS, Scene
from tests.named.intake.visitor import Visitor, counted, value, visit


@pytest.fixture
def keys(config: Config) -> Path:
    return config.keys


@pytest.fixture
def scene(db: Session, keys: Path) -> Scene:
    return Scene.open(db, keys)


@pytest.fixture
def ada(scene: Scene) -> Person:
    person = scene.person(name="Ada Okonjo-Szabó")
    scene.db.commit()
    return person


@pytest.fixture
def visitor(app: Flask, database: Database, scene: Scene, ada: Person) -> Visitor:
    return visit(app, database, scene, ada)


def at(scene: Scene, page: str = "") -> str:
    return f"/applications/{scene.board}{page}"


def write_all(visitor: Visitor, scene: Scene, answers: dict[str, str] = ANSWERS) -> None:
    for key, text in answers.items():
        version = value(visitor.get(at(scene, f"/answers/{key}")).text, "version")
        assert visitor.post(at(scene, f"/answers/{key}"), version=version, answer=text).status_code == 303
    for part, fields in {
        "details": {"name": "Ada Okonjo-Szabó", "email": "ada@rail.example", "station": "Ebury Bridge"},
        "known": {"known": "nobody"},
        "equality": {"sex": "female", "age": "declined"},
    }.items():
        version = value(visitor.get(at(scene, f"/{part}")).text, "version")
        assert visitor.post(at(scene, f"/{part}"), version=version, **fields).status_code == 303


def submit(visitor: Visitor, scene: Scene) -> str:
    """Submit; the page with the code."""
    page = visitor.get(at(scene, "/check")).text
    answer = visitor.post(at(scene, "/check"), version=value(page, "version"), own="y")
    assert answer.status_code == 200, answer.text
    return answer.text


def code_on(page: str) -> str:
    found = re.search(r'class="big-code">([0-9A-Z-]{24})<', page)
    assert found
    return found[1]


def test_a_candidate_applies_from_the_rules_to_the_receipt(visitor: Visitor, scene: Scene, ada: Person) -> None:
    assert scene.policy.title in visitor.get("/applications").text
    rules = visitor.get(at(scene)).text
    assert "Tell us how you brought another organisation into your work." in rules
    assert scene.names[scene.holder(Role.CHAIR).account] in rules
    assert scene.names[scene.holder(Role.CUSTODIAN).account] in rules
    write_all(visitor, scene)
    tasks = visitor.get(at(scene, "/tasks")).text
    assert tasks.count("Completed") == 5
    receipt = submit(visitor, scene)
    code = code_on(receipt)
    assert ANSWERS["we-collaborate"] in receipt
    assert "Applied" in visitor.get("/applications").text
    assert ANSWERS["we-collaborate"] not in visitor.get(at(scene)).text
    with scene.db.begin():
        assert queries.draft(scene.db, scene.keys, scene.board, ada.account) is None
    opened = visitor.post(at(scene, "/code"), code=code.lower().replace("-", " "))
    assert ANSWERS["we-collaborate"] in opened.text


@pytest.mark.leak("L19")
def test_candidate_pages_hold_no_ref_but_the_receipt_and_the_code_is_shown_once(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    receipt = submit(visitor, scene)
    code = code_on(receipt)
    with scene.db.begin():
        ref = scene.db.scalars(select(SubmissionRow.ref)).one()
    assert str(ref) in receipt
    for page in ("", "/tasks", "/code", "/stand-down"):
        text = visitor.get(at(scene, page)).text
        assert str(ref) not in text
        assert code not in text


def test_the_receipt_downloads_with_the_code_and_not_without(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    code = code_on(submit(visitor, scene))
    file = visitor.post(at(scene, "/receipt"), code=code)
    assert file.mimetype == "application/json"
    assert file.headers["Content-Disposition"] == f'attachment; filename="receipt-{scene.board}.json"'
    assert json.loads(file.text)["answers"] == ANSWERS
    assert visitor.post(at(scene, "/receipt"), code=str(ReceiptCode.new())).status_code == 422
    assert visitor.post(at(scene, "/receipt"), code="nonsense").status_code == 400
    assert visitor.get(at(scene, "/receipt")).status_code == 404


@pytest.mark.leak("L53")
def test_the_check_page_stops_at_names_and_only_warns_of_pronouns(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene, {**ANSWERS, "we-collaborate": "At Ebury Bridge they asked Okonjo. She came."})
    page = visitor.get(at(scene, "/check")).text
    assert "“Ebury Bridge” – where you work" in page
    assert "“Okonjo” – your name" in page
    assert "“She” – a word such as he or she" in page
    assert "Submit your application" not in page
    version = value(visitor.get(at(scene, "/answers/we-collaborate")).text, "version")
    refused = visitor.post(at(scene, "/check"), version="5", own="y")
    assert refused.status_code == 422
    assert "Change “Okonjo” in your answer for ‘We collaborate’: your name" in refused.text
    visitor.post(at(scene, "/answers/we-collaborate"), version=version, answer="They asked and she came.")
    page = visitor.get(at(scene, "/check")).text
    assert "Submit your application" in page
    assert "Look at these again" in page


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


def test_submitting_twice_by_the_back_button_is_refused(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    version = value(visitor.get(at(scene, "/check")).text, "version")
    assert visitor.post(at(scene, "/check"), version=version, own="y").status_code == 200
    again = visitor.post(at(scene, "/check"), version=version, own="y")
    assert again.status_code == 409
    assert "already applied" in again.text


def test_submitting_an_edition_that_was_changed_elsewhere_shows_it_again(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    version = value(visitor.get(at(scene, "/check")).text, "version")
    visitor.post(at(scene, "/answers/we-collaborate"), version="1", answer="A later thought.")
    stale = visitor.post(at(scene, "/check"), version=version, own="y")
    assert stale.status_code == 409
    assert "A later thought." in stale.text
    assert visitor.post(at(scene, "/check"), version=value(stale.text, "version"), own="y").status_code == 200


def test_amending_asks_for_the_sealed_parts_again_and_keeps_the_code(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    code = code_on(submit(visitor, scene))
    assert visitor.post(at(scene, "/amend"), code=code).status_code == 303
    tasks = visitor.get(at(scene, "/tasks")).text
    assert tasks.count("Completed") == 2
    assert "Change your application" in tasks
    write_all(visitor, scene, {**ANSWERS, "we-collaborate": "A better account."})
    page = submit(visitor, scene)
    assert "Changed application submitted" in page
    assert code_on(page) == code
    assert "A better account." in visitor.post(at(scene, "/code"), code=code).text


def test_withdrawing_needs_the_tick_and_frees_her_to_apply_again(visitor: Visitor, scene: Scene, ada: Person) -> None:
    write_all(visitor, scene)
    code = code_on(submit(visitor, scene))
    unsure = visitor.post(at(scene, "/withdraw"), code=code)
    assert unsure.status_code == 422
    assert "Confirm that you want to withdraw this application" in unsure.text
    assert visitor.post(at(scene, "/withdraw"), code=code, sure="y").status_code == 303
    with scene.db.begin():
        assert queries.state_of(scene.db, scene.board, ada.account) is RollState.WITHDRAWN
    assert "Start your application" in visitor.get(at(scene)).text


@pytest.mark.vault("V12")
def test_another_persons_code_opens_nothing(app: Flask, database: Database, visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    code = code_on(submit(visitor, scene))
    other = scene.person()
    scene.db.commit()
    stranger = visit(app, database, scene, other)
    for page, fields in (("/code", {}), ("/amend", {}), ("/withdraw", {"sure": "y"}), ("/receipt", {})):
        answer = stranger.post(at(scene, page), code=code, **fields)
        assert answer.status_code == 422, page
        assert ANSWERS["we-collaborate"] not in answer.text


def test_standing_down_without_the_code(visitor: Visitor, scene: Scene, ada: Person) -> None:
    write_all(visitor, scene)
    submit(visitor, scene)
    assert visitor.post(at(scene, "/stand-down")).status_code == 422
    assert visitor.post(at(scene, "/stand-down"), sure="y").status_code == 303
    assert "Stood down" in visitor.get("/applications").text
    assert visitor.get(at(scene, "/stand-down")).status_code == 404
    assert visitor.get(at(scene, "/details")).status_code == 409


@pytest.mark.leak("L36")
def test_a_board_one_may_not_apply_to_is_as_missing_as_one_that_does_not_exist(
    app: Flask, database: Database, scene: Scene
) -> None:
    member = visit(app, database, scene, scene.holder(Role.MARKER))
    there, nowhere = member.get(at(scene)), member.get(f"/applications/{BoardId.new()}")
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text
    assert scene.policy.title not in member.get("/applications").text
    assert member.post(at(scene, "/answers/we-collaborate"), version="0", answer="x").status_code == 409


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


def test_unknown_questions_and_pages_before_sign_in(app: Flask, visitor: Visitor, scene: Scene) -> None:
    assert visitor.get(at(scene, "/answers/courage")).status_code == 404
    assert visitor.get(at(scene, "/answers/nothing")).status_code == 404
    assert app.test_client().get(at(scene)).status_code == 302


def test_hr_closes_the_board_after_the_deadline(
    app: Flask, database: Database, visitor: Visitor, scene: Scene, config: Config
) -> None:
    write_all(visitor, scene)
    submit(visitor, scene)
    hr = visit(app, database, scene, scene.holder(Role.HR))
    early = hr.get(f"/boards/{scene.board}/close").text
    assert "Wait until the deadline has passed." in early
    assert "A closed board does not open again." not in early
    assert hr.post(f"/boards/{scene.board}/close").status_code == 409
    scene.pass_deadline()
    scene.db.commit()
    assert "1 candidate has applied" in hr.get(f"/boards/{scene.board}/close").text
    closed = hr.post(f"/boards/{scene.board}/close")
    assert closed.status_code == 200
    assert "Board closed" in closed.text
    with scene.db.begin():
        held = board(scene.db, scene.board)
        assert (held.submissions, held.scrubbed_on is not None) == (1, True)
    assert hr.get("/applications").status_code == 302
    assert not (config.keys / "drafts" / f"{scene.board}.key").exists()


def test_after_the_close_the_code_still_opens_the_submission_and_withdraws_it(
    app: Flask, database: Database, visitor: Visitor, scene: Scene, ada: Person
) -> None:
    write_all(visitor, scene)
    code = code_on(submit(visitor, scene))
    hr = visit(app, database, scene, scene.holder(Role.HR))
    scene.pass_deadline()
    scene.db.commit()
    hr.post(f"/boards/{scene.board}/close")
    back = visit(app, database, scene, ada)
    opened = back.post(at(scene, "/code"), code=code).text
    assert "one of the 1 submission" in opened
    assert "Change your application" not in opened
    assert json.loads(back.post(at(scene, "/receipt"), code=code).text)["counted"]["size"] == 1
    assert back.post(at(scene, "/withdraw"), code=code, sure="y").status_code == 303
    assert "You have withdrawn this application." in back.post(at(scene, "/code"), code=code).text
    assert back.post(at(scene, "/amend"), code=code).status_code == 409


def test_scrubbing_again_is_hrs_alone(app: Flask, database: Database, visitor: Visitor, scene: Scene) -> None:
    hr = visit(app, database, scene, scene.holder(Role.HR))
    assert visitor.post(f"/boards/{scene.board}/scrub").status_code == 404
    assert hr.post(f"/boards/{scene.board}/scrub").status_code == 409
    scene.pass_deadline()
    scene.db.commit()
    hr.post(f"/boards/{scene.board}/close")
    hr = visit(app, database, scene, scene.holder(Role.HR))
    assert hr.post(f"/boards/{scene.board}/scrub").status_code == 303


@pytest.mark.parametrize(
    ("stage", "said", "unsaid"),
    [
        (Stage.MARKING, "to see or withdraw what you submitted", "See your result"),
        (Stage.PUBLISHED, "See your result", "Stand down"),
        (Stage.CANCELLED, "This board was cancelled.", "Use your receipt code"),
        (Stage.ARCHIVED, "Applied", "Use your receipt code"),
    ],
)
def test_her_page_of_a_board_says_what_she_can_still_do(
    visitor: Visitor, scene: Scene, stage: Stage, said: str, unsaid: str
) -> None:
    write_all(visitor, scene)
    submit(visitor, scene)
    scene.db.get_one(BoardRow, scene.board).stage = stage.value
    scene.db.commit()
    page = visitor.get(at(scene)).text
    assert said in page
    assert unsaid not in page


def test_pages_take_as_many_queries_whatever_the_board_holds(
    visitor: Visitor, scene: Scene, database: Database
) -> None:
    def counts() -> list[int]:
        found = []
        for page in ("", "/tasks", "/check", "/answers/we-collaborate", "/known"):
            with counted(database) as heard:
                visitor.get(at(scene, page))
            found.append(len(heard))
        return found

    before = counts()
    for _ in range(6):
        scene.apply(scene.person())
        scene.person(Role.MARKER)
    scene.db.commit()
    assert counts() == before
