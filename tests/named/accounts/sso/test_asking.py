"""Questions to the identity provider: kept ten minutes, answered once, on both engines."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.accounts.models import SignOnRequest
from panel.named.accounts.sso import asking
from panel.named.accounts.sso.asking import Purpose

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_questions_that_nobody_answered_are_swept_away(database: Database) -> None:
    with database.writing("named") as db:
        with clock.set_to(NOON):
            asking.ask(db, "token", Purpose.SIGN_IN, "/")
        with clock.set_to(NOON + timedelta(minutes=11)):
            asked = asking.ask(db, "token", Purpose.LINK, "/")
            assert db.scalar(select(func.count()).select_from(SignOnRequest)) == 1
            found = asking.take(db, "token", asked.state)
            assert found is not None
            assert asking.take(db, "token", asked.state) is None
            assert (found.purpose, found.nonce, found.verifier) == (Purpose.LINK, asked.nonce, asked.verifier)
