"""The databases, applications and browsers that tests run on: all real."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy.orm import Session

from panel.config import Config
from panel.kernel.database import Database
from tests.applications import application, compile_templates_once
from tests.browser import CHROMIUM
from tests.engines import word_statements_once
from tests.scratch import write_to_memory
from tests.selection import leave_out
from tests.servers import PostgresServer, cheap, migrated_sqlite
from tests.world import Visit, World, shared_world


def pytest_configure() -> None:
    """Before the first application and the first temporary folder are made."""
    write_to_memory()
    compile_templates_once()
    word_statements_once()
    # how long an example takes tells of the machine, not of the code
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look through it again after every few hundred objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest starts first, so that no process is left with it at the end.

    What the thorough run alone takes is left out. Without Chromium the browser tests are skipped; in continuous
    integration that is a failure, not a skip.
    """
    leave_out(config, items)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if CHROMIUM.exists():
        return
    if os.environ.get("CI") == "true":
        pytest.exit(f"{CHROMIUM} is missing: the browser tests cannot run", returncode=1)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"{CHROMIUM} is missing: install Debian's chromium-headless-shell"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating for each test would cost most of the run."""
    return migrated_sqlite(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL with both roles and a migrated template database."""
    server = PostgresServer.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_kind(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a database runs on both engines."""
    return str(request.param)


@pytest.fixture
def config(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Config]:
    """A fresh installation on the engine, with the cheap key profile of tests."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    fresh = cheap(instance)
    if engine_kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), instance / "panel.sqlite3")
        yield fresh
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh(fresh) as ready:
        yield ready


@pytest.fixture
def database(config: Config) -> Iterator[Database]:
    """Both engines of a fresh installation."""
    both = config.database()
    yield both
    both.dispose()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A named session that writes; the test commits when it wants to."""
    with database.session("named", writes=True) as session:
        yield session


@pytest.fixture
def blind_db(database: Database) -> Iterator[Session]:
    """A blind session that writes."""
    with database.session("blind", writes=True) as session:
        yield session


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """The whole application on a fresh installation."""
    return application(config, database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], FlaskClient]:
    """As many browsers as a test wants."""
    return app.test_client


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> World:
    """A board at every stage, made once."""
    base = tmp_path_factory.getbasetemp()
    return shared_world((base if worker_id == "master" else base.parent) / "shared", tmp_path_factory.mktemp("world"))


@pytest.fixture
def visit(world: World, tmp_path: Path) -> Iterator[Visit]:
    """A copy of the world to walk through and change."""
    with world.copied(tmp_path / "copy") as copy:
        yield copy
