"""One refusing trigger, and how each database writes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, inspect, text

from migrations.catalogue import combined


@dataclass(frozen=True)
class Refusal:
    """Refuse an event on a table when a condition holds; `when` is SQL that both databases read."""

    name: str
    table: str
    event: str
    when: str
    sentence: str


class Tables:
    """The tables this database has, and how SQL names them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sqlite = connection.dialect.name == "sqlite"
        known = combined(schemas=not self.sqlite).tables.values()
        seen = inspect(connection)
        self.by_name: dict[str, Table] = {
            table.name: table for table in known if seen.has_table(table.name, schema=table.schema)
        }

    def sql(self, name: str) -> str:
        """A table's quoted name, with its schema where there are schemas."""
        table = self.by_name[name]
        return f'"{table.schema}"."{name}"' if table.schema else f'"{name}"'


def found(connection: Connection) -> dict[str, str]:
    """The triggers in the database: name, and the table it stands on as SQL names it."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    return {row[0]: row[1] for row in connection.execute(text(query))}


def make(tables: Tables, refusal: Refusal) -> None:
    """Create one trigger."""
    write = _for_sqlite if tables.sqlite else _for_postgresql
    for statement in write(tables, refusal):
        tables.connection.exec_driver_sql(statement)


def _for_sqlite(tables: Tables, refusal: Refusal) -> Iterator[str]:
    yield (
        f'CREATE TRIGGER "{refusal.name}" BEFORE {refusal.event} ON {tables.sql(refusal.table)} '
        f"WHEN {refusal.when} BEGIN SELECT RAISE(ABORT, '{refusal.sentence}'); END"
    )


def _for_postgresql(tables: Tables, refusal: Refusal) -> Iterator[str]:
    function = f'"open"."{refusal.name}"'
    each = "STATEMENT" if refusal.event == "TRUNCATE" else "ROW"
    row = {"TRUNCATE": "NULL", "DELETE": "OLD"}.get(refusal.event, "NEW")
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refusal.when} THEN RAISE EXCEPTION '{refusal.sentence}'; END IF; RETURN {row}; END $$"
    )
    yield (
        f'CREATE TRIGGER "{refusal.name}" BEFORE {refusal.event} ON {tables.sql(refusal.table)} '
        f"FOR EACH {each} EXECUTE FUNCTION {function}()"
    )
