"""An installation: its first start (secrets, tables, shipped courses and frameworks) and its state of health."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask
from sqlalchemy import create_engine, text

from migrations import roles as database_roles
from panel.app import create_app
from panel.blind.training import service as training
from panel.board import library
from panel.config import ROOT, Config, Sides, from_environment, psycopg_url
from panel.kernel import keyfiles
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured, PanelError
from panel.kernel.precautions import precautions
from panel.named.unsealing.child import self_test


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is as it must be, and a sentence with the remedy if it is not."""

    good: bool
    sentence: str


def prepare(config: Config) -> None:
    """Make whatever is missing for this installation to run; safe to repeat, and by several processes at once."""
    migrate(config)
    for secret in (keyfiles.PEPPER, keyfiles.LOG):
        keyfiles.ensure(config.keys, secret)
    database = config.database("named")
    with database.writing("named") as db:
        library.install(db)
        training.load_shipped(db)
    database.dispose()


def application(side: Sides | None = None) -> Flask:
    """The application for a WSGI server such as gunicorn: `panel.installation:application()`."""
    config = from_environment()
    chosen: Sides = side or _side()
    if chosen != "blind":
        prepare(config)
    return create_app(config, side=chosen)


def migrate(config: Config, *, roles: bool = False) -> None:
    """Bring the database to the newest tables; with `roles`, first make PostgreSQL's roles, members and grants."""
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    if roles:
        _make_roles(config)
    alembic = AlembicConfig(toml_file=str(ROOT / "pyproject.toml"))
    alembic.attributes["url"] = config.owner_url()
    command.upgrade(alembic, "head")


def role_statements() -> Iterator[str]:
    """The SQL that makes PostgreSQL's roles and grants, for an administrator who does it by hand."""
    return database_roles.role_statements()


def check(config: Config) -> tuple[Finding, ...]:
    """Look at settings, file rights, database and self-tests; changes nothing."""
    return (*_settings(config), *_secrets(config), *_database(config), _self_tests())


def _make_roles(config: Config) -> None:
    if not config.database_url or not config.blind_database_url:
        raise Misconfigured("Roles are for PostgreSQL: set PANEL_DATABASE_URL and PANEL_BLIND_DATABASE_URL first.")
    engine = create_engine(config.owner_url(), hide_parameters=True)
    with engine.begin() as connection:
        database_roles.make_roles(connection, psycopg_url(config.database_url), psycopg_url(config.blind_database_url))
    engine.dispose()


def _side() -> Sides:
    sides: dict[str, Sides] = {"both": "both", "named": "named", "blind": "blind"}
    chosen = os.environ.get("PANEL_SIDE", "both")
    if chosen not in sides:
        raise Misconfigured("PANEL_SIDE must be 'named', 'blind' or 'both'.")
    return sides[chosen]


def _settings(config: Config) -> Iterator[Finding]:
    yield Finding(
        config.production,
        "Passphrases and passwords are hashed at full cost."
        if config.production
        else "PANEL_PROFILE is 'rehearsal': cheap hashing. Unset it.",
    )
    yield Finding(
        config.secure_cookies,
        "Cookies travel over TLS only."
        if config.secure_cookies
        else "PANEL_INSECURE_COOKIES is set. Put the service behind TLS and unset it.",
    )
    yield Finding(
        bool(config.trusted_hosts),
        "The service answers to named hosts only."
        if config.trusted_hosts
        else "PANEL_TRUSTED_HOSTS is not set. Name the hosts the service answers to.",
    )


def _secrets(config: Config) -> Iterator[Finding]:
    if not config.keys.is_dir():
        yield Finding(good=False, sentence="There are no secrets yet. Start the service once: panel serve.")
        return
    exposed = [path for path in (config.keys, *config.keys.rglob("*")) if _others_may(path)]
    yield Finding(
        not exposed,
        f"Others can reach {len(exposed)} files under {config.keys}. Run: chmod -R go-rwx {config.keys}"
        if exposed
        else "Secrets are readable by their owner only.",
    )


def _others_may(path: Path) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _database(config: Config) -> Iterator[Finding]:
    if config.sqlite_path and not config.sqlite_path.exists():
        yield Finding(good=False, sentence="There is no database yet. Start the service once: panel serve.")
        return
    try:
        database = config.database()
        yield Finding(good=True, sentence=f"The database answers ({'SQLite' if database.is_sqlite else 'PostgreSQL'}).")
        yield _blindness(database)
        yield from (Finding(good, sentence) for good, sentence in precautions(database))
    except PanelError as error:
        yield Finding(good=False, sentence=error.message)


def _blindness(database: Database) -> Finding:
    table = "account" if database.is_sqlite else "named.account"
    with database.session("blind", writes=False) as db:
        try:
            db.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - one of two fixed names
        except Exception:
            return Finding(good=True, sentence="The blind database role is refused every name.")
    return Finding(good=False, sentence="The blind database role can read names. Run: panel migrate --roles")


def _self_tests() -> Finding:
    try:
        self_test()
    except Exception as error:
        return Finding(good=False, sentence=f"A cryptographic self-test failed ({type(error).__name__}).")
    return Finding(good=True, sentence="The cryptographic self-tests pass.")
