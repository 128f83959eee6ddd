"""Alembic's entry: migrates the owner's address, on SQLite with the schemas translated away."""

from alembic import context
from sqlalchemy import MetaData, create_engine, text

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
    url = context.config.attributes.get("url") or from_environment().owner_url()
    engine = create_engine(url, hide_parameters=True)
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not sqlite:
            for room in ROOMS:
                connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{room}"'))
            connection.commit()
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
        connection.commit()
    engine.dispose()


run()
