"""What a receipt code opens at the pages: to look, download, change, withdraw. And standing down without it."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from panel.access.actor import Person
from panel.access.roles import Role
from panel.blind.submissions.models import SubmissionRow
from panel.kernel.database import Database
from panel.kernel.ids import ReceiptCode
from panel.named.intake import queries
from panel.named.intake.models import RollState
from tests.named.intake.scene import ANSWERS, Scene
from tests.named.intake.visitor import Visitor, at, code_on, submit, visit, write_all


@pytest.mark.leak("L19")
def test_candidate_pages_hold_no_ref_but_the_receipt_and_the_code_is_on_no_other_page(
    visitor: Visitor, scene: Scene
) -> None:
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


def test_after_standing_down_the_code_changes_nothing_but_takes_the_application_back(
    visitor: Visitor, scene: Scene, ada: Person
) -> None:
    write_all(visitor, scene)
    code = code_on(submit(visitor, scene))
    assert "Without your code this cannot be undone" in visitor.get(at(scene, "/stand-down")).text
    assert visitor.post(at(scene, "/stand-down"), sure="y").status_code == 303
    assert "to see or withdraw what you submitted" in visitor.get(at(scene)).text
    assert "Change your application" not in visitor.post(at(scene, "/code"), code=code).text
    refused = visitor.post(at(scene, "/amend"), code=code)
    assert refused.status_code == 409
    assert "To apply to it again, first withdraw with your receipt code." in refused.text
    with scene.db.begin():
        assert queries.draft(scene.db, scene.keys, scene.board, ada.account) is None
    assert visitor.post(at(scene, "/withdraw"), code=code, sure="y").status_code == 303
    assert "Start your application" in visitor.get(at(scene)).text


def test_between_deadline_and_close_no_page_promises_that_she_can_apply_again(visitor: Visitor, scene: Scene) -> None:
    write_all(visitor, scene)
    receipt = submit(visitor, scene)
    code = code_on(receipt)
    assert "change it until the deadline" in receipt
    assert "change it until the deadline" in visitor.get("/help/candidates").text
    assert "you can apply again until the deadline" in visitor.post(at(scene, "/code"), code=code).text
    assert "you can then apply again until the deadline" in visitor.get(at(scene, "/stand-down")).text
    scene.pass_deadline()
    scene.db.commit()
    opened = visitor.post(at(scene, "/code"), code=code).text
    assert "Nothing of it will be left. This cannot be undone." in opened
    for page in (opened, visitor.get(at(scene, "/stand-down")).text):
        assert "apply again until" not in page
    assert visitor.post(at(scene, "/withdraw"), code=code, sure="y").status_code == 303


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
