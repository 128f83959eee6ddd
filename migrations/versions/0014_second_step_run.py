"""Second steps that failed one after the other."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "second_step_run",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.String(length=13), nullable=True),
        sa.ForeignKeyConstraint(["account"], [key("named", "account.id")], name=op.f("fk_second_step_run_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_second_step_run")),
        schema=room("named"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("second_step_run", schema=room("named"))
