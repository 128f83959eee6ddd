"""A signed-in person at the pages of applying, without JavaScript."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from panel.access.actor import Person
from panel.access.service import start_session
from panel.kernel.database import Database
from tests.named.intake.scene import ANSWERS, Scene


class Visitor:
    """One browser. Its token stands in every page, so any page will do to fetch it."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.client.set_cookie("panel", token)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, **fields: Any) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.csrf, **fields})

    @cached_property
    def csrf(self) -> str:
        page = self.client.get("/help").text
        return page.split('name="csrf_token" value="')[1].split('"', 1)[0]


def visit(app: Flask, database: Database, scene: Scene, person: Person) -> Visitor:
    """Sign the person in, the password entered just now. What the scene holds back is kept first."""
    scene.db.commit()
    with database.writing() as db:
        return Visitor(app.test_client(), start_session(db, person.account, stepped_up=True))


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements the named engine is given meanwhile."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(database.engine("named"), "before_cursor_execute", hear)
    yield heard
    event.remove(database.engine("named"), "before_cursor_execute", hear)


def value(page: str, name: str) -> str:
    """The value of a hidden input of a page."""
    return page.split(f'name="{name}" value="')[1].split('"', 1)[0]


def at(scene: Scene, page: str = "") -> str:
    return f"/applications/{scene.board}{page}"


def write_all(visitor: Visitor, scene: Scene, answers: dict[str, str] = ANSWERS) -> None:
    for key, text in answers.items():
        version = value(visitor.get(at(scene, f"/answers/{key}")).text, "version")
        assert visitor.post(at(scene, f"/answers/{key}"), version=version, answer=text).status_code == 303
    for part, fields in {
        "details": {"name": "Ada Okonjo-Szabó", "email": "ada@rail.example", "station": "Ebury Bridge"},
        "known": {"known": "nobody"},
        "equality": {"sex": "female", "age": "declined"},
    }.items():
        version = value(visitor.get(at(scene, f"/{part}")).text, "version")
        assert visitor.post(at(scene, f"/{part}"), version=version, **fields).status_code == 303


def submit(visitor: Visitor, scene: Scene) -> str:
    """Submit; the page with the code."""
    page = visitor.get(at(scene, "/check")).text
    answer = visitor.post(at(scene, "/check"), edition=value(page, "edition"), code=value(page, "code"), own="y")
    assert answer.status_code == 200, answer.text
    return answer.text


def code_on(page: str) -> str:
    found = re.search(r'class="big-code">([0-9A-Z-]{24})<', page)
    assert found
    return found[1]
