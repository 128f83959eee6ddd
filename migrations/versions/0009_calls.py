"""What somebody was written to about."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import room

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "work_called",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_work_called_count")),
        sa.PrimaryKeyConstraint("board", "person", "about", name=op.f("pk_work_called")),
        schema=room("named"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("work_called", schema=room("named"))
