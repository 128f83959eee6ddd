"""HR writes courses and records training face to face; further attempts, refusals of the gate, reminders."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _blind(room("blind"))
    _named(room("named"))


def downgrade() -> None:
    """Drop them."""
    for table in ("training_reminder", "taught_training", "course_draft"):
        op.drop_table(table, schema=room("named"))
    for table in ("gate_refusal", "further_attempt"):
        op.drop_table(table, schema=room("blind"))


def _blind(here: str | None) -> None:
    op.create_table(
        "further_attempt",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint("attempt > 1", name=op.f("ck_further_attempt_attempt")),
        sa.ForeignKeyConstraint(["course"], [key("blind", "course.id")], name=op.f("fk_further_attempt_course")),
        sa.PrimaryKeyConstraint("marker", "course", "attempt", name=op.f("pk_further_attempt")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gate_refusal",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_gate_refusal_count")),
        sa.PrimaryKeyConstraint("board", "marker", "refused_on", name=op.f("pk_gate_refusal")),
        schema=here,
        sqlite_with_rowid=False,
    )


def _named(here: str | None) -> None:
    op.create_table(
        "course_draft",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_course_draft_version")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_course_draft")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taught_training",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.LargeBinary(16), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_by", sa.LargeBinary(16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(revoked_on IS NULL) = (revoked_by IS NULL) AND (revoked_on IS NULL) = (reason IS NULL)",
            name=op.f("ck_taught_training_revoked"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taught_training")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_taught_training_marker"), "taught_training", ["marker"], unique=False, schema=here)
    op.create_table(
        "training_reminder",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("marker", "course", "about", name=op.f("pk_training_reminder")),
        schema=here,
        sqlite_with_rowid=False,
    )
