"""An account that ends while its owner is at work in it: what she had begun does not open it again."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.access.guards import SignInNeeded
from panel.access.models import SessionRow
from panel.kernel.database import Database
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, MarkerId
from panel.named.accounts import queries, service
from panel.named.accounts.queries import State
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
