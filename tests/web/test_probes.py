"""What a service manager or a proxy asks: alive, ready. One word each, and nobody is asked for."""

import pytest
from flask import Flask
from sqlalchemy import event, text

from panel.app import create_app
from panel.config import Config
from panel.kernel.database import Database

ADDRESSES = {"named": ("/health", "/ready"), "blind": ("/panel/health", "/panel/ready")}


@pytest.mark.parametrize("side", ["named", "blind"])
def test_each_side_answers_its_own_pair_with_its_own_credentials(
    config: Config, database: Database, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(config, database, side=side)  # type: ignore[arg-type]
    other = "blind" if side == "named" else "named"
    monkeypatch.delitem(database._engines, other)
    client = app.test_client()
    health, ready = ADDRESSES[side]
    assert (client.get(health).status_code, client.get(health).text) == (200, "alive\n")
    assert (client.get(ready).status_code, client.get(ready).text) == (200, "ready\n")
    assert [client.get(path).status_code for path in ADDRESSES[other]] == [404, 404]


def test_alive_touches_nothing_even_for_somebody_with_a_cookie(app: Flask, database: Database) -> None:
    asked: list[str] = []
    for side in ("named", "blind"):
        event.listen(
            database.engine(side),  # type: ignore[arg-type]
            "before_cursor_execute",
            lambda _c, _k, statement, *_rest: asked.append(statement),
        )
    client = app.test_client()
    client.set_cookie("panel", "x" * 43)
    assert [client.get(path).status_code for path in ("/health", "/panel/health")] == [200, 200]
    assert asked == []
    assert client.get("/ready").status_code == 200
    assert [each for each in asked if not each.startswith("BEGIN")] == ["SELECT version_num FROM alembic_version"]
    assert "BEGIN IMMEDIATE" not in asked
    assert "Set-Cookie" not in client.get("/ready").headers


def test_not_ready_while_tables_are_old_or_the_database_is_gone(config: Config, app: Flask, database: Database) -> None:
    client = app.test_client()
    owner = Database(config.owner_url(), None)
    with owner.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    for path in ("/ready", "/panel/ready"):
        assert (client.get(path).status_code, client.get(path).text) == (503, "not ready\n")
    with owner.writing() as db:
        db.execute(text("DROP TABLE alembic_version"))
    owner.dispose()
    assert client.get("/ready").status_code == 503
    assert client.get("/health").status_code == 200
