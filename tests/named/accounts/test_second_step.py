"""The second step at sign-in: what opens before it, what counts, and how often."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from panel.access.models import SessionRow
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts import posting, service
from panel.named.accounts.factors.halfway import ATTEMPTS, LIFE
from panel.named.accounts.factors.models import AuthenticatorRow
from panel.named.accounts.throttle import PERSON_AND_PLACE
from tests.named.accounts.second_steps import SECOND, SET_UP, Phone, enter, halfway, set_up
from tests.named.accounts.signing import PASSWORD, add_niamh, fill, sign_in

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.vault("V24")

Browsers = Callable[[], FlaskClient]


@pytest.fixture
def engine_kind() -> str:
    """Pages ask the same of both; what has SQL of its own is tried on both in `test_second_step_verbs`."""
    return "sqlite"


@pytest.fixture
def niamh(database: Database) -> AccountId:
    with database.writing("named") as db:
        return add_niamh(db)


@pytest.fixture
def phone(niamh: AccountId, new_client: Browsers) -> Phone:
    """Niamh has had an app for an hour."""
    with clock.set_to(NOON - timedelta(hours=1)):
        browser = new_client()
        sign_in(browser)
        return set_up(browser)[0]


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def sessions(database: Database) -> int:
    with database.reading() as db:
        live = SessionRow.started_at >= NOON
        return db.scalar(select(func.count()).select_from(SessionRow).where(live)) or 0


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("panel")
    assert cookie
    return cookie.value


def test_nobody_who_has_none_and_needs_none_is_asked(niamh: AccountId, client: FlaskClient) -> None:
    assert sign_in(client).location == "/"
    assert "You sign in with your password alone" in client.get("/account/security").text


def test_with_the_code_the_session_begins_where_one_wanted_to_be(phone: Phone, client: FlaskClient) -> None:
    assert sign_in(client, next="/account").location == f"{SECOND}?next=/account"
    assert 'name="next" value="/account"' in client.get(f"{SECOND}?next=/account").text
    assert enter(client, phone.shows, next="/account").location == "/account"
    assert client.get("/account").status_code == 200


def test_with_the_password_alone_no_page_of_either_side_opens(
    phone: Phone, client: FlaskClient, database: Database
) -> None:
    halfway(client)
    assert sessions(database) == 0
    for page in ("/", "/account", "/account/security", "/accounts", "/panel/training", "/applications", "/oversight"):
        assert client.get(page).location == f"/sign-in?next={page}", page
    for page in (SET_UP, f"{SET_UP}/qr", "/sign-in/set-up"):  # another app would be a way past this one
        assert (client.get(page).location or "").startswith("/sign-in?next="), page
    assert client.post("/account/security/authenticator/secret").status_code == 400
    answer = fill(client, SECOND, to=f"{SET_UP}/secret")
    assert answer.location.startswith("/sign-in?next=")


def test_tokens_differ_before_between_and_after(phone: Phone, client: FlaskClient, new_client: Browsers) -> None:
    client.get("/sign-in")
    fill(client, "/forgotten-password", email="")
    planted = cookie_of(client)
    halfway(client)
    between = cookie_of(client)
    enter(client, phone.shows)
    assert len({planted, between, cookie_of(client)}) == 3
    for old in (planted, between):
        thief = new_client()
        thief.set_cookie("panel", old)
        assert thief.get("/").location.startswith("/sign-in")
        assert thief.get(SECOND).location.startswith("/sign-in")


def test_a_code_opens_once_and_no_earlier_one_after_it(phone: Phone, client: FlaskClient, new_client: Browsers) -> None:
    halfway(client)
    now = phone.shows
    with clock.set_to(NOON - timedelta(seconds=30)):
        before = phone.shows
    assert enter(client, now).status_code == 303
    for code in (now, before):
        again = new_client()
        halfway(again)
        refused = enter(again, code)
        assert (refused.status_code, "was used before" in refused.text) == (422, True)
        assert code not in refused.text


def test_the_first_code_that_proved_the_app_does_not_sign_in(niamh: AccountId, new_client: Browsers) -> None:
    browser = new_client()
    sign_in(browser)
    phone, _ = set_up(browser)
    again = new_client()
    halfway(again)
    assert enter(again, phone.shows).status_code == 422


def test_a_recovery_code_opens_once_in_any_spelling(phone: Phone, client: FlaskClient, new_client: Browsers) -> None:
    assert len(set(phone.codes)) == 10
    halfway(client)
    assert enter(client, phone.codes[3].lower().replace("-", " ")).status_code == 303
    assert "9 left" in client.get("/account/security").text
    again = new_client()
    halfway(again)
    assert enter(again, phone.codes[3]).status_code == 422
    assert enter(again, phone.codes[4]).status_code == 303


def test_what_another_person_has_opens_nothing(phone: Phone, database: Database, new_client: Browsers) -> None:
    with database.writing("named") as db:
        service.add_active(
            db, name="Olu Ade", email="olu@f.example", staff_no="2", password="mellow orchard tin", profile="rehearsal"
        )
    hers, his = new_client(), new_client()
    sign_in(his, email="olu@f.example", password="mellow orchard tin")
    other, _ = set_up(his)
    halfway(hers)
    texts = {enter(hers, code).text.split("csrf_token")[0] for code in (other.shows, other.codes[0], "000000", "none")}
    assert len(texts) == 1
    assert enter(hers, phone.codes[0]).status_code == 303


def test_after_a_few_wrong_codes_the_password_is_asked_again(phone: Phone, client: FlaskClient) -> None:
    halfway(client)
    for _ in range(ATTEMPTS):
        assert enter(client, "000000").status_code == 422
    assert client.get(SECOND).location.startswith("/sign-in")
    assert fill(client, "/sign-in", to=SECOND, code=phone.shows).location.startswith("/sign-in")


def test_guessing_codes_is_stopped_though_the_password_is_known(phone: Phone, new_client: Browsers) -> None:
    answers = []
    for _ in range(PERSON_AND_PLACE // ATTEMPTS):
        browser = new_client()
        halfway(browser)
        answers += [enter(browser, "000000").status_code for _ in range(ATTEMPTS)]
    assert answers == [422] * PERSON_AND_PLACE
    last = new_client()
    halfway(last)
    assert enter(last, phone.shows).status_code == 429
    with clock.set_to(NOON + timedelta(hours=1)):
        halfway(last)
        assert enter(last, phone.shows).status_code == 303


def test_who_is_in_is_not_led_back_to_it(phone: Phone, client: FlaskClient) -> None:
    assert sign_in(client, next=SECOND).location == f"{SECOND}?next=/"
    enter(client, phone.shows)
    assert client.get(SECOND).location == "/"


def test_ten_minutes_later_one_begins_again(phone: Phone, client: FlaskClient) -> None:
    halfway(client)
    with clock.set_to(NOON + LIFE + timedelta(seconds=1)):
        assert client.get(SECOND).location.startswith("/sign-in")


def test_after_sign_out_the_page_before_opens_nothing(phone: Phone, client: FlaskClient) -> None:
    halfway(client)
    form = {"code": phone.codes[0], "csrf_token": ""}
    enter(client, phone.shows)
    page = client.get("/account")
    assert page.headers["Cache-Control"] == "no-store"
    fill(client, "/account/password", to="/sign-out")
    assert client.get("/account").location.startswith("/sign-in")
    assert client.post(SECOND, data=form).status_code == 400
    assert fill(client, "/sign-in", to=SECOND, code=phone.codes[0]).location.startswith("/sign-in")


def test_a_new_password_does_not_replace_it(
    phone: Phone, niamh: AccountId, database: Database, client: FlaskClient
) -> None:
    halfway(client)
    with database.writing("named") as db:
        token = posting.mint(db, niamh)
    fill(client, f"/invitation/{token}", password="willow tangle forecast")
    # whoever was halfway with the old password is not any more
    assert client.get(SECOND).location.startswith("/sign-in")
    assert client.get("/").location.startswith("/sign-in")
    halfway(client, password="willow tangle forecast")
    assert client.get("/").location.startswith("/sign-in")
    assert enter(client, phone.shows).status_code == 303


def test_a_step_up_asks_for_both_and_takes_no_code_twice(phone: Phone, client: FlaskClient) -> None:
    halfway(client)
    enter(client, phone.shows)
    page = "/confirm-password"
    used = phone.shows
    wrong = ((PASSWORD, used), (PASSWORD, ""), (PASSWORD, "000000"), ("not the password", phone.codes[0]))
    for password, code in wrong:
        refused = fill(client, page, password=password, code=code, next="/account")
        assert refused.status_code == 422, (password, code)
    with clock.set_to(NOON + timedelta(seconds=30)):
        before = cookie_of(client)
        assert fill(client, page, password=PASSWORD, code=phone.shows, next="/account").location == "/account"
        assert cookie_of(client) != before
    # the wrong password has not used the code up
    assert "10 left" in client.get("/account/security").text


def test_changing_the_password_is_no_step_up_past_the_second(phone: Phone, client: FlaskClient) -> None:
    halfway(client)
    enter(client, phone.shows)
    with clock.set_to(NOON + timedelta(minutes=6)):
        assert client.get("/account/security/recovery-codes").location.startswith("/confirm-password")
        fill(client, "/account/password", current_password=PASSWORD, password="willow tangle forecast")
        assert client.get("/account/security/recovery-codes").location.startswith("/confirm-password")


@pytest.mark.leak("L47")
def test_the_security_log_tells_of_it_without_a_name(
    phone: Phone, niamh: AccountId, client: FlaskClient, config: Config
) -> None:
    halfway(client)
    enter(client, "000000")
    enter(client, phone.codes[0])
    lines = [json.loads(line) for line in (config.instance / "security" / "2026-11-22.jsonl").read_text().splitlines()]
    assert [line["what"] for line in lines if line["hour"] == "2026-11-22T12"] == [
        "second_step_refused",
        "recovery_code_used",
        "signed_in",
    ]
    assert {line["who"] for line in lines} == {niamh.hex()}


def test_the_secret_is_not_in_the_database(phone: Phone, database: Database) -> None:
    with database.reading() as db:
        kept = b"".join(db.scalars(select(AuthenticatorRow.sealed)))
    assert kept
    assert phone.secret not in kept


def test_the_qr_code_and_the_secret_are_there_only_while_they_wait(niamh: AccountId, client: FlaskClient) -> None:
    sign_in(client)
    assert client.get(f"{SET_UP}/qr").status_code == 404
    fill(client, SET_UP, to=f"{SET_UP}/secret")
    drawn = client.get(f"{SET_UP}/qr")
    assert (drawn.mimetype, drawn.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert fill(client, SET_UP, code="000000").status_code == 422
    assert "password alone" in client.get("/account/security").text
    set_up(client)
    assert client.get(f"{SET_UP}/qr").status_code == 404
