"""Accounts, rolls and drafts, ceremonies, opened names, results."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("named")
    op.create_table(
        "account",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("preferred_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=300), nullable=False),
        sa.Column("staff_no", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.CheckConstraint("state IN ('invited', 'active', 'closed')", name=op.f("ck_account_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email_key", name=op.f("uq_account_email_key")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "amendment_told",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("board", name=op.f("pk_amendment_told")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "approved_note",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_approved_note_digest")),
        sa.PrimaryKeyConstraint("board", "number", "criterion", "digest", name=op.f("pk_approved_note")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempt",
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "hour", name=op.f("pk_attempt")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ceremony",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marks_root", sa.LargeBinary(), nullable=False),
        sa.Column("head_size", sa.Integer(), nullable=False),
        sa.Column("head_root", sa.LargeBinary(), nullable=False),
        sa.Column("exceptions", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.LargeBinary(16), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.CheckConstraint("state IN ('open', 'finished', 'aborted')", name=op.f("ck_ceremony_state")),
        sa.CheckConstraint("length(head_root) = 32", name=op.f("ck_ceremony_head_root")),
        sa.CheckConstraint("length(marks_root) = 32", name=op.f("ck_ceremony_marks_root")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_ceremony_open",
        "ceremony",
        ["board"],
        unique=True,
        schema=here,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "draft",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(nonce) = 12", name=op.f("ck_draft_nonce")),
        sa.PrimaryKeyConstraint("board", "account", name=op.f("pk_draft")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "head_posted",
        sa.Column("log", sa.LargeBinary(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_head_posted")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outcome_count",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("characteristic", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.CheckConstraint("outcome IN ('applied', 'passed')", name=op.f("ck_outcome_count_outcome")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_outcome_count_count")),
        sa.PrimaryKeyConstraint("board", "characteristic", "group", "outcome", name=op.f("pk_outcome_count")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revealed",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_tag", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(account_tag) = 32", name=op.f("ck_revealed_account_tag")),
        sa.CheckConstraint("length(nonce) = 12", name=op.f("ck_revealed_nonce")),
        sa.PrimaryKeyConstraint("board", "number", name=op.f("pk_revealed")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("uq_revealed_board_account_tag", "revealed", ["board", "account_tag"], unique=True, schema=here)
    op.create_table(
        "roll",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('applied', 'withdrawn', 'stood_down')", name=op.f("ck_roll_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll")),
        sa.UniqueConstraint("board", "account", name=op.f("uq_roll_board_account")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "head_outgoing",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("log", sa.LargeBinary(16), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["account"], [key("named", "account.id")], name=op.f("fk_head_outgoing_account")),
        sa.PrimaryKeyConstraint("account", "log", "size", name=op.f("pk_head_outgoing")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "single_opening",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(16), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seats", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("ground IN ('life', 'fraud')", name=op.f("ck_single_opening_ground")),
        sa.CheckConstraint("length(nonce) = 12", name=op.f("ck_single_opening_nonce")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_single_opening")),
        sa.UniqueConstraint("board", "number", name=op.f("uq_single_opening_board_number")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account"], [key("named", "account.id")], name=op.f("fk_invitation_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_account"), "invitation", ["account"], unique=False, schema=here)
    op.create_table(
        "outgoing",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("letter", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.ForeignKeyConstraint(["account"], [key("named", "account.id")], name=op.f("fk_outgoing_account")),
        sa.PrimaryKeyConstraint("account", "letter", name=op.f("pk_outgoing")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "told",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["account"], [key("named", "account.id")], name=op.f("fk_told_account")),
        sa.PrimaryKeyConstraint("account", "board", name=op.f("pk_told")),
        schema=here,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    here = room("named")
    for table in (
        "told",
        "outgoing",
        "invitation",
        "head_outgoing",
        "single_opening",
        "roll",
        "revealed",
        "outcome_count",
        "head_posted",
        "draft",
        "ceremony",
        "attempt",
        "approved_note",
        "amendment_told",
        "account",
    ):
        op.drop_table(table, schema=here)
