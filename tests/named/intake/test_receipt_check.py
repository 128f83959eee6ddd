"""Checking a receipt at the page that is open to all: what holds, what does not, and nothing more to a stranger."""

import html
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import head_message, verifies
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.queries import board as read_board
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, ReceiptCode
from panel.named.intake import closing, service
from panel.named.intake.presented import NotReceipt, Presented
from panel.named.intake.receipt import receipt
from panel.named.intake.receipt_check import check
from panel.sealed.vault import service as vault
from tests.named.intake.scene import ANSWERS, Scene
from tests.named.intake.visitor import at, visit

pytestmark = pytest.mark.vault("V12")

FORGED = "This service did not sign this receipt"


def made(scene: Scene, person: Person, code: ReceiptCode) -> dict[str, Any]:
    lodged = service.view(scene.db, person, scene.board, code)
    found = receipt(scene.db, scene.keys, read_board(scene.db, scene.board), lodged).to_json()
    scene.db.commit()
    return found


def close(scene: Scene) -> None:
    scene.pass_deadline()
    closing.close(scene.db, scene.keys, scene.holder(Role.HR), scene.board)
    scene.db.commit()


def said(scene: Scene, shown: dict[str, Any]) -> list[tuple[bool | None, str]]:
    found = check(scene.db, scene.keys, Presented.read(json.dumps(shown)))
    return [(each.good, each.sentence) for each in found]


@pytest.fixture
def ask(client: FlaskClient) -> Callable[[str], tuple[int, str, str]]:
    """Paste a text as nobody in particular: status, words, and the page as it came."""

    def asked(pasted: str) -> tuple[int, str, str]:
        page = client.get("/check-a-receipt").text
        token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
        assert token
        answer = client.post("/check-a-receipt", data={"csrf_token": token[1], "receipt": pasted})
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
        return answer.status_code, words, answer.text

    return asked


def test_a_receipt_holds_before_and_after_the_close(scene: Scene, ask: Callable[[str], tuple[int, str, str]]) -> None:
    people = [scene.person() for _ in range(3)]
    lodged = [scene.apply(person) for person in people]
    early = made(scene, people[0], lodged[0].code)
    scene.db.commit()
    status, words, _ = ask(json.dumps(early, indent=2, ensure_ascii=False))
    assert status == 200
    assert "This service gave the receipt for ‘Inspector 2026’." in words
    assert "word for word" in words
    assert "The board has not closed yet." in words
    close(scene)
    late = made(scene, people[0], lodged[0].code)
    assert (early["counted"], late["counted"]["size"]) == (None, 3)
    for each in (early, late):
        _, words, _ = ask(json.dumps(each))
        assert "It is one of the 3 submissions that the board’s log has counted since the close." in words
        assert "Does not hold" not in words


def test_what_was_pasted_is_neither_kept_nor_shown_again(
    scene: Scene, database: Database, ask: Callable[[str], tuple[int, str, str]]
) -> None:
    person = scene.person()
    shown = made(scene, person, scene.apply(person).code)
    scene.db.commit()
    written: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            written.append(statement)

    event.listen(database.engine("named"), "before_cursor_execute", hear)
    _, _, page = ask(json.dumps(shown))
    event.remove(database.engine("named"), "before_cursor_execute", hear)
    assert [each for each in written if "INSERT" in each or "UPDATE" in each or "DELETE" in each] == []
    assert ANSWERS["we-collaborate"] not in html.unescape(page)
    for secret in ("ref", "answers_digest", "envelope_digest", "leaf", "signature"):
        assert str(shown[secret]) not in page


@pytest.mark.parametrize("part", ["ref", "answers_digest", "envelope_digest", "equality_digest", "leaf", "signature"])
def test_a_change_of_what_was_signed_is_found_and_nothing_else_is_said(scene: Scene, part: str) -> None:
    person = scene.person()
    shown = made(scene, person, scene.apply(person).code)
    close(scene)
    value = str(shown[part])
    (only,) = said(scene, shown | {part: value[:-1] + ("0" if value[-1] != "0" else "1")})
    assert only[0] is False
    assert only[1].startswith(FORGED)
    assert "Inspector" not in only[1]


@pytest.mark.leak("L36")
def test_a_stranger_learns_of_no_board(scene: Scene) -> None:
    """A receipt that was not signed here reads the same whether there is such a board or not."""
    person = scene.person()
    shown = made(scene, person, scene.apply(person).code) | {"signature": "00" * 64}
    assert said(scene, shown) == said(scene, shown | {"board": str(BoardId.new())})


def test_changed_answers_rules_and_path_are_each_named(scene: Scene) -> None:
    person = scene.person()
    code = scene.apply(person).code
    scene.apply(scene.person())
    close(scene)
    shown = made(scene, person, code)
    answers = dict(shown["answers"]) | {"we-collaborate": "Something finer."}
    assert (False, "The answers in it were changed: they are not the ones that were submitted.") in said(
        scene, shown | {"answers": answers}
    )
    assert any("The rules it names" in each for good, each in said(scene, shown | {"policy_digest": "00" * 32}))
    bent = dict(shown["counted"]) | {"path": ["11" * 32]}
    found = said(scene, shown | {"counted": bent})
    assert [good for good, _ in found] == [True, True, True, False]
    assert "The path in it was changed." in found[-1][1]


