"""People of a scene at the pages of moderation and the merit list, without JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from panel.access.models import PersonRow
from panel.access.service import start_session
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, MarkerId


class Visitor:
    """A signed-in person."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.client.set_cookie("panel", token)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, **fields: Any) -> TestResponse:
        page = self.get(address).text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.client.post(address, data={"csrf_token": token, **fields})


def visit(app: Flask, database: Database, marker: MarkerId, *, stepped_up: bool = False) -> Visitor:
    """Sign a person of the scene in."""
    with database.writing() as db:
        account = db.scalar(select(PersonRow.account).where(PersonRow.marker == marker)) or AccountId.new()
        db.merge(PersonRow(account=account, marker=marker))
        db.flush()
        return Visitor(app.test_client(), start_session(db, account, stepped_up=stepped_up))


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements the blind engine is given meanwhile."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(database.engine("blind"), "before_cursor_execute", hear)
    yield heard
    event.remove(database.engine("blind"), "before_cursor_execute", hear)
