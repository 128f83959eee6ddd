"""Every row of a database as lines of JSON, and back again, on either engine: tables by foreign keys, rows by key.

The order of rows is that of their keys, which are random, and never that in which the database holds them: before the
close that would tell who applied when. The tables are read from the database itself, not from the models, so that a
backup of older tables can be restored and migrated afterwards.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Table, insert, select
from sqlalchemy.exc import OperationalError, StatementError

from panel.kernel.errors import Malformed, Misconfigured
from panel.kernel.tables import ROOMS

#: In no backup. Drafts cannot be read without their keys; sessions, links and counts of attempts have had their day.
LEFT_OUT: Final = frozenset(
    {
        *("draft", "sign_in_session", "half_sign_in", "passkey_challenge", "invitation", "attempt"),
        *("link_asked", "sign_on_request", "second_step_run", "alembic_version"),
    }
)
#: Empty in every backup: when somebody last used a code says when she was at work.
_EMPTIED: Final = frozenset({("authenticator", "last_counter")})
_AT_ONCE: Final = 200
#: How a line fails that `written` did not write, or a value that means nothing.
MADE_UP: Final = (Malformed, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


class NotEmpty(Misconfigured):
    """A restore never writes over anything."""

    sentence = "This database is in use: it holds rows already. Restore into an empty one."


class OtherTables(Malformed):
    """The lines speak of tables or columns that are not there, or of fewer rows than were written."""

    sentence = "That backup does not fit the tables of its own version."


def tables(connection: Connection) -> tuple[Table, ...]:
    """The tables there are, each after those that its foreign keys point to."""
    found = MetaData()
    for room in (None,) if connection.dialect.name == "sqlite" else ROOMS:
        found.reflect(connection, schema=room)
    return tuple(table for table in found.sorted_tables if table.name != "alembic_version")


def demand_empty(connection: Connection) -> None:
    """Raises NotEmpty unless every table there is has no row."""
    for table in tables(connection):
        if connection.execute(select(1).select_from(table).limit(1)).first():
            raise NotEmpty


def untouched(connection: Connection) -> bool:
    """Whether nothing is there that no backup holds: whoever signs in, or asks for anything, leaves some of it."""
    passing = [table for table in tables(connection) if table.name in LEFT_OUT]
    return not any(connection.execute(select(1).select_from(table).limit(1)).first() for table in passing)


def written(connection: Connection) -> Iterator[bytes]:
    """Every row, in the transaction of the connection, which sees one moment; a line for each."""
    counts = {}
    for table in tables(connection):
        if table.name in LEFT_OUT:
            continue
        columns = [column for column in table.columns if (table.name, column.name) not in _EMPTIED]
        yield _line({"table": table.name, "columns": [column.name for column in columns]})
        counts[table.name] = 0
        query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
        for row in connection.execute(query):
            yield _line([_told(value) for value in row])
            counts[table.name] += 1
    yield _line({"rows": counts})


def load(connection: Connection, lines: Iterable[bytes]) -> Mapping[str, int]:
    """Insert what `written` wrote; how many rows each table got. Raises OtherTables.

    The caller has taken the triggers away, for rows of a locked board are refused by them.
    """
    try:
        return _load(connection, map(json.loads, lines))
    # what somebody made up fails in many ways; a database that is gone is not one of them
    except (*MADE_UP, StatementError) as error:
        if isinstance(error, OperationalError):
            raise
        raise OtherTables from error


def _load(connection: Connection, told: Iterator[Any]) -> Mapping[str, int]:
    # anybody who has the public key can make a backup: what is in none of ours is not taken from one either
    known = {table.name: table for table in tables(connection) if table.name not in LEFT_OUT}
    counts: dict[str, int] = {}
    line = next(told, None)
    while line is not None and "table" in line:
        table = known[line["table"]]
        rows = _Rows(told)
        counts[table.name] = _insert(connection, table, [table.columns[name] for name in line["columns"]], rows)
        line = rows.following
    if line != {"rows": counts} or next(told, None) is not None:
        raise OtherTables
    return counts


class _Rows:
    """The rows of one table; the line that ends them is kept in `following`."""

    def __init__(self, lines: Iterator[Any]) -> None:
        self._lines = lines
        self.following: Any = None

    def __iter__(self) -> Iterator[list[Any]]:
        for line in self._lines:
            if isinstance(line, dict):
                self.following = line
                return
            yield line


def _insert(connection: Connection, table: Table, columns: list[Column[Any]], rows: Iterable[list[Any]]) -> int:
    count, waiting = 0, iter(rows)
    while batch := list(islice(waiting, _AT_ONCE)):
        connection.execute(insert(table), [_row(columns, each) for each in batch])
        count += len(batch)
    return count


def _row(columns: list[Column[Any]], told: list[Any]) -> dict[str, Any]:
    meant = {column.name: (column, _meant(value)) for column, value in zip(columns, told, strict=True)}
    # SQLite would keep whatever it is given in any column, and the pages would fail on it
    if any(value is not None and type(value) is not column.type.python_type for column, value in meant.values()):
        raise OtherTables
    return {name: value for name, (_, value) in meant.items()}


def _line(value: Any) -> bytes:
    # not the canonical form, which would normalise the very text that digests were made of
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def _told(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case bytes():
            return {"bytes": b64encode(value).decode("ascii")}
        case datetime():
            # SQLite keeps no zone: what was stored was UTC
            return {"time": (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()}
        case date():
            return {"date": value.isoformat()}
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _meant(value: Any) -> Any:
    match value:
        case {"bytes": text}:
            return b64decode(text, validate=True)
        case {"time": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
    return value
