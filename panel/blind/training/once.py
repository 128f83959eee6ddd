"""Inserting a row that must exist at most once, when two tabs or two workers may try at the same moment."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.kernel.tables import BlindBase


def add_once(db: Session, table: type[BlindBase], key: dict[str, Any], **values: Any) -> bool:
    """Insert the row unless its primary key is there already; whether it was new."""
    if db.get(table, key) is not None:
        return False
    try:
        with db.begin_nested():
            db.execute(insert(table).values(**key, **values))
    except IntegrityError:
        return False
    return True
