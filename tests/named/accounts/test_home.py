"""The home page: every address on it exists, and is open to whom it is offered."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.access.guards import guard_of
from panel.access.roles import Role
from panel.access.service import grant
from panel.app import create_app
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.queries import board as board_of
from panel.board.service import create
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.accounts.demo import SignIn, write_sign_ins
from panel.named.accounts.home import Turn, tasks_for_all, tasks_on, tasks_on_system
from tests.named.accounts.signing import added_niamh, sign_in


def made(database: Database) -> BoardId:
    with database.writing("named") as db:
        return create(db, "Inspector 2026")


def guard_at(app: Flask, address: str) -> str:
    """What the page behind an address asks for."""
    endpoint, _ = app.url_map.bind("localhost").match(address, method="GET")
    return guard_of(app.view_functions[endpoint])


def test_every_task_offered_is_a_page_its_holder_may_open(app: Flask, database: Database) -> None:
    board = made(database)
    offered = 0
    for stage in Stage:
        with database.writing("named") as db:
            db.get_one(BoardRow, board).stage = stage.value
            db.flush()
            held = board_of(db, board)
            db.rollback()
        for role in Role:
            turns = {task for turn in (None, *Turn) for task in tasks_on(held, frozenset({role}), turn=turn).tasks}
            for task in turns:
                offered += 1
                guard = guard_at(app, task.address)
                assert guard == "signed in" or role.value in guard.split(" or "), (stage, role, task)
    assert offered > 50


def test_tasks_of_the_system_are_pages_too(app: Flask) -> None:
    for role in Role:
        for task in tasks_on_system(frozenset({role})):
            assert guard_at(app, task.address) == "signed in" or role.value in guard_at(app, task.address).split(" or ")
    assert all(guard_at(app, task.address) == "signed in" for task in tasks_for_all())


def test_a_person_sees_her_boards_parts_and_nothing_of_other_boards(client: FlaskClient, database: Database) -> None:
    niamh, board = added_niamh(database), made(database)
    with database.writing("named") as db:
        create(db, "Sergeant 2026")
        grant(db, board, niamh, Role.CHAIR)
    sign_in(client)
    page = client.get("/").text
    assert "Inspector 2026" in page
    assert "You are chair." in page
    assert "Sergeant 2026" not in page
    assert "Accounts" not in page


def test_a_marker_is_offered_only_what_is_hers_to_do_once_moderation_runs(database: Database) -> None:
    board = made(database)
    with database.writing("named") as db:
        db.get_one(BoardRow, board).stage = Stage.MODERATION.value
        db.flush()
        held, marker = board_of(db, board), frozenset({Role.MARKER})
        offered = [[task.text for task in tasks_on(held, marker, turn=turn).tasks] for turn in (None, *Turn)]
    assert offered == [[], ["Mark answers"], ["Did you recognise a writer?"]]


@pytest.mark.parametrize("role", [Role.HR, Role.ADMINISTRATOR])
def test_a_role_on_the_system_brings_its_tasks(client: FlaskClient, database: Database, role: Role) -> None:
    niamh = added_niamh(database)
    with database.writing("named") as db:
        grant(db, SYSTEM, niamh, role)
    sign_in(client)
    assert 'href="/accounts"' in client.get("/").text


def test_sign_ins_are_shown_in_the_demonstration_only(client: FlaskClient, config: Config, database: Database) -> None:
    write_sign_ins(config, (SignIn("HR", "hana.hr@fictional.police.uk", "crane velvet pocket"),))
    assert "This is a demonstration" not in client.get("/sign-in").text
    shown = create_app(replace(config, demo=True), database).test_client().get("/sign-in").text
    assert "This is a demonstration" in shown
    assert "hana.hr@fictional.police.uk" in shown


def test_the_home_page_works_in_a_process_that_lacks_the_blind_side(config: Config, database: Database) -> None:
    niamh, board = added_niamh(database), made(database)
    with database.writing("named") as db:
        grant(db, board, niamh, Role.MARKER)
    client = create_app(config, database, side="named").test_client()
    sign_in(client)
    assert 'href="/panel/training"' in client.get("/").text
