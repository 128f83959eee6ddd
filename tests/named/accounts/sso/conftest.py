"""An application with single sign-on, the provider it trusts, and a person at a browser."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.app import create_app
from panel.config import Config, SingleSignOn
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from tests.named.accounts.signing import added_niamh, fill, sign_in
from tests.named.accounts.sso.stand_in import CLIENT, SECRET, StandIn, standing_in
from tests.named.accounts.sso.walking import OWN


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
