"""An installation on PostgreSQL as the README has it made: an owner, two logins, and each process its own address."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError

from panel import cli, installation
from panel.config import from_environment
from panel.kernel.errors import Misconfigured
from tests.servers import PostgresServer

pytestmark = pytest.mark.postgres

OWNER, NAMED, BLIND = "PANEL_OWNER_DATABASE_URL", "PANEL_DATABASE_URL", "PANEL_BLIND_DATABASE_URL"
#: A quotation mark, a colon and a percent sign, which SQL and drivers read as their own.
PASSWORD = "it's a:test 100%"
HR = ("account", "add", "hr@force.example", "--name", "First Person", "--staff-no", "1", "--hr")

Environment = dict[str, str]


def addresses(server: PostgresServer, database: str) -> Environment:
    """The three addresses of a database, whose owner is no superuser."""
    url = server.address.set(database=database)
    logins = {
        OWNER: url.set(username="board_owner"),
        NAMED: url.set(username="board_web", password=PASSWORD),
        BLIND: url.set(username="board_panel", password=PASSWORD),
    }
    return {setting: login.render_as_string(hide_password=False) for setting, login in logins.items()}


def administer(server: PostgresServer, *statements: str) -> None:
    """Do what a database administrator types, word for word."""
    with server.admin.connect().execution_options(no_parameters=True) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def call(environment: Environment, *words: str) -> Result:
    return CliRunner().invoke(cli.cli, list(words), env=environment)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server on which none of our roles exists, with the owner's login."""
    server = PostgresServer.bare()
    administer(server, "CREATE ROLE board_owner LOGIN")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def made(server: PostgresServer) -> Environment:
    """A database whose roles an administrator made from the printed SQL, and that the owner then migrated."""
    administer(server, "CREATE DATABASE boards OWNER board_owner")
    everything = addresses(server, "boards")
    printed = call(everything, "migrate", "--roles", "--print")
    assert printed.exit_code == 0, printed.output
    administer(server, printed.output, printed.output)
    migrated = call({OWNER: everything[OWNER]}, "migrate")
    assert migrated.exit_code == 0, migrated.output
    return everything


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The one folder in which the secrets of that database are."""
    return str(tmp_path_factory.mktemp("start") / "instance")


@pytest.fixture
def start(made: Environment, instance: str) -> Environment:
    """What the named process is given."""
    return {NAMED: made[NAMED], BLIND: made[BLIND], "PANEL_INSTANCE": instance, "PANEL_PROFILE": "rehearsal"}


def test_printed_roles_and_a_migration_refuse_names_to_the_blind_login(made: Environment) -> None:
    database = from_environment(made).database()
    with database.reading("named") as db:
        assert db.scalar(text("SELECT count(*) FROM named.account")) is not None
    with database.reading("blind") as db:
        assert db.scalar(text("SELECT count(*) FROM blind.mark")) == 0
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.execute(text("SELECT count(*) FROM named.account"))
    database.dispose()


def test_roles_made_by_the_command_do_the_same(server: PostgresServer, made: Environment, tmp_path: Path) -> None:
    administer(server, "CREATE DATABASE others OWNER board_owner", "ALTER ROLE board_owner CREATEROLE")
    administer(server, "GRANT panel_named, panel_blind TO board_owner WITH ADMIN OPTION")
    environment = addresses(server, "others") | {"PANEL_INSTANCE": str(tmp_path)}
    result = call(environment, "migrate", "--roles")
    assert result.exit_code == 0, result.output
    assert "ok       The blind database role is refused every name." in call(environment, "check").output


def test_process_on_another_machine_starts_with_the_same_secrets_or_not_at_all(start: Environment) -> None:
    installation.prepare(from_environment(start))
    assert call(start, "send-mail").exit_code == 0  # signs what grew
    elsewhere = start | {"PANEL_INSTANCE": f"{start['PANEL_INSTANCE']}-elsewhere"}
    for words in (("send-mail",), HR):
        result = call(elsewhere, *words)
        assert result.exit_code == 1
        assert "A secret of this service is missing" in result.output


def test_named_process_starts_without_the_owners_address(start: Environment) -> None:
    for _ in range(2):
        installation.prepare(from_environment(start))
    alone = {setting: value for setting, value in start.items() if setting != BLIND}
    for words in (HR, ("scrub",), ("send-mail",)):
        result = call(alone, *words)
        assert result.exit_code == 0, (words, result.output, result.exception)


def test_migrating_without_the_owners_address_is_a_plain_error(start: Environment) -> None:
    result = call(start, "migrate")
    assert result.exit_code == 1
    assert "PANEL_OWNER_DATABASE_URL is not set" in result.output


@pytest.mark.parametrize(
    "spoil", ["UPDATE alembic_version SET version_num = '0001'", "REVOKE SELECT ON alembic_version FROM panel_named"]
)
def test_database_that_is_behind_stops_the_start(made: Environment, start: Environment, spoil: str) -> None:
    owner = create_engine(from_environment(made).owner_url())
    with owner.begin() as connection:
        newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text(spoil))
    with pytest.raises(Misconfigured, match=r"not up to date. Run: panel migrate"):
        installation.prepare(from_environment(start))
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
    owner.dispose()
    assert call({OWNER: made[OWNER]}, "migrate").exit_code == 0
    installation.prepare(from_environment(start))


def test_empty_database_stops_the_start(server: PostgresServer, start: Environment) -> None:
    administer(server, "CREATE DATABASE untouched OWNER board_owner")
    result = call(start | {NAMED: addresses(server, "untouched")[NAMED]}, *HR)
    assert result.exit_code == 1
    assert "The database is not up to date. Run: panel migrate" in result.output


def test_check_finds_the_blind_login_refused(start: Environment) -> None:
    output = call(start, "check").output
    assert "ok       The database answers on both sides (PostgreSQL)." in output
    assert "ok       The blind database role is refused every name." in output


@pytest.mark.parametrize("change", [{"username": "nobody"}, {"database": "nowhere"}, {"host": "127.0.0.1", "port": 1}])
def test_check_takes_no_failure_for_a_refusal(server: PostgresServer, start: Environment, change: Any) -> None:
    start[BLIND] = wrong(server, change)
    result = call(start, "check")
    assert result.exit_code == 1
    assert "PROBLEM  The database does not answer the blind side." in result.output
    assert "refused every name" not in result.output


def test_start_says_that_the_database_does_not_answer(server: PostgresServer, start: Environment) -> None:
    result = call(start | {NAMED: wrong(server, {"host": "127.0.0.1", "port": 1})}, "send-mail")
    assert result.exit_code == 1
    assert "The database does not answer." in result.output


@pytest.mark.leak("L75")
def test_blind_process_starts_from_the_blind_address_alone(
    made: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Flask] = []
    monkeypatch.setattr(cli.waitress, "serve", lambda app, **_options: served.append(app))
    alone = {BLIND: made[BLIND], "PANEL_INSTANCE": str(tmp_path / "none")}
    for words, more in ((("serve", "--side", "blind"), {}), (("serve",), {"PANEL_SIDE": "blind"})):
        result = call(alone | more, *words)
        assert result.exit_code == 0, result.output
    for setting, value in (alone | {"PANEL_SIDE": "blind"}).items():
        monkeypatch.setenv(setting, value)
    served.append(installation.application())
    assert len(served) == 3
    for app in served:
        page = app.test_client().get("/panel/marking")
        assert (page.status_code, page.headers["Location"][:8]) == (302, "/sign-in")
        assert app.test_client().get("/panel/nothing").status_code == 404
        database = app.extensions["panel.database"]
        with pytest.raises(Misconfigured):
            database.engine("named")
        assert not database.is_sqlite
        database.dispose()
    assert not (tmp_path / "none").exists()


def test_only_a_blind_process_does_without_the_named_address(made: Environment) -> None:
    with pytest.raises(Misconfigured, match="both are needed"):
        from_environment({BLIND: made[BLIND]})
    with pytest.raises(Misconfigured, match="both are needed"):
        from_environment({BLIND: made[BLIND], "PANEL_SIDE": "named"})


def wrong(server: PostgresServer, change: Any) -> str:
    """An address that leads nowhere."""
    plain: URL = server.address.set(database="boards", username="board_panel")
    address = plain.set(query={}, **change) if "host" in change else plain.set(**change)
    return address.render_as_string(hide_password=False)
