"""What the tests of accounts share: people, and a browser that fills in forms."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts import service

PASSWORD = "crane velvet pocket"
EMAIL = "niamh.odonoghue@fictional.police.uk"


def add_niamh(db: Session) -> AccountId:
    return service.add_active(
        db, name="Niamh O’Donoghue", email=EMAIL, staff_no="40417", password=PASSWORD, profile="rehearsal"
    )


def added_niamh(database: Database) -> AccountId:
    with database.writing("named") as db:
        return add_niamh(db)


def token_on(client: FlaskClient, page: str) -> str:
    """The request token in a page's form."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', client.get(page).text)
    assert found, page
    return found[1]


def hidden_on(client: FlaskClient, page: str) -> dict[str, str]:
    """What a page's form carries along: its request token, and what it showed of something shared."""
    return dict(re.findall(r'name="(csrf_token|seen)" value="([0-9a-f]+)"', client.get(page).text))


def fill(client: FlaskClient, page: str, to: str | None = None, **boxes: str) -> TestResponse:
    """Open a page and send its form."""
    return client.post(to or page, data={**hidden_on(client, page), **boxes})


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
    return fill(client, "/sign-in", email=email, password=password, **more)
