"""A candidate at her pages, from the rules to the receipt."""

import pytest
from flask import Flask

from panel.access.actor import Person
from panel.access.roles import Role
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, ReceiptCode
from panel.named.intake import queries
from tests.named.intake.scene import ANSWERS, Scene
from tests.named.intake.visitor import Visitor, at, code_on, counted, submit, value, visit, write_all


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


def edition_of(scene: Scene, person: Person) -> str:
    """The draft's edition as the check page would show it if it offered to submit."""
    with scene.db.begin():
        draft = queries.draft(scene.db, scene.keys, scene.board, person.account)
    assert draft
    return draft.edition


@pytest.mark.leak("L53")
def test_the_check_page_stops_at_names_and_only_warns_of_pronouns(visitor: Visitor, scene: Scene, ada: Person) -> None:
    write_all(visitor, scene)
    code = value(visitor.get(at(scene, "/check")).text, "code")
    text = "At Ebury Bridge they asked Okonjo. She came."
    visitor.post(at(scene, "/answers/we-collaborate"), version="1", answer=text)
    page = visitor.get(at(scene, "/check")).text
    assert "“Ebury Bridge” – where you work" in page
    assert "“Okonjo” – your name" in page
    assert "“She” – a word such as he or she" in page
    assert "Submit your application" not in page
    version = value(visitor.get(at(scene, "/answers/we-collaborate")).text, "version")
    refused = visitor.post(at(scene, "/check"), edition=edition_of(scene, ada), code=code, own="y")
    assert refused.status_code == 422
    assert "Change “Okonjo” in your answer for ‘We collaborate’: your name" in refused.text
    visitor.post(at(scene, "/answers/we-collaborate"), version=version, answer="They asked and she came.")
    page = visitor.get(at(scene, "/check")).text
    assert "Submit your application" in page
    assert "Look at these again" in page


@pytest.mark.leak("L81")
def test_submitting_again_by_the_back_button_shows_the_receipt_that_was_announced(
    visitor: Visitor, scene: Scene
) -> None:
    write_all(visitor, scene)
    page = visitor.get(at(scene, "/check")).text
    fields = {"edition": value(page, "edition"), "code": value(page, "code"), "own": "y"}
    shown = [visitor.post(at(scene, "/check"), **fields) for _ in range(2)]
    assert [answer.status_code for answer in shown] == [200, 200]
    assert {code_on(each) for each in (page, *(answer.text for answer in shown))} == {fields["code"]}
    unknown = visitor.post(at(scene, "/check"), **{**fields, "code": ReceiptCode.new()})
    assert unknown.status_code == 409
    assert "already applied" in unknown.text


def test_submitting_an_edition_that_was_changed_elsewhere_shows_it_again(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    page = visitor.get(at(scene, "/check")).text
    edition, code = value(page, "edition"), value(page, "code")
    visitor.post(at(scene, "/answers/we-collaborate"), version="1", answer="A later thought.")
    stale = visitor.post(at(scene, "/check"), edition=edition, code=code, own="y")
    assert stale.status_code == 409
    assert "A later thought." in stale.text
    edition = value(stale.text, "edition")
    assert visitor.post(at(scene, "/check"), edition=edition, code=code, own="y").status_code == 200


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


def test_unknown_questions_and_pages_before_sign_in(app: Flask, visitor: Visitor, scene: Scene) -> None:
    assert visitor.get(at(scene, "/answers/courage")).status_code == 404
    assert visitor.get(at(scene, "/answers/nothing")).status_code == 404
    assert app.test_client().get(at(scene)).status_code == 302


@pytest.mark.parametrize(
    ("stage", "said", "unsaid"),
    [
        (Stage.MARKING, "to see or withdraw what you submitted", "See your result"),
        (Stage.PUBLISHED, "See your result", "Stand down"),
        (Stage.CANCELLED, "HR can still see who applied.", "Use your receipt code"),
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
