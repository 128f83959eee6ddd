"""Somebody has the password and tries codes, hour after hour: she waits longer each time, and the owner is told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts import service
from panel.named.accounts.factors.halfway import ATTEMPTS
from panel.named.accounts.factors.models import SecondStepRunRow
from panel.named.accounts.models import Outgoing
from panel.named.accounts.queries import card
from panel.named.accounts.throttle import PERSON_AND_PLACE, RUN, RUN_ENDS, RUN_TOLD, held_until
from tests.named.accounts.second_steps import Phone, enter, halfway, set_up
from tests.named.accounts.signing import PASSWORD, added_niamh, fill, sign_in

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.vault("V24")

Browsers = Callable[[], FlaskClient]


@pytest.fixture
def engine_kind() -> str:
    """Pages ask the same of both; what has SQL of its own is tried on both in `test_second_step_verbs`."""
    return "sqlite"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


@pytest.fixture
def phone(niamh: AccountId, new_client: Browsers) -> Phone:
    """Niamh has had an app for an hour."""
    with clock.set_to(NOON - timedelta(hours=1)):
        browser = new_client()
        sign_in(browser)
        return set_up(browser)[0]


@pytest.fixture
def desk(phone: Phone, new_client: Browsers) -> FlaskClient:
    """A browser in which she has signed in before."""
    browser = new_client()
    with clock.set_to(NOON - timedelta(minutes=30)):
        halfway(browser)
        enter(browser, phone.shows)
        fill(browser, "/", to="/sign-out")
    return browser


def guesses(new_client: Browsers, times: int, code: str = "000000") -> list[int]:
    """What is answered to each, in a new browser as soon as the password is asked for again."""
    browser, met = new_client(), list[int]()
    for each in range(times):
        if each % ATTEMPTS == 0:
            browser = new_client()
            halfway(browser)
        met.append(enter(browser, code).status_code)
    return met


def test_a_guesser_who_takes_her_time_waits_longer_each_time_and_the_owner_is_told(
    phone: Phone, new_client: Browsers, desk: FlaskClient, database: Database, niamh: AccountId
) -> None:
    with database.writing("named") as db:
        db.execute(delete(Outgoing))
        db.add(SecondStepRunRow(account=niamh, failures=RUN_TOLD - 1, held_until=None))
    tried = guesses(new_client, PERSON_AND_PLACE)
    assert tried == [422] * (RUN - RUN_TOLD + 1) + [429] * (PERSON_AND_PLACE - RUN + RUN_TOLD - 1)
    with clock.set_to(NOON + timedelta(hours=1)):
        assert guesses(new_client, PERSON_AND_PLACE) == [422] * PERSON_AND_PLACE
    for hours in (2, 2.9):
        with clock.set_to(NOON + timedelta(hours=hours)):
            assert guesses(new_client, 1, phone.shows) == [429]
            halfway(desk)
            assert enter(desk, phone.shows).status_code == 303  # the browser that she knows is held up by none of it
            assert fill(desk, "/confirm-password", password=PASSWORD, code="000000").status_code == 422
            fill(desk, "/", to="/sign-out")
    with database.reading() as db:
        assert db.scalars(select(Outgoing.letter)).all() == ["second-step-failed"]
    with clock.set_to(NOON + timedelta(hours=3)):
        assert guesses(new_client, 1, phone.shows) == [303]
    with database.reading() as db:
        assert db.get(SecondStepRunRow, niamh) is None


def test_a_new_password_ends_the_longest_run(
    phone: Phone, new_client: Browsers, database: Database, niamh: AccountId
) -> None:
    with database.writing("named") as db:
        db.add(SecondStepRunRow(account=niamh, failures=RUN_ENDS, held_until=None))
    assert guesses(new_client, 1, phone.shows) == [429]
    with database.writing("named") as db:
        service.change_password(db, card(db, niamh), PASSWORD + " anew", "rehearsal")
    browser = new_client()
    halfway(browser, password=PASSWORD + " anew")
    assert enter(browser, phone.shows).status_code == 303


def test_the_wait_doubles_up_to_a_day_in_whole_hours() -> None:
    told = [held_until(failures, NOON) for failures in (1, 9, 10, 11, 20, 30, 50, 60, 90)]
    assert [each and each[8:] for each in told] == [
        *(None, None, "22T13", None, "22T14", "22T16", "23T04", "23T12", "23T12"),
    ]
    assert held_until(10, NOON + timedelta(minutes=59)) == "2026-11-22T14"
