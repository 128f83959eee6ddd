"""An installation: its first start (secrets, tables, shipped courses and frameworks) and its migrations."""

from collections.abc import Iterator

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, ProgrammingError

from migrations import roles as database_roles
from panel.app import create_app
from panel.blind.training import publishing
from panel.board import library
from panel.config import ROOT, Config, Sides, from_environment, psycopg_url, side_of
from panel.kernel import keyfiles
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured


def prepare(config: Config) -> None:
    """Make whatever is missing for this installation to run; safe to repeat, and by several processes at once.

    On PostgreSQL without the owner's address it makes no tables, and raises Misconfigured if they are not up to date.
    """
    database = config.database("named")
    try:
        if config.sqlite_path or config.owner_database_url:
            migrate(config)
        else:
            _require_newest(database)
        for secret in (keyfiles.PEPPER, keyfiles.LOG):
            keyfiles.ensure(config.keys, secret)
        with database.writing("named") as db:
            library.install(db)
            publishing.load_shipped(db)
    finally:
        database.dispose()


def application(side: Sides | None = None) -> Flask:
    """The application for a WSGI server such as gunicorn: `panel.installation:application()`."""
    chosen = side or side_of()
    config = from_environment(side=chosen)
    if chosen != "blind":
        prepare(config)
    return create_app(config, side=chosen)


def migrate(config: Config, *, roles: bool = False) -> None:
    """Bring the database to the newest tables; with `roles`, first make PostgreSQL's roles, logins and members.

    Raises Misconfigured on PostgreSQL without the owner's address.
    """
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = config.owner_url()
    if roles:
        _make_roles(config)
    alembic = _alembic()
    alembic.attributes["url"] = owner
    command.upgrade(alembic, "head")


def role_statements(config: Config) -> Iterator[str]:
    """The SQL that makes PostgreSQL's roles, for an administrator to run by hand once, before the first migration.

    Raises Misconfigured unless the three addresses are set. Passwords in them stand in the SQL.
    """
    named, blind = _logins(config)
    return database_roles.role_statements(named, blind, config.owner_url().username)


def _make_roles(config: Config) -> None:
    named, blind = _logins(config)
    engine = create_engine(config.owner_url(), hide_parameters=True)
    with engine.begin() as connection:
        database_roles.make_roles(connection, named, blind)
    engine.dispose()


def _logins(config: Config) -> tuple[URL, URL]:
    if not config.database_url or not config.blind_database_url:
        raise Misconfigured("Roles are for PostgreSQL: set PANEL_DATABASE_URL and PANEL_BLIND_DATABASE_URL first.")
    return psycopg_url(config.database_url), psycopg_url(config.blind_database_url)


def _require_newest(database: Database) -> None:
    """Compare, as the named login, what was migrated last with what there is; changes nothing."""
    try:
        with database.engine("named").connect() as connection:
            migrated = MigrationContext.configure(connection).get_current_heads()
    except ProgrammingError:
        migrated = ()  # there is a table of versions, and no right to read it: the grants are old too
    except OperationalError as error:
        raise Misconfigured("The database does not answer. Is it running, and is PANEL_DATABASE_URL right?") from error
    if set(migrated) != set(ScriptDirectory.from_config(_alembic()).get_heads()):
        raise Misconfigured("The database is not up to date. Run: panel migrate")


def _alembic() -> AlembicConfig:
    return AlembicConfig(toml_file=str(ROOT / "pyproject.toml"))
