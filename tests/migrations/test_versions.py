"""Migrations make exactly what the models say, go down and up again, and keep planner statistics off people's words."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from migrations.catalogue import combined
from panel.config import ROOT, Config


def alembic(config: Config) -> AlembicConfig:
    made = AlembicConfig(toml_file=str(ROOT / "pyproject.toml"))
    made.attributes["url"] = config.owner_url()
    return made


def test_migrated_tables_are_those_of_the_models(config: Config) -> None:
    engine = create_engine(config.owner_url())
    schemas = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        options = {"include_schemas": schemas, "compare_type": False}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), combined(schemas=schemas))
    engine.dispose()
    assert [each for each in differences if "alembic_version" not in str(each)] == []


def test_migrations_go_down_and_up_again_with_data_in_the_tables(config: Config) -> None:
    engine = create_engine(config.owner_url())
    place = '"open".' if engine.dialect.name == "postgresql" else ""
    digest = r"decode(repeat('00', 32), 'hex')" if place else "zeroblob(32)"
    key = r"decode(repeat('00', 16), 'hex')" if place else "zeroblob(16)"
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO {place}framework (id, name, version, digest, body) "
                f"VALUES ({key}, 'F', '1', {digest}, '{{}}')"
            )
        )
    command.downgrade(alembic(config), "base")
    left = {
        name for schema in (("open", "blind") if place else (None,)) for name in inspect(engine).get_table_names(schema)
    }
    assert left <= {"alembic_version"}
    command.upgrade(alembic(config), "head")
    with engine.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {place}framework")) == 0
    engine.dispose()


@pytest.mark.leak("L91")
def test_planner_keeps_no_samples_of_what_people_wrote(config: Config) -> None:
    if not config.database_url:
        pytest.skip("SQLite collects no samples: nothing here runs ANALYZE")
    engine = create_engine(config.owner_url())
    query = text(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE a.attstattarget = 0 ORDER BY 1"
    )
    with engine.connect() as connection:
        silent = set(connection.scalars(query))
    engine.dispose()
    assert {"account.name", "account.email", "account.staff_no", "draft.sealed", "submission.answers"} <= silent
