"""Inserting a row that must exist at most once, when two tabs or two workers may try at the same moment."""

from typing import Any, Final

from sqlalchemy import literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from panel.kernel.tables import BlindBase

_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def add_once(db: Session, table: type[BlindBase], key: dict[str, Any], **values: Any) -> bool:
    """Insert the row unless its primary key is there already; whether it was new."""
    row = _INSERT[db.get_bind().dialect.name](table).values(**key, **values)
    added = db.execute(row.on_conflict_do_nothing(index_elements=list(key)).returning(literal(1)))
    return added.first() is not None
