"""SQLite's stand-in for a database role: what the blind engine's connections may touch. Denies by default."""

import sqlite3
from functools import cache
from typing import Final

from sqlalchemy import Table

from panel.kernel.tables import BlindBase, OpenBase

#: Alembic's own table, where the last migration is recorded: either side asks it whether it is up to date.
VERSIONS: Final = "alembic_version"

_ALWAYS: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT, sqlite3.SQLITE_RECURSIVE}
)
_WRITES: Final = {
    sqlite3.SQLITE_INSERT: "insert",
    sqlite3.SQLITE_UPDATE: "update",
    sqlite3.SQLITE_DELETE: "delete",
}
_FUNCTIONS_REFUSED: Final = frozenset({"load_extension", "readfile", "writefile", "fts3_tokenizer"})


def authorize_blind(
    action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    """The callback for `sqlite3.Connection.set_authorizer`."""
    if action in _ALWAYS or (action == sqlite3.SQLITE_FUNCTION and second not in _FUNCTIONS_REFUSED):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ:
        return _verdict(first in _tables() or first == VERSIONS)
    if action in _WRITES and first is not None:
        return _verdict(may_write(first, _WRITES[action], second))
    return sqlite3.SQLITE_DENY


def _verdict(allowed: bool) -> int:
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def may_write(table: str, right: str, column: str | None) -> bool:
    """Whether the blind role holds `right` on the table, and for an update on that column."""
    if table not in _tables():
        return False
    rights = blind_rights(_tables()[table])
    columns = _tables()[table].info.get("blind_columns", frozenset())
    return right in rights and (right != "update" or not columns or column in columns)


def blind_rights(table: Table) -> frozenset[str]:
    """Rights beside SELECT: everything in the blind room, what a table's `info` says in the open room."""
    if table.metadata is BlindBase.metadata:
        return frozenset({"insert", "update", "delete"})
    rights: frozenset[str] = table.info.get("blind_rights", frozenset())
    return rights


@cache
def _tables() -> dict[str, Table]:
    rooms = (BlindBase.metadata, OpenBase.metadata)
    tables = (table for room in rooms for table in room.tables.values())
    return {table.name: table for table in tables if not table.info.get("blind_hidden")}
