"""Further marks, looks, and what markers thought they recognised."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import room

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    blind, sealed, named = room("blind"), room("sealed"), room("named")
    op.create_table(
        "further_mark",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_further_mark_version")),
        sa.PrimaryKeyConstraint("ref", "criterion", name=op.f("pk_further_mark")),
        schema=blind,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_further_mark_board"), "further_mark", ["board"], unique=False, schema=blind)
    op.create_table(
        "look",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("ref", "criterion", name=op.f("pk_look")),
        schema=blind,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_look_board"), "look", ["board"], unique=False, schema=blind)
    op.create_table(
        "guess_envelope",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sealed) = 2160", name=op.f("ck_guess_envelope_sealed")),
        sa.PrimaryKeyConstraint("board", "marker", name=op.f("pk_guess_envelope")),
        schema=sealed,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guess_count",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("guesses", sa.Integer(), nullable=True),
        sa.Column("correct", sa.Integer(), nullable=True),
        sa.CheckConstraint("(guesses IS NULL) = (correct IS NULL)", name=op.f("ck_guess_count_both")),
        sa.CheckConstraint("correct <= guesses", name=op.f("ck_guess_count_correct")),
        sa.PrimaryKeyConstraint("board", name=op.f("pk_guess_count")),
        schema=named,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    for table, where in (
        ("guess_count", "named"),
        ("guess_envelope", "sealed"),
        ("look", "blind"),
        ("further_mark", "blind"),
    ):
        op.drop_table(table, schema=room(where))
