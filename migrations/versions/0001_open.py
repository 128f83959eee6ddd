"""Boards, frameworks, the log, people's roles and sessions."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import room

revision: str = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("open")
    op.create_table(
        "board",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("policy_digest", sa.LargeBinary(32), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draw", sa.LargeBinary(32), nullable=False),
        sa.Column("lodged_root", sa.LargeBinary(32), nullable=True),
        sa.Column("roll_root", sa.LargeBinary(32), nullable=True),
        sa.Column("submissions", sa.Integer(), nullable=True),
        sa.Column("marks_root", sa.LargeBinary(32), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("scrubbed_on", sa.Date(), nullable=True),
        sa.Column("backups_destroyed_on", sa.Date(), nullable=True),
        sa.Column("weakness_acknowledged_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('draft', 'open', 'closed', 'marking', 'moderation', 'locked', 'unsealed', 'published', "
            "'archived', 'cancelled')",
            name=op.f("ck_board_stage"),
        ),
        sa.CheckConstraint("length(draw) = 32", name=op.f("ck_board_draw")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "framework",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("digest", name=op.f("uq_framework_digest")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_entry",
        sa.Column("log", sa.LargeBinary(16), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(leaf) = 32", name=op.f("ck_log_entry_leaf")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_log_entry_seq")),
        sa.PrimaryKeyConstraint("log", "seq", name=op.f("pk_log_entry")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_head",
        sa.Column("log", sa.LargeBinary(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_log_head_size")),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_log_head")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_person")),
        sa.UniqueConstraint("marker", name=op.f("uq_person_marker")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "role_grant",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('hr', 'marker', 'chair', 'deputy', 'custodian', 'next-custodian', 'next-leader', 'auditor', "
            "'administrator')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.PrimaryKeyConstraint("marker", "board", "role", name=op.f("pk_role_grant")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("handle", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("handle", name=op.f("uq_sign_in_session_handle")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sign_in_session_marker"), "sign_in_session", ["marker"], unique=False, schema=here)
    op.create_table(
        "signed_head",
        sa.Column("log", sa.LargeBinary(16), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_signed_head_root")),
        sa.CheckConstraint("length(signature) = 64", name=op.f("ck_signed_head_signature")),
        sa.PrimaryKeyConstraint("log", "size", name=op.f("pk_signed_head")),
        schema=here,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    here = room("open")
    for table in (
        "signed_head",
        "sign_in_session",
        "role_grant",
        "person",
        "log_head",
        "log_entry",
        "framework",
        "board",
    ):
        op.drop_table(table, schema=here)
