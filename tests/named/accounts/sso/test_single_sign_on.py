"""Single sign-on against a stand-in provider: who gets in, who links, and every answer that must not count."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from panel.app import create_app
from panel.config import Config, SingleSignOn
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts import service
from panel.named.accounts.models import Account, LinkedIdentity, Outgoing
from panel.named.accounts.sso import asking
from panel.named.accounts.views import admission
from tests.named.accounts.signing import PASSWORD, fill, sign_in
from tests.named.accounts.sso.stand_in import StandIn
from tests.named.accounts.sso.walking import NOTHING, OWN, back, nobody

pytestmark = pytest.mark.vault("V24")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_linked_person_signs_in_and_is_where_she_wanted_to_be(linked: FlaskClient, provider: StandIn) -> None:
    assert "Sign in with your force’s single sign-on" in linked.get("/sign-in").text
    before = linked.get_cookie("panel")
    answer = linked.get(back(linked, provider, "/account"))
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Linked" in linked.get("/account").text
    assert linked.get_cookie("panel") != before


def test_the_question_holds_pkce_state_and_nonce_and_no_wish_for_an_address(
    client: FlaskClient, provider: StandIn
) -> None:
    question = dict(parse_qsl(urlsplit(client.get("/single-sign-on/start").location).query))
    assert set(question) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert question["redirect_uri"].endswith("/single-sign-on/answer")
    assert min(len(question[each]) for each in ("state", "nonce", "code_challenge")) == 43


def test_a_matter_of_weight_still_asks_for_the_password(linked: FlaskClient, provider: StandIn) -> None:
    linked.get(back(linked, provider))
    assert linked.get(OWN).location == f"/confirm-password?next={OWN}"
    assert fill(linked, "/confirm-password", password=PASSWORD, next=OWN).location == OWN


def test_nobody_is_found_by_address_and_no_account_is_made(
    client: FlaskClient, provider: StandIn, niamh: AccountId, database: Database
) -> None:
    provider.says = {"email": "niamh.odonoghue@fictional.police.uk", "email_verified": True}
    answer = client.get(back(client, provider))
    assert (answer.status_code, "No account here is linked" in answer.text) == (409, True)
    assert nobody(client)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Account)) == 1
        assert db.scalar(select(func.count()).select_from(LinkedIdentity)) == 0


def test_another_subject_or_an_account_that_ended_does_not_get_in(
    linked: FlaskClient, provider: StandIn, niamh: AccountId, database: Database
) -> None:
    provider.says = {"sub": "00u-mallory"}
    assert linked.get(back(linked, provider)).status_code == 409
    provider.says = {}
    with database.writing("named") as db:
        db.execute(update(Account).values(state="closed"))
    assert linked.get(back(linked, provider)).status_code == 409
    with database.writing("named") as db:
        boss = service.add_active(
            db, name="B", email="b@x.example", staff_no="2", password=PASSWORD, profile="rehearsal"
        )
        service.end(db, service.person_of(db, boss), niamh)
        assert db.scalar(select(func.count()).select_from(LinkedIdentity)) == 0
    assert nobody(linked)


def test_an_answer_counts_once_in_the_browser_that_asked(
    linked: FlaskClient, new_client: Callable[[], FlaskClient], provider: StandIn
) -> None:
    thief = new_client()
    thief.get("/sign-in")
    coming = back(linked, provider)
    assert thief.get(coming).status_code == 400
    assert linked.get(coming).status_code == 400  # used up, for whoever brought it
    coming = back(linked, provider)
    assert linked.get(coming).status_code == 303
    assert linked.get(coming).status_code == 400
    assert nobody(thief)


def test_the_code_of_another_browsers_question_is_refused(
    linked: FlaskClient, new_client: Callable[[], FlaskClient], provider: StandIn
) -> None:
    attacker = new_client()
    provider.subject = "00u-mallory"
    stolen = dict(parse_qsl(urlsplit(back(attacker, provider)).query))["code"]
    provider.subject = "00u-niamh"
    own = dict(parse_qsl(urlsplit(back(linked, provider)).query))
    answer = linked.get(f"/single-sign-on/answer?{urlencode({**own, 'code': stolen})}")
    assert (answer.status_code, nobody(linked)) == (400, True)


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied", "?state=%00&code=%ff"])
def test_an_answer_to_nothing_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/single-sign-on/answer{query}")
    assert (answer.status_code, NOTHING in answer.text) == (400, True)


def test_an_answer_that_another_provider_signs_for_or_that_comes_late_is_refused(
    linked: FlaskClient, provider: StandIn
) -> None:
    assert linked.get(back(linked, provider).rpartition("iss=")[0] + "iss=https://idp.example").status_code == 400
    with clock.set_to(NOON):
        coming = back(linked, provider)
    with clock.set_to(NOON + asking.LIFE + timedelta(seconds=1)):
        assert linked.get(coming).status_code == 400


def test_linking_asks_for_both_passwords_and_tells_by_letter(
    client: FlaskClient, provider: StandIn, niamh: AccountId, database: Database
) -> None:
    assert str(client.get(f"{OWN}/link").location).startswith("/sign-in")
    with clock.set_to(NOON):
        sign_in(client)
    with clock.set_to(NOON + timedelta(minutes=6)):
        assert str(client.get(f"{OWN}/link").location).startswith("/confirm-password")
        fill(client, "/confirm-password", password=PASSWORD)
        address = client.get(f"{OWN}/link").location
        assert {("prompt", "login"), ("max_age", "300")} <= set(parse_qsl(urlsplit(address).query))
        provider.says = {"auth_time": int(clock.now().timestamp()) - 3600}
        assert client.get(provider.authorize(address)).status_code == 400
        provider.says = {"auth_time": None}
        assert client.get(provider.authorize(client.get(f"{OWN}/link").location)).status_code == 400
        provider.says = {}
        assert client.get(provider.authorize(client.get(f"{OWN}/link").location)).status_code == 303
        assert "opens your account" in client.get(OWN).text
    with database.reading() as db:
        rows = db.execute(select(LinkedIdentity.subject, LinkedIdentity.account)).all()
        letters = db.scalars(select(Outgoing.letter).order_by(Outgoing.account)).all()
    assert ([tuple(row) for row in rows], letters) == ([("00u-niamh", niamh)], ["sign-on-changed"])


def test_an_identity_opens_one_account_and_what_is_unlinked_opens_none(
    linked: FlaskClient, new_client: Callable[[], FlaskClient], provider: StandIn, database: Database
) -> None:
    with database.writing("named") as db:
        service.add_active(db, name="M", email="m@x.example", staff_no="3", password=PASSWORD, profile="rehearsal")
    mal = new_client()
    sign_in(mal, "m@x.example")
    answer = mal.get(provider.authorize(mal.get(f"{OWN}/link").location))
    assert (answer.status_code, "linked to another account" in answer.text) == (409, True)
    sign_in(linked)
    assert fill(linked, OWN).location == f"{OWN}?done=sign-on-unlinked"
    fill(linked, "/", to="/sign-out")
    assert linked.get(back(linked, provider)).status_code == 409


@pytest.mark.parametrize(
    ("says", "whole"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "urn:force:strong"}, True),
        ({"acr": "urn:force:weak"}, False),
        ({"amr": "mfa"}, None),
    ],
)
def test_the_provider_vouches_for_a_second_factor_only_in_the_words_agreed(
    linked: FlaskClient,
    provider: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    says: dict[str, Any],
    whole: bool | None,
) -> None:
    steps: list[admission.FirstStep] = []
    real = admission.begin
    monkeypatch.setattr(admission, "begin", lambda step: (steps.append(step), real(step))[1])
    provider.says = says
    linked.get(back(linked, provider))
    assert [(step.second_factor, step.password) for step in steps] == ([] if whole is None else [(whole, False)])


def test_a_provider_that_does_not_answer_or_is_another_is_said_plainly(
    client: FlaskClient, provider: StandIn, config: Config, database: Database, settings: SingleSignOn
) -> None:
    for odd in ({"issuer": "https://idp.example"}, {"token_endpoint": "http://idp.example/token"}, {"jwks_uri": 7}):
        provider.about = odd
        fresh = replace(settings, client_id=f"panel {odd}")
        app = create_app(replace(config, single_sign_on=fresh), database)
        answer = app.test_client().get("/single-sign-on/start")
        assert (answer.status_code, "does not answer" in answer.text) == (409, True)


def test_starting_is_limited(client: FlaskClient) -> None:
    with clock.set_to(NOON):
        answers = [client.get("/single-sign-on/start").status_code for _ in range(101)]
    assert (set(answers[:100]), answers[100]) == ({303}, 429)


def test_a_page_of_another_site_uses_up_nothing_by_a_picture(client: FlaskClient) -> None:
    for door in ("/single-sign-on/start", "/single-sign-on/sign-out"):
        drawn = client.get(door, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"})
        assert drawn.status_code == 404
