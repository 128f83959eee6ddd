"""The auditor's pages: who meets them, what they say, and what they notice."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from panel.access import service as access
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.models import LogEntry
from panel.audit.service import append
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, AccountId, BoardId
from tests.named.setup.staff import acting, begun, person
from tests.unguarded import unguarded

NAME = "Dana Reed"


@dataclass(frozen=True)
class Audited:
    """A board with a few entries, its auditor and its HR."""

    board: BoardId
    auditor: AccountId
    hr: AccountId


@pytest.fixture
def audited(database: Database, config: Config) -> Audited:
    with database.writing() as db:
        draft = begun(db)
        auditor, dana = person(db, "Ada Auditor"), person(db, NAME)
        access.grant(db, draft.board, auditor, Role.AUDITOR)
        hr = acting(db, draft.hr)
        facts = {"person": str(acting(db, dana).id), "part": "custodian"}
        append(db, draft.board, "person.appointed", hr.id, Role.HR, facts)
        sign_head(db, draft.board, Signer.of(config.keys))
        append(
            db, draft.board, "score.agreed", hr.id, Role.CHAIR, {"number": 123456, "criterion": "courage", "score": 3}
        )
    return Audited(draft.board, auditor, draft.hr)


@pytest.fixture
def enter(app: Flask, database: Database) -> Callable[[AccountId], FlaskClient]:
    def start(account: AccountId) -> FlaskClient:
        with database.writing() as db:
            token = access.start_session(db, account)
        browser = app.test_client()
        browser.set_cookie("panel", token)
        return browser

    return start


@pytest.fixture
def tamper(config: Config) -> Callable[[str], None]:
    """Somebody with the owner's password, who takes the triggers away first."""

    def change(statement: str) -> None:
        with unguarded(config) as connection:
            schema = "" if connection.dialect.name == "sqlite" else "open."
            connection.execute(text(statement.format(log=f"{schema}log_entry", head=f"{schema}log_head")))

    return change


def test_auditor_reads_every_entry_in_order_with_the_names_of_staff(
    audited: Audited, enter: Callable[[AccountId], FlaskClient]
) -> None:
    page = enter(audited.auditor).get(f"/oversight/{audited.board}").text
    told = ["Began the board.", f"Appointed {NAME} as custodian.", "Settled submission 123456, criterion courage"]
    places = [page.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "Hana Ross, HR" in page
    assert "Hana Ross, chair" in page
    assert "Signed heads" in page


def test_home_lists_the_boards_one_audits(audited: Audited, enter: Callable[[AccountId], FlaskClient]) -> None:
    page = enter(audited.auditor).get("/oversight").text
    assert f"/oversight/{audited.board}" in page
    assert "/oversight/system" not in page


def test_others_find_no_log(audited: Audited, enter: Callable[[AccountId], FlaskClient], database: Database) -> None:
    with database.writing() as db:
        elsewhere = person(db, "Otto Other")
        access.grant(db, BoardId.new(), elsewhere, Role.AUDITOR)
    for who in (audited.hr, elsewhere):
        browser = enter(who)
        assert browser.get(f"/oversight/{audited.board}").status_code == 404
        assert browser.get(f"/oversight/{audited.board}/check").status_code == 404
        assert browser.get("/oversight/system").status_code == 404
    assert enter(audited.hr).get("/oversight").status_code == 404


def test_auditor_of_the_system_reads_its_log(
    audited: Audited, enter: Callable[[AccountId], FlaskClient], database: Database
) -> None:
    with database.writing() as db:
        access.grant(db, SYSTEM, audited.auditor, Role.AUDITOR)
        append(db, SYSTEM, "framework.loaded", None, "system", {})
    browser = enter(audited.auditor)
    assert "/oversight/system" in browser.get("/oversight").text
    assert "Loaded a framework." in browser.get("/oversight/system").text
    assert "The log agrees" in browser.get("/oversight/system/check").text


def test_untouched_log_agrees(audited: Audited, enter: Callable[[AccountId], FlaskClient]) -> None:
    page = enter(audited.auditor).get(f"/oversight/{audited.board}/check").text
    assert "The log agrees" in page
    assert "built anew from 3 entries" in page
    assert "1 signed head" in page


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("DELETE FROM {log} WHERE seq = 1", "Entry 2 is not where it was written."),
        ("UPDATE {log} SET leaf = body WHERE 1 = 0", ""),
        ("UPDATE {head} SET size = 7", "The log’s head cannot be read."),
    ],
)
def test_check_names_what_was_changed(
    audited: Audited,
    enter: Callable[[AccountId], FlaskClient],
    tamper: Callable[[str], None],
    change: str,
    fault: str,
) -> None:
    tamper(change)
    page = enter(audited.auditor).get(f"/oversight/{audited.board}/check").text
    assert ("The log does not agree" in page) == bool(fault)
    assert fault in page


def test_check_notices_a_head_signed_by_somebody_else(
    audited: Audited, enter: Callable[[AccountId], FlaskClient], database: Database
) -> None:
    with database.writing() as db:
        sign_head(db, audited.board, Signer(b"\x07" * 32))
    page = enter(audited.auditor).get(f"/oversight/{audited.board}/check").text
    assert "The head at 3 entries is not signed with this installation’s key." in page


def test_entry_that_cannot_be_read_is_shown_as_such(
    audited: Audited, enter: Callable[[AccountId], FlaskClient], database: Database
) -> None:
    with database.writing() as db:
        db.execute(insert(LogEntry).values(log=audited.board, seq=3, body=b"<p>", leaf=bytes(32)))
    browser = enter(audited.auditor)
    assert "This entry cannot be read" in browser.get(f"/oversight/{audited.board}").text
    assert "Entry 3 cannot be read." in browser.get(f"/oversight/{audited.board}/check").text