def test_an_earlier_receipt_counts_no_longer_once_the_application_was_changed_or_withdrawn(scene: Scene) -> None:
    changed, gone, other = (scene.person() for _ in range(3))
    first, second = scene.apply(changed), scene.apply(gone)
    scene.apply(other)
    before = made(scene, changed, first.code), made(scene, gone, second.code)
    service.amend(scene.db, scene.keys, changed, scene.board, first.code)
    scene.apply(changed, ANSWERS | {"we-collaborate": "A better account."})
    service.withdraw(scene.db, gone, scene.board, second.code)
    close(scene)
    for shown in before:
        good, sentence = said(scene, shown)[-1]
        assert good is False
        assert sentence.startswith("It is not one of the 2 submissions")


def test_once_the_envelopes_are_gone_the_path_in_a_late_receipt_still_proves(scene: Scene) -> None:
    person = scene.person()
    code = scene.apply(person).code
    early = made(scene, person, code)
    close(scene)
    late = made(scene, person, code)
    scene.db.execute(update(BoardRow).values(stage=Stage.ARCHIVED))
    vault.destroy(scene.db, scene.board)
    assert said(scene, late)[-1] == (
        True,
        "It is one of the 1 submission that the board’s log has counted since the close.",
    )
    assert said(scene, early)[-1][0] is None


@pytest.mark.vault("V25")
@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"kind": "receipt"}',
        "[" * 100_000,
        '{"kind":"receipt","kind":"receipt"}',
        "1e999",
        "NaN",
        '"' + "9" * 5000 + '"',
        "9" * 5000,
    ],
)
def test_anything_else_is_refused_beside_the_box(ask: Callable[[str], tuple[int, str, str]], pasted: str) -> None:
    status, words, _ = ask(pasted)
    assert status == 422
    assert "Paste the" in words
    assert "text of a receipt" in words


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "record"},
        {"format": 2},
        {"board": "x"},
        {"answers": {"a": 1}},
        {"answers": None},
        {"leaf": "00"},
        {"leaf": None},
        {"counted": {"index": 0, "size": 1, "path": ["00" * 32] * 50, "lodged_root": "00" * 32}},
        {"counted": {"index": "0", "size": 1, "path": [], "lodged_root": "00" * 32}},
        {"counted": {"index": True, "size": 1, "path": [], "lodged_root": "00" * 32}},
    ],
)
def test_half_right_input_is_no_receipt(scene: Scene, change: dict[str, Any]) -> None:
    person = scene.person()
    shown = made(scene, person, scene.apply(person).code) | change
    with pytest.raises(NotReceipt):
        Presented.read(json.dumps(shown))


def test_her_own_page_says_what_was_checked(app: Flask, database: Database, scene: Scene, ada: Person) -> None:
    code = scene.apply(ada).code
    scene.apply(scene.person())
    close(scene)
    page = visit(app, database, scene, ada).post(at(scene, "/code"), code=code).text
    assert "checked just now" in page
    assert "It is one of the 2 submissions" in page
    assert 'href="/check-a-receipt"' in page


def test_after_publication_a_candidate_takes_the_signed_heads_and_nobody_else_does(
    app: Flask, database: Database, scene: Scene, ada: Person
) -> None:
    scene.apply(ada)
    close(scene)
    mine = visit(app, database, scene, ada)
    other = visit(app, database, scene, scene.person())
    assert mine.get(at(scene, "/heads")).status_code == 404
    with database.writing() as db:
        db.get_one(BoardRow, scene.board).stage = Stage.PUBLISHED.value
    assert other.get(at(scene, "/heads")).status_code == 404
    assert "signed heads" in mine.get(at(scene)).text
    file = mine.get(at(scene, "/heads"))
    assert file.headers["Content-Disposition"] == f'attachment; filename="heads-{scene.board}.json"'
    found = json.loads(file.text)
    public = bytes.fromhex(found["public_key"])
    assert found["heads"]
    for head in found["heads"]:
        on, root = date.fromisoformat(head["on"]), bytes.fromhex(head["root"])
        assert verifies(public, bytes.fromhex(head["signature"]), head_message(scene.board, head["size"], root, on))
    assert ada.account.hex() not in file.text


@pytest.mark.parametrize("odd", ["\\ud800", "e" + "\\u0301" * 5_000], ids=["half a character", "piled marks"])
def test_what_nobody_could_have_lodged_is_no_receipt(
    scene: Scene, ask: Callable[[str], tuple[int, str, str]], odd: str
) -> None:
    person = scene.person()
    shown = made(scene, person, scene.apply(person).code)
    scene.db.commit()
    for place in ({**shown["answers"], "we-collaborate": "ODD"}, {**shown["answers"], "ODD": ""}):
        status, words, _ = ask(json.dumps({**shown, "answers": place}).replace("ODD", odd))
        assert status == 422
        assert NotReceipt.sentence in words
