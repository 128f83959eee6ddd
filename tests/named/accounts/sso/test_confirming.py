"""Who has her second factor at her force alone shows it there anew before what matters; and signing out there too."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.app import create_app
from panel.config import Config, SingleSignOn
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, MarkerId
from panel.named.accounts.factors import changing
from tests.named.accounts.second_steps import SET_UP, appoint, set_up
from tests.named.accounts.signing import PASSWORD, fill, sign_in
from tests.named.accounts.sso.stand_in import StandIn
from tests.named.accounts.sso.walking import OWN, back

pytestmark = pytest.mark.vault("V24")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CONFIRM = f"/single-sign-on/confirm?next={OWN}"
STRONG = {"amr": ["pwd", "mfa"]}


@pytest.fixture
def inside(linked: FlaskClient, provider: StandIn, niamh: AccountId, database: Database, app: Flask) -> FlaskClient:
    """Niamh has a part that asks for a second step, and has shown one at her force."""
    app.extensions["panel.config"] = replace(app.extensions["panel.config"], second_factor="required")
    appoint(database, niamh)
    provider.says = STRONG
    with clock.set_to(NOON):
        assert linked.get(back(linked, provider, "/account")).location == "/account"
    return linked


def link_on(client: FlaskClient) -> str:
    """Where the page leads once the password was right."""
    page = fill(client, CONFIRM, password=PASSWORD, next=OWN)
    found = re.search(r'href="(http[^"]+)"[^>]*>\s*Go on', page.text)
    assert found, page.text
    return unescape(found[1])


def test_the_password_alone_steps_nobody_up(inside: FlaskClient) -> None:
    with clock.set_to(NOON):
        assert inside.get(OWN).location == f"/confirm-password?next={OWN}"
        assert inside.get(f"/confirm-password?next={OWN}").location == CONFIRM
        assert fill(inside, CONFIRM, to="/confirm-password", password=PASSWORD, next=OWN).location == CONFIRM
        assert fill(inside, CONFIRM, password="crane velvet pockets", next=OWN).status_code == 422
        assert link_on(inside)
        assert inside.get(OWN).status_code == 302


@pytest.mark.usefixtures("inside")
def test_nor_does_it_let_a_stranger_set_up_a_second_step_of_his_own(new_client: Callable[[], FlaskClient]) -> None:
    with clock.set_to(NOON):
        thief = new_client()
        assert sign_in(thief).location.startswith("/sign-in?")
        assert thief.get(SET_UP).location.startswith("/sign-in?")
        assert "Sign in with your force" in thief.get(sign_in(thief).location).text


def test_a_reset_unlinks_who_has_lost_the_provider(
    inside: FlaskClient, niamh: AccountId, database: Database, new_client: Callable[[], FlaskClient]
) -> None:
    with clock.set_to(NOON):
        with database.writing() as db:
            changing.reset(db, MarkerId.new(), niamh)
        assert inside.get(OWN).location.startswith("/sign-in")
        assert sign_in(new_client()).location.startswith("/sign-in/set-up")


def test_nor_does_a_change_of_the_password(inside: FlaskClient) -> None:
    with clock.set_to(NOON):
        changed = fill(inside, "/account/password", current_password=PASSWORD, password="marmalade on the roof")
        assert changed.status_code == 303
        assert inside.get(OWN).status_code == 302


def test_password_and_a_fresh_second_factor_there_do(inside: FlaskClient, provider: StandIn) -> None:
    with clock.set_to(NOON):
        address = link_on(inside)
        assert {("prompt", "login"), ("max_age", "0")} <= set(parse_qsl(urlsplit(address).query))
        before = inside.get_cookie("panel")
        coming = provider.authorize(address)
        assert inside.get(coming).location == OWN
        assert inside.get_cookie("panel") != before
        assert inside.get(OWN).status_code == 200
        assert inside.get(coming).status_code == 400
        assert set_up(inside)[1].status_code == 200  # and an app of her own can follow
        assert "Code" in inside.get(f"/confirm-password?next={OWN}").text


def test_who_has_a_second_step_here_confirms_by_that(inside: FlaskClient, provider: StandIn) -> None:
    with clock.set_to(NOON):
        inside.get(provider.authorize(link_on(inside)))
        set_up(inside)
        assert inside.get(CONFIRM).location == f"/confirm-password?next={OWN}"
        sent = fill(inside, "/confirm-password", to=CONFIRM, password=PASSWORD, next=OWN)
        assert sent.location == f"/confirm-password?next={OWN}"


@pytest.mark.parametrize(
    "says",
    [
        {"amr": ["pwd"]},
        {**STRONG, "sub": "00u-mallory"},
        {**STRONG, "auth_time": None},
        {**STRONG, "auth_time": int((NOON - timedelta(minutes=2)).timestamp())},
    ],
)
def test_one_factor_another_person_or_a_sign_on_of_before_does_not(
    inside: FlaskClient, provider: StandIn, says: dict[str, Any]
) -> None:
    with clock.set_to(NOON):
        address = link_on(inside)
        provider.says = says
        assert inside.get(provider.authorize(address)).status_code == 400
        assert inside.get(OWN).status_code == 302


def test_an_answer_for_signing_in_steps_nobody_up(inside: FlaskClient, provider: StandIn) -> None:
    with clock.set_to(NOON):
        assert inside.get(back(inside, provider, OWN)).location == OWN
        assert inside.get(OWN).status_code == 302


@pytest.mark.parametrize(
    ("door", "leads"),
    [
        ("https://idp.example/out", "https://idp.example/out?client_id="),
        ("https://idp.example/out?x=1", "https://idp.example/out?x=1&client_id="),
        ("http://idp.example/out", "/sign-in?done=signed-out-here"),
        (None, "/sign-in?done=signed-out-here"),
    ],
)
def test_signing_out_there_is_offered_where_the_provider_has_a_page_for_it(
    provider: StandIn, settings: SingleSignOn, config: Config, database: Database, door: str | None, leads: str
) -> None:
    provider.about = {"end_session_endpoint": door}
    app = create_app(replace(config, single_sign_on=replace(settings, client_id=f"p{door}")), database)
    client = app.test_client()
    assert "Sign out there too" not in client.get("/sign-in").text
    assert "/single-sign-on/sign-out" in client.get(fill(client, "/sign-in", to="/sign-out").location).text
    location = client.get("/single-sign-on/sign-out").location
    assert location.startswith(leads)
    if leads.startswith("https"):
        query = dict(parse_qsl(urlsplit(location).query))
        assert (query["client_id"], query["post_logout_redirect_uri"]) == (f"p{door}", f"{config.base_url}/sign-in")
