"""Who has a part needs a second step: led to one before anything opens, kept from giving it up, reset by others."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.access import service as access
from panel.access.queries import person_of
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.config import Config, from_environment
from panel.health import check
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured
from panel.kernel.ids import SYSTEM, AccountId, MarkerId
from panel.named.accounts import service
from panel.named.accounts.factors import totp
from panel.named.accounts.factors.held import Held, demanded, held
from panel.named.accounts.mail import transport
from panel.named.accounts.queries import by_email
from tests.named.accounts.second_steps import SECOND, SET_UP, appoint, demanding, enter, halfway, secret_on, set_up
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, sign_in

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.vault("V24")

Browsers = Callable[[], FlaskClient]


@pytest.fixture
def engine_kind() -> str:
    """As in `test_second_step`."""
    return "sqlite"


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


@pytest.fixture
def appointed(niamh: AccountId, database: Database) -> AccountId:
    appoint(database, niamh)
    return niamh


@pytest.fixture(autouse=True)
def strict(app: Flask, config: Config) -> Iterator[None]:
    demanding(app, config)
    with clock.set_to(NOON):
        yield


def test_a_candidate_may_do_without(niamh: AccountId, client: FlaskClient) -> None:
    assert sign_in(client).location == "/"


def test_a_part_leads_to_setting_one_up_and_nothing_else_opens(appointed: AccountId, client: FlaskClient) -> None:
    assert sign_in(client, next="/accounts").location == "/sign-in/set-up?next=/accounts"
    assert f"{SET_UP}?next=/accounts" in client.get("/sign-in/set-up?next=/accounts").text
    for page in ("/", "/account", "/account/security", "/accounts", "/panel/training"):
        assert client.get(page).location == f"/sign-in?next={page}"
    fill(client, SET_UP, to=f"{SET_UP}/secret")
    assert fill(client, SET_UP, code="000000").status_code == 422
    assert client.get("/").location == "/sign-in?next=/"
    phone, answer = set_up(client)
    assert (answer.status_code, len(phone.codes)) == (200, 10)
    assert client.get("/accounts").status_code == 200


def test_a_stolen_password_sets_up_no_second_app_beside_the_first(
    appointed: AccountId, client: FlaskClient, new_client: Browsers
) -> None:
    thief = new_client()
    sign_in(thief)
    fill(thief, SET_UP, to=f"{SET_UP}/secret")
    secret_on(thief)
    sign_in(client)
    set_up(client)
    assert thief.get(SET_UP).location.startswith("/sign-in")
    assert fill(thief, "/sign-in", to=SET_UP, code="000000").location.startswith("/sign-in")


def test_a_secret_that_was_drawn_by_a_thief_is_never_shown_to_the_owner(
    appointed: AccountId, client: FlaskClient, new_client: Browsers
) -> None:
    thief = new_client()
    sign_in(thief)
    fill(thief, SET_UP, to=f"{SET_UP}/secret")
    stolen = secret_on(thief)
    sign_in(client)
    assert (secret_on(client), client.get(f"{SET_UP}/qr").status_code) == (b"", 404)
    fill(client, SET_UP, code=totp.code(stolen, totp.counter(NOON)))
    assert client.get("/").location.startswith("/sign-in")
    phone, _ = set_up(client)
    assert phone.secret != stolen


def test_what_is_being_set_up_outlasts_a_step_up(niamh: AccountId, client: FlaskClient) -> None:
    sign_in(client)
    fill(client, SET_UP, to=f"{SET_UP}/secret")
    secret = secret_on(client)
    with clock.set_to(NOON + timedelta(minutes=6)):
        assert client.get(SET_UP).location.startswith("/confirm-password")
        fill(client, f"/confirm-password?next={SET_UP}", password=PASSWORD)
        assert secret_on(client) == secret


def test_the_first_part_ends_the_sessions_of_who_gets_it(
    niamh: AccountId, client: FlaskClient, database: Database
) -> None:
    sign_in(client)
    appoint(database, niamh)
    assert client.get("/account").location.startswith("/sign-in")
    assert sign_in(client).location.startswith("/sign-in/set-up")
    set_up(client)
    appoint(database, niamh, Role.ADMINISTRATOR)  # a further one asks for nothing new
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_part_asks_for_one(role: Role, niamh: AccountId, database: Database, app: Flask) -> None:
    appoint(database, niamh, role)
    with database.reading("named") as db:
        assert demanded(db, app.extensions["panel.config"], niamh)
        assert not demanded(db, Config(instance=Path(), profile="rehearsal"), niamh)


def test_the_only_way_is_not_given_up_while_a_part_asks_for_one(
    appointed: AccountId, client: FlaskClient, database: Database
) -> None:
    sign_in(client)
    set_up(client)
    refused = fill(client, f"{SET_UP}/remove")
    assert (refused.status_code, "this is your only one" in refused.text) == (422, True)
    with database.writing("named") as db:
        access.revoke(db, SYSTEM, appointed, Role.HR)
    assert fill(client, f"{SET_UP}/remove").status_code == 303
    page = client.get("/account/security").text
    assert "password alone" in page
    assert "Recovery codes" not in page


def test_another_app_replaces_the_first(appointed: AccountId, client: FlaskClient, new_client: Browsers) -> None:
    sign_in(client)
    old, _ = set_up(client)
    with clock.set_to(NOON + timedelta(minutes=1)):
        new, answer = set_up(client)
        assert answer.location.startswith("/account/security")
    with clock.set_to(NOON + timedelta(minutes=2)):
        browser = new_client()
        halfway(browser)
        assert enter(browser, old.shows).status_code == 422
        assert enter(browser, new.shows).status_code == 303
        assert "10 left" in browser.get("/account/security").text


def test_new_recovery_codes_end_the_old_ones_and_ask_for_a_step_up(
    appointed: AccountId, client: FlaskClient, new_client: Browsers
) -> None:
    sign_in(client)
    phone, _ = set_up(client)
    page = "/account/security/recovery-codes"
    made = fill(client, page)
    assert made.text.count("<li><code>") == 10
    assert phone.codes[0] not in made.text
    browser = new_client()
    halfway(browser)
    assert enter(browser, phone.codes[0]).status_code == 422
    with clock.set_to(NOON + timedelta(minutes=6)):
        for path in (page, SET_UP, f"{SET_UP}/remove"):
            assert client.get(path).location == f"/confirm-password?next={path}"


@pytest.fixture
def administrator(database: Database, new_client: Browsers) -> FlaskClient:
    """Somebody else, signed in with her own second step."""
    with database.writing("named") as db:
        account = service.add_active(
            db, name="Ada Min", email="ada@f.example", staff_no="9", password="mellow orchard tin", profile="rehearsal"
        )
        access.grant(db, SYSTEM, account, Role.ADMINISTRATOR)
    browser = new_client()
    sign_in(browser, email="ada@f.example", password="mellow orchard tin")
    set_up(browser)
    return browser


def test_an_administrator_resets_and_the_person_is_told_and_signed_out(
    appointed: AccountId, client: FlaskClient, administrator: FlaskClient, database: Database, config: Config
) -> None:
    sign_in(client)
    set_up(client)
    with database.reading("named") as db:
        page = f"/accounts/{person_of(db, appointed)}/second-step"
    assert fill(administrator, page).status_code == 422
    assert fill(administrator, page, sure="y").status_code == 303
    assert client.get("/").location.startswith("/sign-in")
    assert sign_in(client).location.startswith("/sign-in/set-up")
    service.send_mail(database, transport(config))
    letters = [message_from_bytes(path.read_bytes()) for path in (config.instance / "mail").iterdir()]
    told = [letter["Subject"] for letter in letters if letter["To"] == EMAIL]
    assert sorted(told) == [
        "Your second step at sign-in to Blind promotion boards was reset",
        "Your sign-in to Blind promotion boards has changed",
    ]
    with database.reading("named") as db:
        (entry,) = [each for each in entries(db, SYSTEM) if each.kind == "account.second_step_reset"]
        assert entry.facts == {"person": str(person_of(db, appointed))}
    log = (config.instance / "security" / "2026-11-22.jsonl").read_text()
    assert '"second_step_reset"' in log
    assert "Niamh" not in log


def test_a_reset_asks_for_a_step_up_and_is_not_for_oneself(
    appointed: AccountId, client: FlaskClient, administrator: FlaskClient, database: Database
) -> None:
    with database.reading("named") as db:
        page = f"/accounts/{person_of(db, appointed)}/second-step"
        ada = by_email(db, "ada@f.example")
        assert ada
        own = f"/accounts/{person_of(db, ada.id)}/second-step"
    assert "There is nothing to reset" in administrator.get(page).text
    assert fill(administrator, "/account/password", to=own, sure="y").status_code == 409
    sign_in(client)
    set_up(client)
    assert client.get(page).status_code == 404  # HR manages no second steps
    with clock.set_to(NOON + timedelta(minutes=6)):
        assert administrator.get(page).location.startswith("/confirm-password")


def test_an_account_that_has_ended_keeps_nothing(appointed: AccountId, client: FlaskClient, database: Database) -> None:
    sign_in(client)
    set_up(client)
    with database.writing("named") as db:
        service.end(db, MarkerId.new(), appointed)
        assert held(db, appointed) == Held(authenticator=False, passkeys=(), codes_left=0)


def test_the_setting_says_whether_it_is_demanded(config: Config) -> None:
    real = Config(instance=config.instance)
    assert real.demands_second_factor
    assert not Config(instance=config.instance, demo=True).demands_second_factor
    assert not Config(instance=config.instance, profile="rehearsal").demands_second_factor
    lax = from_environment({"PANEL_SECOND_FACTOR": "optional", "PANEL_INSTANCE": str(config.instance)})
    assert not lax.demands_second_factor
    assert from_environment({"PANEL_SECOND_FACTOR": "required", "PANEL_DEMO": "1"}).demands_second_factor
    with pytest.raises(Misconfigured):
        from_environment({"PANEL_SECOND_FACTOR": "no"})
    told = {finding.sentence: finding.good for finding in check(lax)}
    assert told["PANEL_SECOND_FACTOR is 'optional': a stolen password is enough for any part. Unset it."] is False


def test_the_page_of_the_second_step_needs_the_first(client: FlaskClient) -> None:
    assert client.get(SECOND).location == f"/sign-in?next={SECOND}"
