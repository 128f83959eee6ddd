"""The merit list as a page: for whom, from when on, and what it says when something was changed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from panel.access.models import RoleRow
from panel.access.roles import Role
from panel.board.lifecycle import Stage
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.encoding import words
from panel.kernel.ids import MarkerId
from tests.blind.merit.locked import locked, settled
from tests.blind.moderation.moderated import number
from tests.blind.moderation.visitors import Visitor, counted, visit
from tests.blind.scene import Scene
from tests.unguarded import unguarded


@pytest.fixture
def enter(app: Flask, database: Database) -> Callable[[MarkerId], Visitor]:
    return lambda marker: visit(app, database, marker)


def lock(database: Database, candidates: int = 4) -> tuple[Scene, bytes, list[int]]:
    """A locked board, its root, and the numbers by place."""
    with database.writing() as db:
        scene = Scene.marking(db, candidates=candidates)
        root = locked(scene)
        return scene, root, [int(number(scene, place)) for place in range(candidates)]


def auditor(database: Database, scene: Scene) -> MarkerId:
    who = MarkerId.new()
    with database.writing() as db:
        db.add(RoleRow(marker=who, board=scene.board_id, role=Role.AUDITOR.value))
    return who


def test_list_stands_in_order_with_the_root_in_words(database: Database, enter: Callable[[MarkerId], Visitor]) -> None:
    scene, root, numbers = lock(database)
    for who in (scene.chair, scene.deputy, auditor(database, scene)):
        page = enter(who).get(f"/panel/{scene.board_id}/merit").text
        places = [page.index(str(numbers[place])) for place in (1, 0, 2, 3)]
        assert places == sorted(places)
        assert all(f"<li>{word}</li>" in page for word in words(root))
        assert root.hex() in page
        assert "10.67 (32/3)" in page
        assert "Computed again just now from the marks as they stand: the same." in page


def test_list_is_not_for_markers_hr_or_custodians(database: Database, enter: Callable[[MarkerId], Visitor]) -> None:
    scene, _root, _numbers = lock(database)
    custodian = MarkerId.new()
    with database.writing() as db:
        db.add(RoleRow(marker=custodian, board=scene.board_id, role=Role.CUSTODIAN.value))
    for who in (scene.markers[0], scene.hr, custodian):
        assert enter(who).get(f"/panel/{scene.board_id}/merit").status_code == 404


def test_there_is_no_list_before_the_lock(database: Database, enter: Callable[[MarkerId], Visitor]) -> None:
    with database.writing() as db:
        scene = settled(Scene.marking(db, candidates=2))
    chair = enter(scene.chair)
    assert chair.get(f"/panel/{scene.board_id}/merit").status_code == 409
    with database.writing() as db:
        scene.db = db
        scene.move(Stage.CANCELLED)
    assert chair.get(f"/panel/{scene.board_id}/merit").status_code == 409


@pytest.mark.leak("L102")
def test_page_warns_when_a_mark_was_changed_after_the_lock(
    config: Config, database: Database, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene, _root, _numbers = lock(database)
    with unguarded(config) as connection:
        table = "mark" if database.is_sqlite else "blind.mark"
        connection.execute(text(f"UPDATE {table} SET score = 4 WHERE criterion = 'courage'"))
    page = enter(scene.chair).get(f"/panel/{scene.board_id}/merit").text
    assert "Something was changed after the lock" in page


def test_page_asks_the_same_number_of_questions_whatever_the_size(
    database: Database, enter: Callable[[MarkerId], Visitor]
) -> None:
    asked = []
    for candidates in (4, 9):
        scene, _root, _numbers = lock(database, candidates)
        chair = enter(scene.chair)
        with counted(database) as statements:
            assert chair.get(f"/panel/{scene.board_id}/merit").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 17
