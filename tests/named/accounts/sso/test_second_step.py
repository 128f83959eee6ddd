"""Single sign-on is a first step like a password: the second one is asked for here unless the provider vouches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from tests.named.accounts.second_steps import SECOND, appoint, enter, set_up
from tests.named.accounts.signing import fill, sign_in
from tests.named.accounts.sso.stand_in import StandIn
from tests.named.accounts.sso.walking import OWN, back

pytestmark = pytest.mark.vault("V24")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_who_has_one_is_asked_for_it_and_not_stepped_up_by_it(linked: FlaskClient, provider: StandIn) -> None:
    with clock.set_to(NOON):
        sign_in(linked)
        phone, _ = set_up(linked)
        fill(linked, "/", to="/sign-out")
    with clock.set_to(NOON + timedelta(minutes=2)):
        assert linked.get(back(linked, provider, "/account")).location == f"{SECOND}?next=/account"
        assert linked.get("/account").location.startswith("/sign-in")
        assert enter(linked, phone.shows, next="/account").location == "/account"
        assert linked.get(OWN).location == f"/confirm-password?next={OWN}"
        fill(linked, "/", to="/sign-out")
        provider.says = {"amr": ["pwd", "mfa"]}
        assert linked.get(back(linked, provider, "/account")).location == "/account"


def test_who_needs_one_and_has_none_is_led_to_one(
    linked: FlaskClient, provider: StandIn, niamh: AccountId, database: Database, app: Flask
) -> None:
    app.extensions["panel.config"] = replace(app.extensions["panel.config"], second_factor="required")
    appoint(database, niamh)
    assert linked.get(back(linked, provider)).location.startswith("/sign-in/set-up")
    assert linked.get("/account").location.startswith("/sign-in")
    set_up(linked)
    assert linked.get("/account").status_code == 200
    assert linked.get(OWN).location == f"/confirm-password?next={OWN}"
