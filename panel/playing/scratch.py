"""A scratch installation that is thrown away: on SQLite a temporary folder, on PostgreSQL a database of its own."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from panel import installation
from panel.config import Config
from panel.kernel.errors import Misconfigured


@contextmanager
def scratch(config: Config) -> Iterator[Config]:
    """A prepared, empty installation with cheap hashing on the same engine as `config`; gone at the end.

    Raises Misconfigured on PostgreSQL without an owner's address, which alone may create a database.
    """
    with tempfile.TemporaryDirectory(prefix="panel-rehearsal-") as folder:
        cheap = replace(config, instance=Path(folder), profile="rehearsal", secure_cookies=False)
        if config.database_url is None:
            installation.prepare(cheap)
            yield cheap
            return
        with _database(cheap) as elsewhere:
            installation.migrate(elsewhere, roles=True)
            installation.prepare(elsewhere)
            yield elsewhere


@contextmanager
def copied(config: Config) -> Iterator[Config]:
    """A copy of a scratch installation to do with as one likes. Nobody may be connected to the first meanwhile."""
    with tempfile.TemporaryDirectory(prefix="panel-rehearsal-") as folder:
        copy = replace(config, instance=Path(folder) / "instance")
        shutil.copytree(config.instance, copy.instance)
        if config.database_url is None:
            yield copy
            return
        with _database(copy, template=make_url(config.database_url).database or "") as elsewhere:
            yield elsewhere


@contextmanager
def _database(config: Config, template: str = "template1") -> Iterator[Config]:
    if not config.owner_database_url:
        raise Misconfigured("A rehearsal on PostgreSQL needs PANEL_OWNER_DATABASE_URL, to create a scratch database.")
    name = f"panel_rehearsal_{secrets.token_hex(4)}"
    owner = create_engine(config.owner_url(), isolation_level="AUTOCOMMIT", hide_parameters=True)
    with owner.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        # rights on a database itself are not copied with it
        connection.execute(text(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC'))
    try:
        yield _moved(config, name)
    finally:
        with owner.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        owner.dispose()


def _moved(config: Config, name: str) -> Config:
    def moved(address: str | None) -> str | None:
        return address and make_url(address).set(database=name).render_as_string(hide_password=False)

    return replace(
        config,
        database_url=moved(config.database_url),
        blind_database_url=moved(config.blind_database_url),
        owner_database_url=moved(config.owner_database_url),
    )
