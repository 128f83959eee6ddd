"""What an administrator can do who has the owner's password: change rows with every trigger out of the way."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from panel.config import Config


@contextmanager
def unguarded(config: Config) -> Iterator[Connection]:
    """A transaction of the owner in which no trigger stands; afterwards each stands as before."""
    owner = create_engine(config.owner_url())
    with owner.begin() as connection:
        if connection.dialect.name == "sqlite":
            yield from _without_triggers(connection)
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
    owner.dispose()


def _without_triggers(connection: Connection) -> Iterator[Connection]:
    triggers = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    ).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield connection
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)
