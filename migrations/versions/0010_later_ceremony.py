"""What a ceremony is held for."""

from alembic import op

from migrations.rooms import room

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every ceremony so far was for opening the names the first time."""
    where = room("named")
    # in the column's own definition: SQLite adds and drops a check with its column, and by no other statement
    op.execute(
        f"ALTER TABLE {f'{where}.' if where else ''}ceremony ADD COLUMN occasion VARCHAR(8) NOT NULL "
        "DEFAULT 'opening' CONSTRAINT ck_ceremony_occasion CHECK (occasion IN ('opening', 'lost_key', 'recount'))"
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("ceremony", "occasion", schema=room("named"))
