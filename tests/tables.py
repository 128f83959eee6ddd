"""What a database holds, for tests that compare or search all of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.kernel.tables import BASES


def contents(db: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    tables = [table for base in BASES for table in base.metadata.sorted_tables]
    # a row's own repr leaves out the middle of long texts
    return {table.name: sorted(repr(tuple(row)) for row in db.execute(select(table))) for table in tables}
