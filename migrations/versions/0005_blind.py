"""Submissions, tasks, marks, agreed scores, merit lists."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import room

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("blind")
    op.create_table(
        "agreed_score",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_agreed_score_reason")),
        sa.CheckConstraint("version > 0", name=op.f("ck_agreed_score_version")),
        sa.PrimaryKeyConstraint("ref", "criterion", name=op.f("pk_agreed_score")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_agreed_score_board"), "agreed_score", ["board"], unique=False, schema=here)
    op.create_table(
        "amendment",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.LargeBinary(16), nullable=False),
        sa.Column("confirmed_by", sa.LargeBinary(16), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.CheckConstraint("before <> after", name=op.f("ck_amendment_change")),
        sa.CheckConstraint("decided_by <> confirmed_by", name=op.f("ck_amendment_two")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_amendment_reason")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_amendment_seq")),
        sa.PrimaryKeyConstraint("board", "seq", name=op.f("pk_amendment")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "amendment_proposal",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_amendment_proposal_reason")),
        sa.PrimaryKeyConstraint("board", "number", "criterion", name=op.f("pk_amendment_proposal")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "exclusion",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("ref", "marker", name=op.f("pk_exclusion")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "criterion", "marker", name=op.f("pk_mark")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mark_board_marker", "mark", ["board", "marker"], unique=False, schema=here)
    op.create_table(
        "mark_draft",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_mark_draft")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mark_revision",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_mark_revision_version")),
        sa.PrimaryKeyConstraint("ref", "criterion", "marker", "version", name=op.f("pk_mark_revision")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "merit_entry",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('passed', 'not_passed')", name=op.f("ck_merit_entry_outcome")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_merit_entry_rank")),
        sa.PrimaryKeyConstraint("board", "number", name=op.f("pk_merit_entry")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "redaction",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_redaction_digest")),
        sa.CheckConstraint("version > 0", name=op.f("ck_redaction_version")),
        sa.PrimaryKeyConstraint("ref", "version", name=op.f("pk_redaction")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "relief",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("board", "marker", name=op.f("pk_relief")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_sheet_digest")),
        sa.PrimaryKeyConstraint("board", "marker", name=op.f("pk_sheet")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "submission",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("answers_digest", sa.LargeBinary(), nullable=False),
        sa.Column("code_tag", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('lodged', 'withdrawn', 'set_aside')", name=op.f("ck_submission_state")),
        sa.CheckConstraint("length(answers_digest) = 32", name=op.f("ck_submission_answers_digest")),
        sa.CheckConstraint("length(code_tag) = 32", name=op.f("ck_submission_code_tag")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_submission")),
        sa.UniqueConstraint("board", "number", name=op.f("uq_submission_board_number")),
        sa.UniqueConstraint("code_tag", name=op.f("uq_submission_code_tag")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "task",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'stepped_aside', 'withdrawn', 'returned')", name=op.f("ck_task_state")
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_task_position")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_task")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_task_board_marker", "task", ["board", "marker", "criterion", "position"], unique=False, schema=here
    )
    op.create_index(
        "uq_task_ref_criterion_marker_live",
        "task",
        ["ref", "criterion", "marker"],
        unique=True,
        schema=here,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "text_check",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("found", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("ck_text_check_state")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_text_check")),
        sa.UniqueConstraint("ref", "criterion", name=op.f("uq_text_check_ref_criterion")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_text_check_board", "text_check", ["board", "state"], unique=False, schema=here)


def downgrade() -> None:
    """Drop them."""
    here = room("blind")
    for table in (
        "text_check",
        "task",
        "submission",
        "sheet",
        "relief",
        "redaction",
        "merit_entry",
        "mark_revision",
        "mark_draft",
        "mark",
        "exclusion",
        "amendment_proposal",
        "amendment",
        "agreed_score",
    ):
        op.drop_table(table, schema=here)
