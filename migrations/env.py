"""Alembic's entry: migrates the owner's address, on SQLite with the schemas translated away.

Or the connection that it is given, whose transaction it leaves open: a restore is in whole or not at all.
"""

from alembic import context
from sqlalchemy import Connection, MetaData, create_engine, text

from migrations.catalogue import combined
from migrations.roles import grant_rights
from migrations.sampling import silence
from migrations.triggers import create as create_triggers
from migrations.triggers import drop as drop_triggers
from panel.config import from_environment
from panel.kernel.authorizer import VERSIONS
from panel.kernel.tables import ROOMS


def _metadata(sqlite: bool) -> MetaData:
    return combined(schemas=not sqlite)


def run() -> None:
    """Migrate, then make triggers and grants anew."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _make_rooms(given)
        _migrate(given)
        return
    engine = create_engine(context.config.attributes.get("url") or from_environment().owner_url(), hide_parameters=True)
    with engine.connect() as connection:
        _make_rooms(connection)
        connection.commit()
        _migrate(connection)
        connection.commit()
    engine.dispose()


def _make_rooms(connection: Connection) -> None:
    for room in () if connection.dialect.name == "sqlite" else ROOMS:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{room}"'))


def _migrate(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=_metadata(sqlite),
        include_schemas=not sqlite,
        render_as_batch=sqlite,
        version_table=VERSIONS,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        drop_triggers(connection)
        context.run_migrations()
        create_triggers(connection)
        grant_rights(connection)
        silence(connection)


run()
