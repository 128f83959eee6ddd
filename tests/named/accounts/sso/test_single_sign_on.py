"""Single sign-on against a stand-in provider: who gets in, who links, and every answer that must not count."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import func, select

from panel import health
from panel.app import create_app
from panel.config import ROOT, Config, SingleSignOn, from_environment
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured
from panel.kernel.ids import AccountId
from panel.named.accounts import service
from panel.named.accounts.models import Account, LinkedIdentity, Outgoing
from panel.named.accounts.sso import asking
from panel.named.accounts.sso.id_token import Demand, identity
from panel.named.accounts.views import admission
from tests.named.accounts.signing import PASSWORD, added_niamh, fill, sign_in
from tests.named.accounts.sso.stand_in import CLIENT, SECRET, StandIn, rsa, standing_in

pytestmark = pytest.mark.vault("V24")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OWN = "/account/single-sign-on"
NOTHING = "Single sign-on did not work, and nothing has changed"


@pytest.fixture
def engine_kind() -> str:
    """Pages; what has SQL of its own is tried on both engines beside this file."""
    return "sqlite"


@pytest.fixture(scope="module")
def shared() -> Iterator[StandIn]:
    with standing_in() as provider:
        yield provider


@pytest.fixture
def provider(shared: StandIn) -> Iterator[StandIn]:
    """The stand-in as it is by itself; what a test makes it say is forgotten."""
    usual = dict(vars(shared))
    yield shared
    vars(shared).update(usual, says={}, about={}, asked=[])


@pytest.fixture
def settings(provider: StandIn) -> SingleSignOn:
    return SingleSignOn(provider.issuer, CLIENT, SECRET, frozenset({"mfa", "urn:force:strong"}))


@pytest.fixture
def app(config: Config, database: Database, settings: SingleSignOn) -> Flask:
    return create_app(replace(config, single_sign_on=settings), database)


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


@pytest.fixture
def linked(client: FlaskClient, provider: StandIn, niamh: AccountId) -> FlaskClient:
    """Niamh's browser, linked and signed out again."""
    sign_in(client)
    answered = client.get(provider.authorize(client.get(f"{OWN}/link").location))
    assert answered.location == f"{OWN}?done=sign-on-linked", answered.text
    fill(client, "/", to="/sign-out")
    return client


def back(client: FlaskClient, provider: StandIn, wanted: str = "/") -> str:
    """Off to the provider and signed in there: the address it sends the browser back to."""
    return provider.authorize(client.get(f"/single-sign-on/start?next={wanted}").location)


def nobody(client: FlaskClient) -> bool:
    return str(client.get("/account").location).startswith("/sign-in")


def test_a_linked_person_signs_in_and_is_where_she_wanted_to_be(linked: FlaskClient, provider: StandIn) -> None:
    assert "Sign in with your force’s single sign-on" in linked.get("/sign-in").text
    before = linked.get_cookie("panel")
    answer = linked.get(back(linked, provider, "/account"))
    assert (answer.status_code, answer.location) == (303, "/account")
    assert linked.get("/account").status_code == 200
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
        boss = service.add_active(
            db, name="B", email="b@x.example", staff_no="2", password=PASSWORD, profile="rehearsal"
        )
        service.end(db, service.person_of(db, boss), niamh)
    assert linked.get(back(linked, provider)).status_code == 409
    assert nobody(linked)


