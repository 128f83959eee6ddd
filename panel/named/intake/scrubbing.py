"""Rewriting the database's files after a close, so that nothing in them tells the order of applying; safe to repeat.

It counts as done only when it really happened: SQLite's checkpoint answers 0, 0, 0 and its write-ahead file is empty;
on PostgreSQL each table lies in a new file, since without the right VACUUM FULL merely warns.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import DBAPIError

from panel.blind.allocation.models import ExclusionRow
from panel.blind.submissions.models import SubmissionRow
from panel.kernel.database import Database
from panel.named.intake.models import DraftRow, RollRow
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.models import EnvelopeRow

#: Whatever a lodging writes.
REWRITTEN: Final[tuple[Table, ...]] = tuple(
    cast(Table, row.__table__)
    for row in (RollRow, DraftRow, EnvelopeRow, EqualityEnvelopeRow, SubmissionRow, ExclusionRow)
)
_CLEAN_CHECKPOINT: Final = (0, 0, 0)
#: How long SQLite waits, in milliseconds, for readers that hold the checkpoint up.
_PATIENCE: Final = 10_000
_MEGABYTE: Final = 1024 * 1024


def scrub(database: Database) -> bool:
    """Rewrite the files; whether it really happened. False when somebody else was using the database: run it again."""
    engine = database.engine("named")
    try:
        return _scrub_sqlite(engine) if database.is_sqlite else _scrub_postgres(engine)
    except (DBAPIError, sqlite3.OperationalError):
        return False


def _scrub_sqlite(engine: Engine) -> bool:
    connection = engine.raw_connection()
    try:
        driver = cast(sqlite3.Connection, connection.driver_connection)
        usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
        driver.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        driver.execute("VACUUM")
        checkpoint = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        driver.execute(f"PRAGMA busy_timeout={usual}")
    finally:
        connection.close()
    ahead = Path(f"{engine.url.database}-wal")
    return tuple(checkpoint) == _CLEAN_CHECKPOINT and (not ahead.exists() or ahead.stat().st_size == 0)


def _scrub_postgres(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = _files(connection)
        for table in REWRITTEN:
            connection.exec_driver_sql(f'VACUUM (FULL) "{table.schema}"."{table.name}"')
        after = _files(connection)
        _fill_write_ahead_log(connection)
    return all(before[name] != after[name] for name in before)


def _files(connection: Connection) -> dict[str, Any]:
    """The file each table lies in."""
    return {
        table.name: connection.scalar(
            text("SELECT pg_relation_filenode(CAST(:name AS regclass))"), {"name": f'"{table.schema}"."{table.name}"'}
        )
        for table in REWRITTEN
    }


def _fill_write_ahead_log(connection: Connection) -> None:
    """Segments are used again, not emptied: enough filler writes over what they still hold of the lodgings."""
    least = connection.scalar(text("SELECT setting::int FROM pg_settings WHERE name = 'min_wal_size'")) or 0
    filler = text("SELECT pg_logical_emit_message(false, 'panel', repeat('0', :size))")
    for _ in range(least + 1):
        connection.execute(filler, {"size": _MEGABYTE})
