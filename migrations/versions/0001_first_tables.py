"""First tables."""

from alembic import op

from migrations.catalogue import combined

revision: str = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    connection = op.get_bind()
    combined(schemas=connection.dialect.name != "sqlite").create_all(connection)


def downgrade() -> None:
    """Drop every table."""
    connection = op.get_bind()
    combined(schemas=connection.dialect.name != "sqlite").drop_all(connection)
