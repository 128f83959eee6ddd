"""The blind connection has no right on the named and sealed rooms, whatever SQL it is given. Both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from panel.access import service
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.kernel.tables import BASES, NamedBase, SealedBase

REFUSED = (DatabaseError, OperationalError, ProgrammingError)
HIDDEN = [table for base in (NamedBase, SealedBase) for table in base.metadata.sorted_tables]

ATTEMPTS = (
    "SELECT * FROM {t}",
    "SELECT count(*) FROM {t}",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM {t})",
    "SELECT (SELECT count(*) FROM {t})",
    "CREATE VIEW spy AS SELECT * FROM {t}",
    "DELETE FROM {t}",
    "CREATE TEMP TABLE spy AS SELECT * FROM {t}",
)
SQLITE = (
    "SELECT name FROM sqlite_master",
    "PRAGMA table_info(account)",
    "ATTACH ':memory:' AS elsewhere",
    "EXPLAIN SELECT * FROM account",
    "CREATE TEMP TRIGGER spy AFTER UPDATE ON sign_in_session BEGIN SELECT 1; END",
)
POSTGRES = (
    "SET ROLE panel_named",
    "COPY named.account TO STDOUT",
    "EXPLAIN SELECT * FROM named.account",
    "CREATE TEMP TABLE spy (x int)",
    "SELECT * FROM pg_authid",
    "SELECT * FROM open.person",
)


def refused(database: Database, statement: str) -> bool:
    with database.session("blind", writes=False) as db:
        try:
            db.execute(text(statement)).close()
        except REFUSED:
            return True
    return False


def qualified(database: Database, name: str, schema: str | None) -> str:
    return name if database.is_sqlite else f"{schema}.{name}"


@pytest.mark.leak("L74")
@pytest.mark.vault("V18")
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_blind_connection_is_refused_every_named_and_sealed_table(database: Database, attempt: str) -> None:
    open_doors = [
        table.name
        for table in HIDDEN
        if not refused(database, attempt.format(t=qualified(database, table.name, table.schema)))
    ]
    assert open_doors == []


@pytest.mark.leak("L74")
def test_blind_connection_is_refused_the_side_doors(database: Database) -> None:
    for statement in SQLITE if database.is_sqlite else POSTGRES:
        assert refused(database, statement), statement


def test_named_connection_is_not_refused(database: Database) -> None:
    with database.reading("named") as db:
        for table in HIDDEN:
            db.execute(text(f"SELECT count(*) FROM {qualified(database, table.name, table.schema)}"))


def test_blind_connection_reads_its_own_rooms_and_may_touch_a_session(database: Database) -> None:
    with database.writing("named") as db:
        account = AccountId.new()
        service.enrol_person(db, account)
        service.start_session(db, account)
    name = qualified(database, "sign_in_session", "open")
    with database.writing("blind") as db:
        db.execute(text(f"UPDATE {name} SET last_seen_at = last_seen_at"))
    assert refused(database, f"UPDATE {name} SET marker = marker")
    assert refused(database, f"INSERT INTO {name} SELECT * FROM {name}")
    assert refused(database, f"DELETE FROM {name}")


def test_every_table_is_in_a_known_room() -> None:
    assert {table.schema for base in BASES for table in base.metadata.sorted_tables} == {
        "open",
        "named",
        "sealed",
        "blind",
    }
