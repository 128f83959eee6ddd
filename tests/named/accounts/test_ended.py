"""Accounts that end and roles that go while somebody is at work: what was begun does not bring them back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.guards import SignInNeeded
from panel.access.models import SessionRow
from panel.access.queries import holders, person_of
from panel.access.roles import Role
from panel.kernel.database import Database
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM, AccountId, MarkerId
from panel.named.accounts import queries, service
from panel.named.accounts.queries import State
from panel.named.accounts.service import LastAdministrator
from panel.named.accounts.views.entering import begin_again
from panel.web import context
from tests.named.accounts.signing import added_niamh

GOOD = "willow tangle forecast"


@pytest.fixture
def niamh(database: Database) -> AccountId:
    return added_niamh(database)


def test_a_password_changed_as_the_account_ends_does_not_open_it_again(db: Session, niamh: AccountId) -> None:
    """Her request has proved the old password, and waits for whoever is ending the account."""
    owner = queries.card(db, niamh)
    service.end(db, MarkerId.new(), niamh)
    with pytest.raises(Missing):
        service.change_password(db, owner, GOOD, "rehearsal")
    assert queries.card(db, niamh).state is State.CLOSED


def test_no_session_begins_in_an_account_that_has_ended_meanwhile(
    app: Flask, database: Database, niamh: AccountId
) -> None:
    """Her request has passed its guards, and changes how she signs in."""
    with app.test_request_context("/account/security/passkeys", method="POST"):
        with database.writing("named") as db:
            service.end(db, MarkerId.new(), niamh)
        context._open()
        with pytest.raises(SignInNeeded):
            begin_again(niamh)
        context._close(None)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SessionRow)) == 0


def test_no_role_is_given_to_an_account_that_has_ended(db: Session, niamh: AccountId) -> None:
    """It would count as an administrator, and the last who can sign in could then be taken away."""
    service.end(db, MarkerId.new(), niamh)
    with pytest.raises(Missing):
        service.set_role(db, MarkerId.new(), niamh, Role.ADMINISTRATOR, held=True)
    assert holders(db, SYSTEM, Role.ADMINISTRATOR) == ()


def test_of_two_administrators_who_take_each_others_role_away_at_once_one_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing("named") as db:
        both = [service.add(db, name=f"A{n}", email=f"a{n}@x.example", staff_no=str(n))[0] for n in range(2)]
        for each in both:
            access.grant(db, SYSTEM, each, Role.ADMINISTRATOR)
        people = [person_of(db, each) for each in both]
    together, real = Barrier(2), service._record_role

    def record(*parameters: Any, **named: Any) -> None:
        with suppress(BrokenBarrierError):
            together.wait(0.5)
        real(*parameters, **named)

    def take_away(n: int) -> bool:
        with suppress(LastAdministrator), database.writing("named") as db:
            service.set_role(db, people[n], both[1 - n], Role.ADMINISTRATOR, held=False)
            return True
        return False

    monkeypatch.setattr(service, "_record_role", record)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take_away, range(2))) == [False, True]
