"""Rewriting the database's files after a close, so that nothing in them tells the order of applying; safe to repeat.

It counts as done only when it really happened: SQLite's checkpoint answers 0, 0, 0 and its write-ahead file is empty;
on PostgreSQL each table lies in a new file, since without the right VACUUM FULL merely warns, and no dead row version
was carried over into it, as happens while somebody's snapshot could still see one.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import DBAPIError

from panel.blind.allocation.models import ExclusionRow
from panel.blind.submissions.models import SubmissionRow
from panel.kernel.database import Database
from panel.named.intake.models import DraftRow, RollRow
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.models import EnvelopeRow

if TYPE_CHECKING:  # the driver is installed only where there is a PostgreSQL
    import psycopg

#: Whatever a lodging writes.
REWRITTEN: Final[tuple[Table, ...]] = tuple(
    cast(Table, row.__table__)
    for row in (RollRow, DraftRow, EnvelopeRow, EqualityEnvelopeRow, SubmissionRow, ExclusionRow)
)
_CLEAN_CHECKPOINT: Final = (0, 0, 0)
#: How long, in milliseconds, to wait for others: readers that hold SQLite's checkpoint up, snapshots of PostgreSQL.
_PATIENCE: Final = 10_000
_PAUSE: Final = 0.2
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
        try:
            driver.execute(f"PRAGMA busy_timeout={_PATIENCE}")
            driver.execute("VACUUM")
            checkpoint = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:  # others use the connection after this
            driver.execute(f"PRAGMA busy_timeout={usual}")
    finally:
        connection.close()
    ahead = Path(f"{engine.url.database}-wal")
    return tuple(checkpoint) == _CLEAN_CHECKPOINT and (not ahead.exists() or ahead.stat().st_size == 0)


def _scrub_postgres(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before, until = _files(connection), monotonic() + _PATIENCE / 1000
        # refused after that, rather than waiting for ever; and others use the connection afterwards
        connection.exec_driver_sql(f"SET lock_timeout = {_PATIENCE}")
        try:
            rewritten = [_rewritten(connection, table, until) for table in REWRITTEN]
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
        after = _files(connection)
        _fill_write_ahead_log(connection)
    return all(rewritten) and all(before[name] != after[name] for name in before)


def _rewritten(connection: Connection, table: Table, until: float) -> bool:
    """Rewrite a table until no dead row version goes along, or patience ends; whether none did."""
    while (dead := _vacuum(connection, table)) and monotonic() < until:
        sleep(_PAUSE)
    return dead == 0


def _vacuum(connection: Connection, table: Table) -> int | None:
    """How many dead row versions the new file still holds, by PostgreSQL's own account; None if it gives none."""
    with _details(connection) as details:
        connection.exec_driver_sql(f'VACUUM (FULL, VERBOSE) "{table.schema}"."{table.name}"')
    # "0 dead row versions cannot be removed yet." in the server's language: the number comes first in each
    numbers = [re.search("[0-9]+", each) for each in details]
    return sum(int(number[0]) for number in numbers if number) if numbers and all(numbers) else None


@contextmanager
def _details(connection: Connection) -> Iterator[list[str]]:
    """The details of what the server tells about the statements inside."""
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    heard: list[str] = []

    def hear(notice: "psycopg.errors.Diagnostic") -> None:
        if notice.severity_nonlocalized == "INFO" and notice.message_detail:
            heard.append(notice.message_detail)

    driver.add_notice_handler(hear)
    try:
        yield heard
    finally:
        driver.remove_notice_handler(hear)


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
