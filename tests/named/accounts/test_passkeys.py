"""Passkeys as the second step: registered and used by a device in plain Python, which can also do wrong."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts.factors import challenges
from panel.named.accounts.factors.held import held
from panel.named.accounts.factors.passkeys import MOST, Site, site
from tests.named.accounts.device import NAME, ORIGIN, Device
from tests.named.accounts.second_steps import SECOND, appoint, enter, halfway
from tests.named.accounts.signing import PASSWORD, added_niamh, fill, hidden_on, sign_in

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PAGE = "/account/security/passkeys"

pytestmark = pytest.mark.vault("V24")

Browsers = Callable[[], FlaskClient]


@pytest.fixture
def engine_kind() -> str:
    """As in `test_second_step`."""
    return "sqlite"


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


@pytest.fixture(autouse=True)
def named_host(app: Flask, config: Config) -> Iterator[None]:
    """A service that people reach by a name, with TLS in front of it, and that demands a second step."""
    app.extensions["panel.config"] = replace(config, base_url=ORIGIN, second_factor="required")
    with clock.set_to(NOON):
        yield


@pytest.fixture
def device(niamh: AccountId, new_client: Browsers) -> Device:
    """Niamh has registered it."""
    browser, made = new_client(), Device()
    sign_in(browser)
    assert register(browser, made).status_code == 200
    return made


def asked(client: FlaskClient, page: str, to: str) -> Any:
    """What the page's script is given to sign."""
    return client.post(to, data=hidden_on(client, page)).json


def register(client: FlaskClient, device: Device, name: str = "Work phone") -> TestResponse:
    options = asked(client, PAGE, f"{PAGE}/options")
    return fill(client, PAGE, name=name, passkey=device.register(options))


def challenge(client: FlaskClient, page: str = SECOND) -> Any:
    return asked(client, page, "/sign-in/passkey")


def test_a_passkey_is_made_under_a_name_and_then_signs_in(device: Device, client: FlaskClient) -> None:
    halfway(client)
    options = challenge(client)
    assert options["rpId"] == NAME
    assert (options["userVerification"], len(options["allowCredentials"])) == ("required", 1)
    assert enter(client, "", passkey=device.sign(options)).status_code == 303
    page = client.get("/account/security").text
    assert "Work phone" in page
    assert "10 left" in page


def test_an_answer_counts_once_and_its_challenge_too(device: Device, client: FlaskClient, new_client: Browsers) -> None:
    halfway(client)
    options = challenge(client)
    answer = device.sign(options)
    assert enter(client, "", passkey=answer).status_code == 303
    again = new_client()
    halfway(again)
    assert enter(again, "", passkey=answer).status_code == 422
    challenge(again)
    assert enter(again, "", passkey=device.sign(options)).status_code == 422
    wrong_then_right = challenge(again)
    assert enter(again, "", passkey="{}").status_code == 422
    assert enter(again, "", passkey=device.sign(wrong_then_right)).status_code == 422
    assert enter(again, "", passkey=device.sign(challenge(again))).status_code in {302, 303}


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://boards.force.example.evil.example"},
        {"origin": "http://boards.force.example"},
        {"name": "evil.example"},
        {"verified": False},
        {"id": bytes(16)},
    ],
)
def test_for_another_site_or_without_checking_its_holder_it_opens_nothing(
    device: Device, wrong: dict[str, Any], client: FlaskClient
) -> None:
    halfway(client)
    turned = replace(device, **wrong)
    assert enter(client, "", passkey=turned.sign(challenge(client))).status_code == 422
    assert enter(client, "", passkey=device.sign(challenge(client))).status_code == 303


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"name": "evil.example"}, {"verified": False}])
def test_none_is_registered_for_another_site_or_without_checking(
    niamh: AccountId, wrong: dict[str, Any], client: FlaskClient
) -> None:
    sign_in(client)
    refused = register(client, replace(Device(), **wrong))
    assert (refused.status_code, "could not be added" in refused.text) == (422, True)
    assert "Not set up" in client.get("/account/security").text


def test_another_persons_passkey_opens_nothing(device: Device, client: FlaskClient, database: Database) -> None:
    halfway(client)
    stranger = Device()
    assert enter(client, "", passkey=stranger.sign(challenge(client))).status_code == 422
    stranger.id = device.id
    assert enter(client, "", passkey=stranger.sign(challenge(client))).status_code == 422


