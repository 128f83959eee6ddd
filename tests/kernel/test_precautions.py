"""What the database must have switched on or off is read from it as it runs, and whatever is not so is told."""

from pathlib import Path

import pytest
from sqlalchemy import text

from panel.kernel.database import Database
from panel.kernel.precautions import precautions
from tests.servers import PostgresServer, cheap, migrated_sqlite

pytestmark = pytest.mark.leak("L65")

SAFE = {"log_error_verbosity": "terse", "log_statement": "none", "log_min_duration_statement": "-1"}
TELLING = {"log_error_verbosity": "default", "log_statement": "all", "log_min_duration_statement": "0"}


def missing(database: Database) -> list[str]:
    try:
        return [sentence for taken, sentence in precautions(database) if not taken]
    finally:
        database.dispose()


def test_a_sqlite_file_erases_what_is_deleted(tmp_path: Path) -> None:
    durable = Database.sqlite(migrated_sqlite(tmp_path))
    assert missing(durable) == []


@pytest.mark.postgres
def test_a_server_that_writes_rows_or_statements_into_its_log_is_told_of(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with postgres_server.fresh(cheap(tmp_path)) as config:
        name = (config.database_url or "").rpartition("/")[2].partition("?")[0]
        for settings in (SAFE, TELLING):
            with postgres_server.admin.connect() as connection:
                for setting, value in settings.items():
                    connection.execute(text(f"ALTER DATABASE {name} SET {setting} = '{value}'"))
            told = " ".join(missing(config.database()))
            assert [setting for setting in SAFE if setting in told] == ([] if settings is SAFE else list(SAFE))
