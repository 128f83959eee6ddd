"""Signing in and out, the password once more, and what a guesser meets."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from panel.access.models import SessionRow
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.accounts.models import Attempt
from panel.named.accounts.throttle import PERSON_AND_PLACE
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, sign_in, token_on

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def niamh(database: Database) -> bytes:
    return added_niamh(database)


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("panel")
    assert cookie
    return cookie.value


def test_the_right_password_leads_home_and_the_home_page_greets(client: FlaskClient) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Signed in as Niamh O’Donoghue" in client.get("/").text


def test_a_wrong_password_says_so_beside_the_box_and_keeps_the_address(client: FlaskClient) -> None:
    answer = sign_in(client, password="not the password at all")
    assert answer.status_code == 422
    assert "Email address or password is not right" in answer.text
    assert f'value="{EMAIL}"' in answer.text
    assert "not the password" not in answer.text


@pytest.mark.leak("L37")
@pytest.mark.vault("V24")
def test_unknown_and_known_addresses_get_the_same_answer(new_client: Callable[[], FlaskClient]) -> None:
    known, unknown = (
        sign_in(new_client(), email=email, password="not the password at all").text
        for email in (EMAIL, "noamh.odonoghue@fictional.police.uk")
    )
    blank = lambda page: page.replace("niamh", "x").replace("noamh", "x").split("csrf_token")[0]  # noqa: E731
    assert blank(known) == blank(unknown)
    assert known.count("\n") == unknown.count("\n")


@pytest.mark.vault("V24")
def test_a_token_planted_before_sign_in_is_not_the_session(client: FlaskClient) -> None:
    token_on(client, "/sign-in")
    planted = cookie_of(client)
    sign_in(client)
    assert cookie_of(client) != planted


@pytest.mark.vault("V24")
def test_after_sign_out_the_old_token_opens_nothing(client: FlaskClient, new_client: Callable[[], FlaskClient]) -> None:
    sign_in(client)
    old = cookie_of(client)
    answer = fill(client, "/", to="/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = new_client()
    thief.set_cookie("panel", old)
    assert thief.get("/").location.startswith("/sign-in")


def test_signing_in_again_ends_the_session_before(client: FlaskClient, database: Database) -> None:
    sign_in(client)
    sign_in(client)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SessionRow)) == 1


def test_nobody_is_sent_elsewhere_or_into_a_form_target(client: FlaskClient) -> None:
    strange = ("https://example.org/", "//example.org/", "/\\example.org", "/%2f/example.org", "/?next=/x")
    for elsewhere in (*strange, "/sign-out", "/no-such-page"):
        assert sign_in(client, next=elsewhere).location == "/", elsewhere


def test_after_sign_in_one_is_where_one_wanted_to_be(client: FlaskClient) -> None:
    wanted = client.get("/account").location
    assert wanted == "/sign-in?next=/account"
    assert 'name="next" value="/account"' in client.get(wanted).text
    assert sign_in(client, next="/account").location == "/account"


def test_the_password_once_more_gives_a_new_token_and_goes_on(client: FlaskClient) -> None:
    sign_in(client)
    before = cookie_of(client)
    refused = fill(client, "/confirm-password", password="wrong wrong wrong", next="/account")
    assert (refused.status_code, "Password is not right" in refused.text) == (422, True)
    answer = fill(client, "/confirm-password", password=PASSWORD, next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert cookie_of(client) != before
    assert client.get("/account").status_code == 200


def test_guessing_is_stopped_and_the_next_hour_starts_afresh(client: FlaskClient) -> None:
    with clock.set_to(NOON):
        for _ in range(PERSON_AND_PLACE):
            assert sign_in(client, password="not the password at all").status_code == 422
        assert sign_in(client).status_code == 429
    with clock.set_to(NOON + timedelta(hours=1)):
        assert sign_in(client).status_code == 303


def test_success_clears_the_count(client: FlaskClient) -> None:
    for _ in range(3):
        for _ in range(PERSON_AND_PLACE - 1):
            sign_in(client, password="not the password at all")
        assert sign_in(client).status_code == 303


def test_names_nobody_has_are_throttled_alike(client: FlaskClient) -> None:
    with clock.set_to(NOON):
        answers = [sign_in(client, email="nobody@fictional.police.uk").status_code for _ in range(PERSON_AND_PLACE + 1)]
    assert answers == [422] * PERSON_AND_PLACE + [429]


@pytest.mark.leak("L47")
def test_what_is_kept_of_attempts_names_nobody_and_is_no_finer_than_an_hour(
    client: FlaskClient, database: Database
) -> None:
    with clock.set_to(NOON + timedelta(minutes=17)):
        sign_in(client, password="not the password at all")
    with database.reading() as db:
        rows = db.scalars(select(Attempt).order_by(Attempt.key)).all()
    assert {row.hour for row in rows} == {"2026-11-22T12"}
    assert all(len(row.key) == 32 for row in rows)


@pytest.mark.leak("L47")
def test_the_security_log_says_who_when_and_from_where_and_nothing_more(
    client: FlaskClient, config: Config, niamh: bytes
) -> None:
    with clock.set_to(NOON + timedelta(minutes=17)):
        sign_in(client, password="not the password at all")
        sign_in(client, email="nobody@fictional.police.uk")
        sign_in(client)
    path = config.instance / "security" / "2026-11-22.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["what"], line["who"]) for line in lines] == [
        ("sign_in_refused", niamh.hex()),
        ("sign_in_refused", None),
        ("signed_in", niamh.hex()),
    ]
    assert {tuple(sorted(line)) for line in lines} == {("from", "hour", "what", "who")}
    assert {line["hour"] for line in lines} == {"2026-11-22T12"}
    assert path.stat().st_mode & 0o077 == 0


def test_security_log_keeps_thirty_days(client: FlaskClient, config: Config) -> None:
    for days in (0, 29, 31):
        with clock.set_to(NOON + timedelta(days=days)):
            sign_in(client)
    kept = sorted(path.stem for path in (config.instance / "security").iterdir())
    assert kept == ["2026-12-21", "2026-12-23"]
