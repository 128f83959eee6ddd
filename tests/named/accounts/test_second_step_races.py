"""What changes between a proof of who somebody is and the session: nobody is let in on what holds no more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from panel.access.models import SessionRow
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, MarkerId
from panel.named.accounts import proving, queries, service
from panel.named.accounts.factors.second_step import Way, take
from panel.named.accounts.hashing import matches
from panel.named.accounts.views import blueprint, signing
from panel.named.accounts.views.admission import FirstStep, admit
from tests.named.accounts.second_steps import enter, halfway, set_up
from tests.named.accounts.signing import added_niamh, fill, sign_in

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.vault("V24")


@pytest.fixture
def engine_kind() -> str:
    """As in `test_second_step`."""
    return "sqlite"


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def sessions(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(SessionRow)) or 0


def test_a_half_sign_in_that_ended_while_its_code_was_tried_opens_nothing(
    niamh: AccountId, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*offered: Any) -> Way:
        way = take(*offered)
        with database.writing("named") as db:
            service.change_password(db, queries.card(db, niamh), "walnut bridge lantern", "rehearsal")
        return way

    sign_in(client)
    phone, _ = set_up(client)
    fill(client, "/account", to="/sign-out")
    halfway(client)
    monkeypatch.setattr(blueprint, "take", taken)
    assert enter(client, phone.codes[0]).location.startswith("/sign-in?next=")
    assert sessions(database) == 0


def test_a_password_that_was_changed_while_it_was_tried_opens_nothing(
    niamh: AccountId, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tried(*what: Any) -> bool:
        right = matches(*what)
        with database.writing("named") as db:
            service.change_password(db, queries.card(db, niamh), "walnut bridge lantern", "rehearsal")
        return right

    monkeypatch.setattr(proving, "matches", tried)
    assert sign_in(client).status_code == 422
    assert sessions(database) == 0


def test_an_account_that_was_closed_after_the_password_was_tried_is_not_let_into(
    niamh: AccountId, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def admitted(step: FirstStep) -> Response:
        g.db.rollback()
        with database.writing("named") as db:
            service.end(db, MarkerId.new(), niamh)
        return admit(step)

    monkeypatch.setattr(signing, "admit", admitted)
    assert sign_in(client).status_code == 422
    assert sessions(database) == 0
