"""An installation: its first start (secrets, tables, shipped courses and frameworks) and its migrations."""

import atexit
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from alembic import command
from flask import Flask
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from migrations import current
from migrations import roles as database_roles
from panel.app import create_app
from panel.blind.training import publishing
from panel.board import library
from panel.config import Config, Sides, from_environment, psycopg_url, side_of
from panel.kernel.apart import demand_blind
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured
from panel.kernel.precautions import demand_no_commit_times
from panel.named.unsealing import server_secrets
from panel.named.unsealing.child.answering import self_test
from panel.web.logs import Event, note


def serving(config: Config, side: Sides) -> None:
    """All that must hold before pages of that side are served.

    Raises Misconfigured for cheap hashing outside the demonstration, for a blind side that could reach names, and what
    `prepare` raises.
    """
    if config.profile != "standard" and not config.demo:
        raise Misconfigured("PANEL_PROFILE is 'rehearsal': passwords would be cheap to guess. Unset it.")
    if side == "blind" and (config.database_url or config.owner_database_url):
        raise Misconfigured(
            "This process serves the blind side and was given the database address of names. "
            "Unset PANEL_DATABASE_URL and PANEL_OWNER_DATABASE_URL for it."
        )
    if side != "blind":
        prepare(config)
    if side != "named":
        _demand_blind(config, side)


def _demand_blind(config: Config, side: Sides) -> None:
    database = config.database(side)
    try:
        demand_blind(database)
    finally:
        database.dispose()


def prepare(config: Config) -> None:
    """Make whatever is missing for this installation to run; safe to repeat, and by several processes at once.

    On PostgreSQL without the owner's address it makes no tables, and raises Misconfigured if they are not up to date.
    Raises SecretMissing where keys or heads were made with a secret that is gone, and Misconfigured where nothing could
    be sealed, or where the database itself would tell who wrote what.
    """
    self_test()
    database = config.database("named")
    try:
        demand_no_commit_times(database)
        if config.sqlite_path or config.owner_database_url:
            migrate(config)
        else:
            _require_newest(database)
        with database.writing("named") as db:
            server_secrets.make(db, config.keys)
            furnish(db)
    finally:
        database.dispose()


def furnish(db: Session) -> None:
    """Make the shipped frameworks and courses, unless they are there."""
    library.install(db)
    publishing.load_shipped(db)


def replace_secrets(config: Config) -> tuple[str, ...]:
    """Make anew the secrets that are lost for good; which they were."""
    database = config.database("named")
    try:
        with database.writing("named") as db:
            lost = server_secrets.give_up(db, config.keys)
        server_secrets.make_anew(config.keys, lost)
        return lost
    finally:
        database.dispose()


def application(side: Sides | None = None) -> Flask:
    """The application for a WSGI server such as gunicorn: `panel.installation:application()`."""
    chosen = side or side_of()
    config = from_environment(side=chosen)
    serving(config, chosen)
    made = create_app(config, side=chosen)
    says = ExitStack()
    says.enter_context(logged(config, chosen))
    atexit.register(says.close)
    return made


@contextmanager
def logged(config: Config, side: Sides) -> Iterator[None]:
    """Say in the log that this process serves, and at the end that it stopped; the demonstration says neither."""
    if config.demo:
        yield
        return
    note(Event.STARTED, side=side, engine="sqlite" if config.sqlite_path else "postgresql")
    try:
        yield
    finally:
        note(Event.STOPPED, side=side)


def migrate(config: Config, *, roles: bool = False, to: str = "head") -> None:
    """Bring the database to the newest tables; with `roles`, first make PostgreSQL's roles, logins and members.

    `to`: stop at that revision. Raises Misconfigured on PostgreSQL without the owner's address.
    """
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = config.owner_url()
    if roles:
        _make_roles(config)
    settings = current.settings()
    settings.attributes["url"] = owner
    command.upgrade(settings, to)


def migrate_in(connection: Connection, *, to: str = "head") -> None:
    """The same within the transaction of that connection, which owns the tables and is not committed."""
    settings = current.settings()
    settings.attributes["connection"] = connection
    command.upgrade(settings, to)


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
            found = current.migrated(connection)
    except ProgrammingError:
        found = frozenset()  # there is no table of versions, or no right to read it: the grants are old too
    except OperationalError as error:
        raise Misconfigured("The database does not answer. Is it running, and is PANEL_DATABASE_URL right?") from error
    if found != current.newest():
        raise Misconfigured("The database is not up to date. Run: panel migrate")
