"""A board with two criteria, a chair and three panel members, as far as training needs them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.access.roles import Role
from panel.blind.training import course_queries, course_service, publishing, script_service
from panel.blind.training.purpose import ATTEMPTS, Purpose
from panel.board import service as boards
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.policy import Criterion, Kind, Point, Policy, Scale
from panel.kernel.database import Database
from panel.kernel.encoding import canonical
from panel.kernel.ids import AccountId, BoardId, MarkerId, ScriptId

CALM = "Stays calm under pressure"
POLICY = Policy(
    title="Inspector 2026",
    criteria=(
        Criterion("calm", Kind.COMPETENCY, CALM, question="Describe a time when a plan failed.", word_limit=300),
        Criterion("fair", Kind.VALUE, "Is fair", whole=True),
    ),
    scale=Scale(tuple(Point(score, f"Label {score}", f"Anchor {score}") for score in range(1, 6))),
    tolerance=1,
)


@dataclass(frozen=True)
class Seat:
    """One person on the board."""

    account: AccountId
    marker: MarkerId


@dataclass(frozen=True)
class Panel:
    """A board in the stage open, its people, and scripts that are not open to them yet.

    `calm` and `fair` are practice scripts, agreed at 3 and 4; `fresh` and `other` hold the scripts of the first and the
    second attempt by criterion: two for calm (3, then 2), one for fair (4).
    """

    board: BoardId
    chair: Seat
    markers: tuple[Seat, ...]
    outsider: Seat
    calm: ScriptId
    fair: ScriptId
    fresh: Mapping[str, tuple[ScriptId, ...]]
    other: Mapping[str, tuple[ScriptId, ...]]


def person(db: Session, board: BoardId | None = None, role: Role | None = None) -> Seat:
    account = AccountId.new()
    marker = access.enrol_person(db, account)
    if board and role:
        access.grant(db, board, account, role)
    return Seat(account, marker)


def move(db: Session, board: BoardId, stage: Stage) -> None:
    row = db.get(BoardRow, board)
    assert row is not None
    row.stage = stage.value
    db.flush()


def make_panel(db: Session) -> Panel:
    publishing.load_shipped(db)
    board = boards.create(db, POLICY.title)
    boards.write(db, board, policy=canonical(POLICY.to_json()).decode())
    calm = script_service.add_script(
        db, board, "calm", "The crane had stopped. I rang the depot.", 3, "Says what was done."
    )
    fair = script_service.add_script(db, board, "fair", "I heard both shifts before I chose.", 4, "Hears both sides.")
    fresh, other = (_attempt(db, board, purpose) for purpose in ATTEMPTS)
    move(db, board, Stage.OPEN)
    markers = tuple(person(db, board, Role.MARKER) for _ in range(3))
    return Panel(board, person(db, board, Role.CHAIR), markers, person(db), calm, fair, fresh, other)


def _attempt(db: Session, board: BoardId, purpose: Purpose) -> dict[str, tuple[ScriptId, ...]]:
    agreed = {"calm": (3, 2), "fair": (4,)}
    return {
        key: tuple(
            script_service.add_script(
                db, board, key, f"Text {purpose} {key} {score}.", score, f"Why {purpose} {score}.", purpose
            )
            for score in scores
        )
        for key, scores in agreed.items()
    }


def train(db: Session, marker: MarkerId) -> None:
    for course in course_queries.cards(db, marker):
        course_service.complete(db, marker, course.id)


@pytest.fixture
def panel(database: Database) -> Panel:
    with database.writing("named") as db:
        return make_panel(db)


@pytest.fixture
def practising(database: Database, panel: Panel) -> Panel:
    """Practice is open, and every marker has completed the courses."""
    with database.writing("blind") as db:
        script_service.open_practice(db, panel.board, panel.chair.marker, Role.CHAIR)
        for seat in panel.markers:
            train(db, seat.marker)
    return panel


class Browser:
    """A person at the pages of training, without JavaScript."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.client.set_cookie("panel", token)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, **fields: Any) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.csrf, **fields})

    @cached_property
    def csrf(self) -> str:
        page = self.client.get("/panel/training").text
        return page.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture
def sign_in(app: Flask, database: Database) -> Callable[[Seat], Browser]:
    def start(seat: Seat) -> Browser:
        with database.writing("named") as db:
            token = access.start_session(db, seat.account)
        return Browser(app.test_client(), token)

    return start
