"""One place in which a board is put again and again as it once was: what the engines have learnt they keep."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.unsealing import process
from panel.named.unsealing.process import in_this_process
from panel.playing.season import Season
from tests.named.unsealing.stage import Stage
from tests.servers import PostgresServer, cheap


class Ground:
    """An installation whose files and rows are replaced, under two engines that stay. `name`: of the database."""

    def __init__(self, folder: Path, server: PostgresServer | None, name: str) -> None:
        self.server, self.name = server, name
        self.config = cheap(folder) if server is None else server.config(cheap(folder), name)
        self.database = self.config.database()

    @contextmanager
    def put(self, season: Season) -> Iterator[Stage]:
        """A copy of what a season's installation holds; the child's verbs run in the process that asks."""
        self._leave()
        shutil.rmtree(self.config.instance, ignore_errors=True)
        shutil.copytree(season.config.instance, self.config.instance)
        if self.server is not None:
            clone(self.server, self.name, season.config)
        known = replace(season.passphrases, sheets=dict(season.passphrases.sheets))
        here = replace(season, config=self.config, database=self.database, passphrases=known)
        with clock.set_to(here.moment):
            yield Stage(self.config, self.database, here)
        self._leave()

    def _leave(self) -> None:
        self.database.dispose()
        leave_child()


@contextmanager
def standing(folder: Path, server: PostgresServer | None, name: str) -> Iterator[Ground]:
    """The place, with one engine for the child's verbs too."""
    ground = Ground(folder, server, name)
    with in_this_process(ground.config):
        yield ground
    ground.database.dispose()


def leave_child() -> None:
    """Give up the connections of the child's verbs: PostgreSQL copies only a database to which nobody is connected."""
    inside: Database | None = process._inside.get()
    if inside is not None:
        inside.dispose()


def clone(server: PostgresServer, name: str, template: Config) -> None:
    """A database as another is now, in the place of the one of that name."""
    with server.admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {database_of(template)}"))
        connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"))


def database_of(config: Config) -> str:
    """The name of a configuration's database."""
    name = config.owner_url().database
    assert name is not None
    return name
