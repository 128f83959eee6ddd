"""Who has an account is told neither by a page nor by the work behind it: the same bytes, statements and hashes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel.kernel.database import Database
from panel.kernel.ids import InvitationId
from panel.named.accounts import hashing, service
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill
from tests.web.test_query_counts import counted

pytestmark = [pytest.mark.vault("V24"), pytest.mark.leak("L37")]
#: As long as each other, so that the pages may be compared to the byte.
NEVER, CLOSED, UNKNOWN = (EMAIL.replace("niamh", name) for name in ("never", "ended", "nobod"))
KINDS = (EMAIL, NEVER, CLOSED, UNKNOWN)


@dataclass(frozen=True)
class Met:
    """What a stranger gets, and what it cost."""

    status: int
    location: str | None
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: tuple[str, ...]
    hashes: tuple[str, ...]


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """One who signs in, one who never set her password, and one whose account has ended."""
    added_niamh(database)
    with database.writing("named") as db:
        service.add(db, name="Never Yet", email=NEVER, staff_no="1")
        closed = service.add_active(
            db, name="Long Gone", email=CLOSED, staff_no="2", password=PASSWORD, profile="rehearsal"
        )
        boss = service.add_active(
            db, name="Boss", email="boss@x.example", staff_no="3", password=PASSWORD, profile="rehearsal"
        )
        service.end(db, service.person_of(db, boss), closed)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The costs of every hash that is worked out; the real one goes on."""
    worked: list[str] = []
    real = hashing._verified

    def noting(password: str, encoded: str) -> bool:
        worked.append(encoded.rsplit("$", 2)[0])
        return real(password, encoded)

    monkeypatch.setattr(hashing, "_verified", noting)
    return worked


def met(database: Database, hashes: list[str], ask: Callable[[], TestResponse], *typed: str) -> Met:
    hashes.clear()
    with counted(database) as said:
        answer = ask()
    body = re.sub(r'(name="csrf_token" value=")[0-9a-f]+', r"\1", answer.text)
    for each in typed:
        body = body.replace(each, "what was typed")
    head = tuple(sorted((key, value) for key, value in answer.headers if key not in {"Set-Cookie", "Date"}))
    # counts are taken in the order of their digests, which is another for every address that is typed
    return Met(answer.status_code, answer.location, head, body, tuple(sorted(said)), tuple(hashes))


def same(found: list[Met]) -> Met:
    for each in found[1:]:
        assert each == found[0]
    return found[0]


def test_a_wrong_password_costs_and_says_the_same_whoever_it_is(
    new_client: Callable[[], FlaskClient], database: Database, hashes: list[str]
) -> None:
    def ask(email: str) -> Met:
        client = new_client()
        return met(
            database, hashes, lambda: fill(client, "/sign-in", email=email, password="not the password at all"), email
        )

    ask("somebody.else@x.example")
    found = same([ask(email) for email in KINDS])
    assert (found.status, len(found.hashes)) == (422, 1)
    # the same once the limit is near, and past it
    for email in KINDS:
        for _ in range(9):
            ask(email)
    assert same([ask(email) for email in KINDS]).status == 429


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_it_costs_the_same_in_a_browser_that_shows_a_token(
    new_client: Callable[[], FlaskClient], database: Database, hashes: list[str]
) -> None:
    def ask(email: str) -> Met:
        client = new_client()
        client.set_cookie("panel-browser", "x" * 43)
        return met(database, hashes, lambda: fill(client, "/sign-in", email=email, password="not the password"), email)

    ask("somebody.else@x.example")
    assert same([ask(email) for email in KINDS]).status == 422


def test_the_right_password_of_an_account_that_ended_says_the_same(
    new_client: Callable[[], FlaskClient], database: Database, hashes: list[str]
) -> None:
    asked = [(email, new_client()) for email in (CLOSED, NEVER, UNKNOWN)]
    fill(new_client(), "/sign-in", email=UNKNOWN, password=PASSWORD)
    found = [
        met(database, hashes, lambda who=email, by=client: fill(by, "/sign-in", email=who, password=PASSWORD), email)
        for email, client in asked
    ]
    assert same([found[0], found[1]]).status == 422
    assert found[2].body == found[0].body


def test_asking_for_a_link_costs_and_says_the_same_whoever_it_is(
    new_client: Callable[[], FlaskClient], database: Database, hashes: list[str]
) -> None:
    def ask(email: str) -> Met:
        client = new_client()
        return met(database, hashes, lambda: fill(client, "/forgotten-password", email=email), email)

    ask("somebody.else@x.example")
    assert same([ask(email) for email in KINDS]).status == 200
    assert same([ask(email) for email in KINDS]).status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_used_or_of_an_account_that_ended_is_like_one_that_never_was(
    client: FlaskClient, database: Database, hashes: list[str], method: str
) -> None:
    used, ended = _links(database)
    fill(client, f"/invitation/{used}", password="marmalade on the roof")
    pages = [f"/invitation/{each}" for each in (used, ended, InvitationId.new())]
    sent = {"password": "marmalade on the roof", "csrf_token": _token(client)}
    form = sent if method == "POST" else None
    found = [met(database, hashes, lambda at=page: client.open(at, method=method, data=form)) for page in pages]
    assert (same(found).status, found[0].hashes) == (404, ())


def _token(client: FlaskClient) -> str:
    return re.findall(r'name="csrf_token" value="([0-9a-f]+)"', client.get("/sign-in").text)[0]


def _links(database: Database) -> tuple[InvitationId, InvitationId]:
    with database.writing("named") as db:
        _, used = service.add(db, name="One", email="one@x.example", staff_no="4")
        account, ended = service.add(db, name="Two", email="two@x.example", staff_no="5")
        boss = service.add_active(
            db, name="B", email="b@x.example", staff_no="8", password=PASSWORD, profile="rehearsal"
        )
        service.end(db, service.person_of(db, boss), account)
    return used, ended
