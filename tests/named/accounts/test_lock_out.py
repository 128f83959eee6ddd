"""Somebody who knows a custodian's address tries to keep her out on the day, from one place or from everywhere."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts import devices, service
from panel.named.accounts.models import KnownDevice
from panel.named.accounts.proving import Proof, WrongPassword, prove
from panel.named.accounts.throttle import ASKED_FROM_PLACE, OWN, PERSON, PLACE, TooManyAttempts, refusal
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, sign_in

NOON = datetime(2026, 11, 22, 12, 17, tzinfo=UTC)
GOOD = "marmalade on the roof"
BROWSER = "panel-browser"
MAL = "mal@x.example"


def wrong(database: Database, proof: Proof, times: int) -> list[type[Exception]]:
    met = []
    for _ in range(times):
        with pytest.raises((WrongPassword, TooManyAttempts)) as refused:
            prove(database, proof, "rehearsal")
        met.append(refused.type)
    return met


def attack(database: Database) -> None:
    """Wrong passwords from her own place and from five others, until all of it is refused."""
    for place in ("127.0.0.1", *(f"203.0.113.{n}" for n in range(5))):
        met = wrong(database, Proof(EMAIL, "not the password at all", place), 12)
    assert met[-1] is TooManyAttempts


@contextmanager
def on_the_day(database: Database) -> Iterator[None]:
    with clock.set_to(NOON):
        attack(database)
        yield


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


@pytest.fixture
def desk(client: FlaskClient, niamh: AccountId) -> FlaskClient:
    """Where she has signed in before, and is signed out again."""
    with clock.set_to(NOON - timedelta(days=40)):
        sign_in(client)
        fill(client, "/", to="/sign-out")
    assert client.get_cookie(BROWSER)
    return client


@pytest.mark.vault("V24")
@pytest.mark.usefixtures("niamh")
def test_an_attacker_cannot_keep_her_out_of_a_browser_she_knows(desk: FlaskClient, database: Database) -> None:
    with on_the_day(database):
        assert sign_in(desk, password="a slip of the fingers").status_code == 422
        assert sign_in(desk).status_code == 303


@pytest.mark.vault("V24")
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_an_attacker_cannot_keep_her_from_confirming_her_password(
    client: FlaskClient, database: Database, niamh: AccountId
) -> None:
    with clock.set_to(NOON):
        sign_in(client)
        client.delete_cookie(BROWSER)
        attack(database)
        assert fill(client, "/confirm-password", password=PASSWORD).status_code == 303
        assert fill(client, "/account/password", current_password=PASSWORD, password=GOOD).status_code == 303


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.usefixtures("niamh")
def test_a_browser_new_to_her_is_told_how_long_to_wait_and_what_else_helps(
    client: FlaskClient, database: Database
) -> None:
    with on_the_day(database):
        answer = sign_in(client)
    assert answer.status_code == 429
    assert "Wait 43 minutes" in answer.text
    assert "I have forgotten my password" in answer.text
    with clock.set_to(NOON + timedelta(minutes=43)):
        assert sign_in(client).status_code == 303


@pytest.mark.vault("V24")
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_a_link_lets_a_new_browser_in_while_the_attack_goes_on(
    client: FlaskClient, database: Database, niamh: AccountId
) -> None:
    with on_the_day(database):
        assert fill(client, "/forgotten-password", email=EMAIL).status_code == 200
        with database.writing("named") as db:
            link = service.posting.mint(db, niamh)
        fill(client, f"/invitation/{link}", password=GOOD)
        attack(database)
        assert sign_in(client, password=GOOD).status_code == 303


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.usefixtures("niamh")
def test_links_are_still_to_be_had_where_somebody_uses_up_all_of_a_place(
    desk: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    stranger = new_client()
    with clock.set_to(NOON):
        asked = [fill(stranger, "/forgotten-password", email="x@y.example") for _ in range(ASKED_FROM_PLACE + 1)]
        assert [asked[0].status_code, asked[-1].status_code] == [200, 429]
        assert fill(desk, "/forgotten-password", email=EMAIL).status_code == 200


@pytest.mark.vault("V24")
def test_what_is_tried_in_a_known_browser_is_limited_too_and_holds_up_nobody_else(
    database: Database, niamh: AccountId
) -> None:
    with clock.set_to(NOON):
        with database.writing("named") as db:
            tokens = devices.remember(db, niamh, ())
        assert tokens
        met = wrong(database, Proof(EMAIL, "not the password at all", "198.51.100.4", device=tokens), OWN + 2)
        assert met == [WrongPassword] * OWN + [TooManyAttempts] * 2
        assert prove(database, Proof(EMAIL, PASSWORD, "198.51.100.4"), "rehearsal") == niamh


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_a_browser_known_to_somebody_else_is_a_stranger_to_her(database: Database, niamh: AccountId) -> None:
    with clock.set_to(NOON):
        with database.writing("named") as db:
            mal = service.add_active(
                db, name="Mal", email="mal@x.example", staff_no="6", password=PASSWORD, profile="rehearsal"
            )
            tokens = devices.remember(db, mal, ()) or ()
        attack(database)
        for proof in (Proof(EMAIL, PASSWORD, "203.0.113.1", device=tokens), Proof(EMAIL, PASSWORD, "203.0.113.1")):
            with pytest.raises(TooManyAttempts):
                prove(database, proof, "rehearsal")
        with clock.set_to(NOON + devices.LIFE + timedelta(days=1)), database.writing("named") as db:
            assert devices.known(db, tokens) is None


@pytest.mark.leak("L33")
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_a_browser_is_known_by_the_hash_of_its_token_until_the_password_changes(
    desk: FlaskClient, database: Database, niamh: AccountId
) -> None:
    cookie = desk.get_cookie(BROWSER)
    assert cookie
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    raw = urlsafe_b64decode(cookie.value + "=")
    assert len(raw) == 32
    assert bytes(niamh) not in raw
    with database.writing("named") as db:
        row = db.scalars(select(KnownDevice).order_by(KnownDevice.token_hash)).one()
        assert cookie.value.encode() not in row.token_hash
        assert set(KnownDevice.__table__.columns.keys()) == {"token_hash", "account", "expires_on"}
        link = service.posting.mint(db, niamh)
        service.set_password(db, link, GOOD, "rehearsal")
        assert db.scalars(select(KnownDevice).order_by(KnownDevice.token_hash)).all() == []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.usefixtures("niamh")
def test_a_browser_keeps_its_token_until_a_month_before_it_ends(desk: FlaskClient) -> None:
    tokens = []
    for days in (0, 1, 25):
        with clock.set_to(NOON + timedelta(days=days)):
            sign_in(desk)
            cookie = desk.get_cookie(BROWSER)
            tokens.append(cookie and cookie.value)
    assert tokens[0] == tokens[1] != tokens[2]


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_two_who_share_a_browser_do_not_make_strangers_of_each_other(
    desk: FlaskClient, database: Database, niamh: AccountId
) -> None:
    with database.writing("named") as db:
        service.add_active(db, name="Mal", email=MAL, staff_no="6", password=PASSWORD, profile="rehearsal")
    with on_the_day(database):
        sign_in(desk, email=MAL)
        fill(desk, "/", to="/sign-out")
        assert sign_in(desk).status_code == 303
        fill(desk, "/", to="/sign-out")
        cookie = desk.get_cookie(BROWSER)
        assert cookie
        assert len(cookie.value.split(".")) == 2
        desk.set_cookie(BROWSER, f"{cookie.value}.{'.'.join('x' * 90)}")
        assert sign_in(desk, email=MAL).status_code == 303
        with database.writing("named") as db:
            assert devices.known(db, cookie.value.split("."), niamh)


def test_a_browser_is_known_to_a_few_and_the_first_gives_way(db: Session) -> None:
    people = [
        service.add_active(
            db, name="x", email=f"{n}@x.example", staff_no=str(n), password=PASSWORD, profile="rehearsal"
        )
        for n in range(devices.MOST + 1)
    ]
    tokens: tuple[str, ...] = ()
    for each in people:
        tokens = devices.remember(db, each, tokens) or tokens
    assert [devices.known(db, tokens, each) is not None for each in people] == [False, *[True] * devices.MOST]
    assert devices.remember(db, people[3], tokens) is None
    assert devices.known(db, ()) is None


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_tokens_that_are_good_for_nothing_take_nobodys_place(db: Session, database: Database) -> None:
    people = [
        service.add_active(
            db, name="x", email=f"{n}@x.example", staff_no=str(n), password=PASSWORD, profile="rehearsal"
        )
        for n in range(2)
    ]
    tokens = devices.remember(db, people[0], ()) or ()
    for _ in range(devices.MOST):
        tokens = devices.remember(db, people[1], (*tokens, "made-up")) or tokens
        devices.forget(db, people[1])  # as a new password does
    assert devices.known(db, tokens, people[0])
    assert len(tokens) == 2


def test_a_refusal_says_how_long_it_lasts() -> None:
    assert refusal(NOON, known=True) == "Wait 43 minutes, then try again."
    assert refusal(NOON.replace(minute=59), known=True) == "Wait 1 minute, then try again."
    assert PLACE > PERSON > OWN