WRONG: dict[str, Callable[[StandIn], dict[str, Any]]] = {
    "another nonce": lambda _: {"says": {"nonce": "n" * 43}},
    "no nonce": lambda _: {"says": {"nonce": None}},
    "for somebody else": lambda _: {"says": {"aud": "another-service"}},
    "for somebody else and us": lambda _: {"says": {"aud": [CLIENT, "another"], "azp": "another"}},
    "for somebody else, by us": lambda _: {"says": {"aud": "another-service", "azp": CLIENT}},
    "from somebody else": lambda _: {"says": {"iss": "https://idp.example"}},
    "no issuer": lambda _: {"says": {"iss": None}},
    "of yesterday": lambda _: {"says": {"exp": int(clock.now().timestamp()) - 100}},
    "without an end": lambda _: {"says": {"exp": None}},
    "of tomorrow": lambda _: {"says": {"nbf": int(clock.now().timestamp()) + 86400}},
    "nobody": lambda _: {"says": {"sub": None}},
    "an empty name": lambda _: {"says": {"sub": ""}},
    "a number for a name": lambda _: {"says": {"sub": 7}},
    "unsigned": lambda _: {"algorithm": "none"},
    "signed with another key": lambda p: {"key": ECKey.generate_key("P-256", {"kid": "now"}), "published": [p.key]},
    "signed with the secret": lambda p: {
        "algorithm": "HS256",
        "key": OctKey.import_key(SECRET * 2),
        "published": [p.key],
    },
}


@pytest.mark.parametrize("what", WRONG)
def test_a_token_that_does_not_hold_lets_nobody_in(linked: FlaskClient, provider: StandIn, what: str) -> None:
    coming = back(linked, provider)
    vars(provider).update(WRONG[what](provider))
    answer = linked.get(coming)
    assert (answer.status_code, NOTHING in answer.text) == (400, True)
    assert nobody(linked)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_token_with_one_changed_letter_is_refused(provider: StandIn, settings: SingleSignOn, place: int) -> None:
    now = clock.now()
    keys, good = provider.document("/keys") or {}, provider.signed("n")
    assert identity(settings, {"id_token": good}, keys, Demand("n"), now).subject == provider.subject
    parts = good.split(".")
    parts[place] = parts[place][:9] + ("A" if parts[place][9] != "A" else "B") + parts[place][10:]
    with pytest.raises(Exception, match=NOTHING):
        identity(settings, {"id_token": ".".join(parts)}, keys, Demand("n"), now)


def test_a_key_of_the_other_kind_signs_too(linked: FlaskClient, provider: StandIn) -> None:
    coming = back(linked, provider)
    vars(provider).update(key=rsa(), algorithm="RS256")
    assert linked.get(coming).status_code == 303


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


ON = {"PANEL_OIDC_ISSUER": "https://idp.example", "PANEL_OIDC_CLIENT_ID": "panel"}


def test_it_is_set_up_whole_or_not_at_all(tmp_path: Any) -> None:
    assert from_environment({}).single_sign_on is None
    (tmp_path / "secret").write_text("from a file\n")
    file = {**ON, "PANEL_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"), "PANEL_OIDC_SECOND_FACTOR": "mfa, hwk"}
    found = from_environment(file).single_sign_on
    assert found == SingleSignOn("https://idp.example", "panel", "from a file", frozenset({"mfa", "hwk"}))
    assert "from a file" not in repr(found)
    assert from_environment(file, side="blind").single_sign_on is None
    plain = {"PANEL_OIDC_ISSUER": "http://idp.example", "PANEL_OIDC_CLIENT_SECRET": "x"}
    for wrong in (ON, {**ON, **plain}, {**ON, "PANEL_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "gone")}):
        with pytest.raises(Misconfigured, match="OIDC"):
            from_environment(wrong)


def test_the_check_looks_at_it(config: Config, settings: SingleSignOn) -> None:
    found = {each.sentence: each.good for each in health.check(replace(config, single_sign_on=settings))}
    assert found["Single sign-on has the libraries it needs."]
    assert any(sentence.endswith("/single-sign-on/answer") and good for sentence, good in found.items())
    away = replace(config, single_sign_on=settings, base_url="http://boards.police.example")
    assert any("PANEL_BASE_URL" in each.sentence and not each.good for each in health.check(away))


_BARE = """
import sys
from panel.app import create_app
from panel.config import Config
from panel.kernel.database import Database
from pathlib import Path
app = create_app(Config(Path("x")), Database(None, None))
assert not [rule for rule in app.url_map.iter_rules() if "single-sign-on" in rule.rule]
assert not {name.partition(".")[0] for name in sys.modules} & {"authlib", "joserfc", "requests"}
"""


def test_without_it_there_are_no_pages_and_no_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", _BARE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