def test_a_copy_that_has_signed_less_often_shows(device: Device, client: FlaskClient, new_client: Browsers) -> None:
    copied = replace(device)
    halfway(client)
    enter(client, "", passkey=device.sign(challenge(client)))
    again = new_client()
    halfway(again)
    assert enter(again, "", passkey=copied.sign(challenge(again))).status_code == 422


def test_whoever_needs_one_is_let_in_by_making_one(niamh: AccountId, client: FlaskClient, database: Database) -> None:
    appoint(database, niamh)
    assert sign_in(client).location.startswith("/sign-in/set-up")
    made = register(client, Device())
    assert made.text.count("<li><code>") == 10
    assert client.get("/accounts").status_code == 200
    assert fill(client, "/account/security", to="/sign-out").status_code == 303


def test_a_step_up_takes_one_beside_the_password(device: Device, client: FlaskClient) -> None:
    halfway(client)
    enter(client, "", passkey=device.sign(challenge(client)))
    page = "/confirm-password"
    assert fill(client, page, password=PASSWORD).status_code == 422
    answer = device.sign(challenge(client, page))
    assert fill(client, page, password=PASSWORD, passkey=answer, next="/account").location == "/account"


def test_several_have_names_and_each_is_removed_alone(
    device: Device, niamh: AccountId, client: FlaskClient, database: Database
) -> None:
    appoint(database, niamh)
    halfway(client)
    enter(client, "", passkey=device.sign(challenge(client)))
    second = Device()
    assert register(client, second, "Key ring").location.startswith("/account/security")
    assert register(client, second, "The same again").status_code == 422
    page = client.get("/account/security").text
    links = [part.split('"')[0] for part in page.split('href="') if part.startswith(f"{PAGE}/")]
    assert len(links) == 2
    assert fill(client, links[0]).status_code == 303
    assert fill(client, links[1]).status_code == 422
    assert client.get(links[0]).status_code == 404


def test_nobody_keeps_more_than_a_few(device: Device, client: FlaskClient) -> None:
    halfway(client)
    enter(client, "", passkey=device.sign(challenge(client)))
    for number in range(MOST - 1):
        assert register(client, Device(), f"Device {number}").status_code == 303
    assert client.post(f"{PAGE}/options", data=hidden_on(client, PAGE)).status_code == 422


def test_a_challenge_runs_out(device: Device, client: FlaskClient) -> None:
    halfway(client)
    options = challenge(client)
    with clock.set_to(NOON + timedelta(minutes=5, seconds=1)):
        assert enter(client, "", passkey=device.sign(options)).status_code == 422


def test_a_challenge_is_for_nobody_who_has_not_given_the_password(client: FlaskClient) -> None:
    assert client.post("/sign-in/passkey", data=hidden_on(client, "/sign-in")).location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://boards.force.example", Site(NAME, ORIGIN)),
        ("https://boards.force.example:8443", Site(NAME, f"{ORIGIN}:8443")),
        ("http://localhost:5000", Site("localhost", "http://localhost:5000")),
        ("http://boards.force.example", None),
        ("http://127.0.0.1:5000", None),
        ("https://[::1]", None),
    ],
)
def test_passkeys_are_for_a_host_with_a_name_and_tls(address: str, found: Site | None) -> None:
    assert site(address) == found


def test_of_two_who_are_halfway_at_once_the_second_adds_no_passkey(
    niamh: AccountId, client: FlaskClient, new_client: Browsers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    appoint(database, niamh)
    thief, owner = new_client(), Device()
    for browser in (client, thief):
        sign_in(browser)
    options = asked(thief, PAGE, f"{PAGE}/options")
    taken = challenges.take

    def meanwhile(*mine: Any) -> bytes | None:
        monkeypatch.setattr(challenges, "take", taken)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(register, client, owner).result().status_code == 200
        return taken(*mine)

    monkeypatch.setattr(challenges, "take", meanwhile)
    answer = fill(thief, PAGE, name="Mine", passkey=Device().register(options))
    assert answer.location.startswith("/sign-in?next=")
    with database.reading() as db:
        assert [each.name for each in held(db, niamh).passkeys] == ["Work phone"]
