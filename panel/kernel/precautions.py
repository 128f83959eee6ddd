"""What the live database must have switched on or off, or its own book-keeping would tell who wrote what."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured

_SETTINGS: Final = {
    "track_commit_timestamp": ("off", "Commit times would join a roll row to a submission."),
    "log_error_verbosity": ("terse", "The server's log would hold rows of failed statements, names among them."),
    "log_statement": ("none", "The server's log would hold statements."),
    "log_min_duration_statement": ("-1", "The server's log would hold slow statements."),
}
_SLOTS: Final = "SELECT count(*) FROM pg_replication_slots"
_STATEMENTS: Final = "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'"


def demand_no_commit_times(database: Database) -> None:
    """Refuse a server that keeps commit times: the one setting that undoes everything. Raises Misconfigured."""
    if database.is_sqlite:
        return
    try:
        with database.reading("named") as db:
            kept = db.execute(text("SHOW track_commit_timestamp")).scalar_one()
    except OperationalError:
        return  # whoever comes next says that the database does not answer, and what to do
    if kept != "off":
        raise Misconfigured(f"PostgreSQL: set track_commit_timestamp to off. {_SETTINGS['track_commit_timestamp'][1]}")


def precautions(database: Database) -> tuple[tuple[bool, str], ...]:
    """Each precaution with whether it is taken, and a sentence with the remedy if it is not."""
    with database.reading("named") as db:
        return tuple(_sqlite(db) if database.is_sqlite else _postgres(db))


def advice(database: Database) -> tuple[str, ...]:
    """What only the database administrator can answer for: an archive that keeps the order of all that was written."""
    if database.is_sqlite:
        return ()
    with database.reading("named") as db:
        archived = db.execute(text("SELECT current_setting('archive_mode')")).scalar_one() != "off"
    told = (
        "PostgreSQL: archive_mode is on. The archive tells who applied in which order: destroy what it holds from "
        "before a board’s close, or switch it off while a board is open."
    )
    return (told,) if archived else ()


def _sqlite(db: Session) -> Iterator[tuple[bool, str]]:
    for pragma, wanted in (("secure_delete", 1), ("journal_mode", "wal"), ("synchronous", 2)):
        found = db.execute(text(f"PRAGMA {pragma}")).scalar_one()
        yield found == wanted, f"SQLite: {pragma} is {found}" + ("." if found == wanted else f"; it must be {wanted}.")


def _postgres(db: Session) -> Iterator[tuple[bool, str]]:
    for name, (wanted, why) in _SETTINGS.items():
        found = db.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one()
        if found == wanted:
            yield True, f"PostgreSQL: {name} is {wanted}."
        else:
            yield False, f"PostgreSQL: {name} is {found}; set it to {wanted}. {why}"
    slots = db.execute(text(_SLOTS)).scalar_one()
    yield (
        slots == 0,
        "PostgreSQL: no replication slot."
        if slots == 0
        else ("PostgreSQL: there is a replication slot; a copy elsewhere keeps the order in which candidates applied."),
    )
    collected = db.execute(text(_STATEMENTS)).scalar_one()
    yield (
        collected == 0,
        "PostgreSQL: statements are not collected."
        if collected == 0
        else ("PostgreSQL: pg_stat_statements is installed and collects statements. Drop it from this database."),
    )
