"""A process of one side serves that side's pages, with no credentials for the other."""

import pytest

from panel.access import service as access
from panel.app import create_app
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured
from tests.world import Visit


@pytest.fixture
def blind(visit: Visit) -> Database:
    return Database(None, f"sqlite:///{visit.config.sqlite_path}")


@pytest.mark.leak("L75")
def test_blind_process_marks_without_credentials_for_names(visit: Visit, blind: Database) -> None:
    app = create_app(visit.config, blind, side="blind")
    with pytest.raises(Misconfigured):
        blind.engine("named")
    marker, board = visit.company(Stage.MARKING).markers[0], visit.boards[Stage.MARKING].board
    with visit.database.writing() as db:
        token = access.start_session(db, marker.account)
    client = app.test_client()
    client.set_cookie("panel", token)
    assert client.get(f"/panel/{board}/marking").status_code == 200
    assert client.get("/panel/training").status_code == 200
    assert client.get("/").status_code == 404
    assert client.get("/applications").status_code == 404
    assert app.test_client().get("/panel/marking").headers["Location"].startswith("/sign-in")
    assert all(rule.rule.startswith(("/panel/", "/help", "/static/")) for rule in app.url_map.iter_rules())
    blind.dispose()


def test_named_process_has_no_page_of_the_blind_side(visit: Visit) -> None:
    app = create_app(visit.config, visit.database, side="named")
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/panel/")]
    assert app.test_client().get("/sign-in").status_code == 200


@pytest.mark.leak("L75")
def test_blind_pages_ask_the_named_engine_nothing(visit: Visit) -> None:
    from sqlalchemy import event  # noqa: PLC0415 - the only test here that listens to an engine

    client = visit.client(visit.company(Stage.MARKING).markers[0])
    board = visit.boards[Stage.MARKING].board
    asked: list[str] = []
    event.listen(
        visit.database.engine("named"),
        "before_cursor_execute",
        lambda _c, _k, statement, *_rest: asked.append(statement),
    )
    for path in ("/panel/marking", f"/panel/{board}/marking", f"/panel/{board}/marking/tasks", "/panel/training"):
        assert client.get(path).status_code == 200
    assert asked == []
