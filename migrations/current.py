"""Which tables a database has, beside the newest that this version knows."""

from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from panel.config import ROOT
from panel.kernel.authorizer import VERSIONS


def settings() -> Config:
    """Where the migrations are, for Alembic."""
    return Config(toml_file=str(ROOT / "pyproject.toml"))


@cache
def newest() -> frozenset[str]:
    """The last revision there is; read once, for the files do not change under a running process."""
    return frozenset(ScriptDirectory.from_config(settings()).get_heads())


def migrated(connection: Connection) -> frozenset[str]:
    """The revision of this database, as either side may read it. Raises the database's error where there is none."""
    return frozenset(connection.scalars(text(f"SELECT version_num FROM {VERSIONS}")))
