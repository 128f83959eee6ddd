"""Beside each opened name the digest by which it hangs on the names root."""

from alembic import op

from migrations.rooms import room

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Names opened before have none: of them none can be set aside by a later ceremony."""
    here, kind = ("named.", "BYTEA") if room("named") else ("", "BLOB")
    # in the column's own definition: SQLite adds and drops a check with its column, and by no other statement
    op.execute(
        f"ALTER TABLE {here}revealed ADD COLUMN digest {kind} CONSTRAINT ck_revealed_digest CHECK (length(digest) = 32)"
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("revealed", "digest", schema=room("named"))
