"""Seeds, hidden repeats, and pauses."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import room

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("blind")
    op.create_table(
        "stand_in",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("script", sa.LargeBinary(16), nullable=True),
        sa.Column("original", sa.LargeBinary(16), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(script IS NULL) <> (original IS NULL)", name=op.f("ck_stand_in_behind")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_stand_in")),
        sa.UniqueConstraint("marker", "script", name="uq_stand_in_marker_script"),
        sa.UniqueConstraint("marker", "original", "criterion", name="uq_stand_in_marker_original_criterion"),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stand_in_board_marker", "stand_in", ["board", "marker"], unique=False, schema=here)
    op.create_table(
        "stand_in_mark",
        *_mark(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "criterion", "marker", name=op.f("pk_stand_in_mark")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stand_in_mark_board_marker", "stand_in_mark", ["board", "marker"], unique=False, schema=here)
    op.create_table(
        "stand_in_revision",
        *_mark(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_stand_in_revision_version")),
        sa.PrimaryKeyConstraint("ref", "criterion", "marker", "version", name=op.f("pk_stand_in_revision")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark_turn",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint("turn > 0", name=op.f("ck_mark_turn_turn")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_mark_turn")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mark_turn_board_marker", "mark_turn", ["board", "marker"], unique=False, schema=here)
    op.create_table(
        "pause",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holds", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("(ended IS NULL) = (ended_on IS NULL)", name=op.f("ck_pause_ended")),
        sa.CheckConstraint("round > 0", name=op.f("ck_pause_round")),
        sa.PrimaryKeyConstraint("board", "marker", "round", name=op.f("pk_pause")),
        schema=here,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    here = room("blind")
    for table in ("pause", "mark_turn", "stand_in_revision", "stand_in_mark", "stand_in"):
        op.drop_table(table, schema=here)


def _mark() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
    )
