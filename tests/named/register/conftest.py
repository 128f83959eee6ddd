"""A force with a board that is being marked, as far as its register of training needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.access import service as access
from panel.access.queries import account_of, person_of
from panel.access.roles import Role
from panel.blind.training import course_service, edition_queries, publishing
from panel.blind.training.models import QualificationRow
from panel.board import service as boards
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel.clock import set_to, today
from panel.kernel.database import Database
from panel.kernel.encoding import canonical
from panel.kernel.ids import AccountId, BoardId, MarkerId
from tests.blind.training.conftest import POLICY
from tests.named.setup.staff import person

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Force:
    """HR, and two panel members of a board that is being marked: one is qualified, the other has done nothing."""

    database: Database
    app: Flask
    board: BoardId
    hr: AccountId
    ready: MarkerId
    fresh: MarkerId

    def client(self, account: AccountId | None) -> FlaskClient:
        client = self.app.test_client()
        if account is not None:
            with self.database.writing("named") as db:
                client.set_cookie("panel", access.start_session(db, account))
        return client

    def account(self, marker: MarkerId) -> AccountId:
        with self.database.reading("named") as db:
            return account_of(db, marker)


@pytest.fixture
def force(app: Flask, database: Database) -> Iterator[Force]:
    with set_to(NOW):
        with database.writing("named") as db:
            publishing.load_shipped(db)
            hr, ready, fresh = (
                person(db, "Hana Ross", Role.HR), person(db, "=Ready Ann"), person(db, "Fresh Ben")
            )  # fmt: skip
            board = boards.create(db, POLICY.title)
            boards.write(db, board, policy=canonical(POLICY.to_json()).decode())
            row = db.get(BoardRow, board)
            assert row is not None
            row.stage = Stage.MARKING.value
            for account in (ready, fresh):
                access.grant(db, board, account, Role.MARKER)
            trained = person_of(db, ready)
            for each in edition_queries.latest(db):
                course_service.complete(db, trained, each.id)
            db.add_all(qualified(board, trained))
            made = Force(database, app, board, hr, trained, person_of(db, fresh))
        yield made


def qualified(board: BoardId, marker: MarkerId) -> list[QualificationRow]:
    """For every criterion of the board."""
    return [QualificationRow(board=board, marker=marker, criterion=key, granted_on=today()) for key in POLICY.keys]
