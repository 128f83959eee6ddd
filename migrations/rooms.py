"""Where a room's tables are: in a schema of its own on PostgreSQL, in the one file on SQLite."""

from alembic import op


def room(name: str) -> str | None:
    """The schema of a room on the database being migrated."""
    return name if op.get_bind().dialect.name == "postgresql" else None


def key(schema: str, target: str) -> str:
    """The target of a foreign key, `table.column`, as that database names it."""
    return f"{schema}.{target}" if room(schema) else target
