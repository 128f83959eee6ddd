"""Where the pages of marking are, and what the tests of them share."""

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from panel.blind.allocation.queries import Task
from panel.blind.marking import service
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.moderation.visitors import Visitor
from tests.blind.scene import EVIDENCE, QUESTIONS, Scene

Enter = Callable[[MarkerId], Visitor]


def home(scene: Scene) -> str:
    return f"/panel/{scene.board_id}/marking"


def tasks(scene: Scene, database: Database, marker: MarkerId, criterion: str = QUESTIONS[0]) -> list[Task]:
    with database.reading() as scene.db:
        return scene.tasks(marker, criterion)


def address(scene: Scene, task: Task, *more: str) -> str:
    return "/".join([home(scene), task.code, *more])


def version(page: TestResponse) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    return found[1]


def mark_all(scene: Scene, database: Database, marker: MarkerId) -> None:
    with database.writing() as scene.db:
        for key in (*QUESTIONS, "courage"):
            for task in scene.tasks(marker, key):
                service.record(scene.db, scene.board_id, marker, task.code, score=3, evidence=EVIDENCE, version=0)
