"""Courses, practice marking and qualifications, in the blind room."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("blind")
    op.create_table(
        "course",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counts_from", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("author", sa.LargeBinary(16), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("asked >= 0 AND attempts >= 0", name=op.f("ck_course_quiz")),
        sa.CheckConstraint("counts_from BETWEEN 1 AND version", name=op.f("ck_course_counts_from")),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_course_digest")),
        sa.CheckConstraint("pass_percent BETWEEN 1 AND 100", name=op.f("ck_course_pass_percent")),
        sa.CheckConstraint("validity_months > 0", name=op.f("ck_course_validity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_course_key_version")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "practice_coaching",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("coached_on", sa.Date(), nullable=False),
        sa.CheckConstraint("round > 0", name=op.f("ck_practice_coaching_round")),
        sa.PrimaryKeyConstraint("board", "marker", "criterion", "round", name=op.f("pk_practice_coaching")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "practice_opening",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("board", name=op.f("pk_practice_opening")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "practice_script",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('practice', 'qualification', 'second', 'seed', 'taken out')",
            name=op.f("ck_practice_script_purpose"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_practice_script_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_script")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_practice_script_board"), "practice_script", ["board"], unique=False, schema=here)
    op.create_table(
        "qualification",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("board", "marker", "criterion", name=op.f("pk_qualification")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "course_completion",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=6), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("certificate", sa.String(length=20), nullable=False),
        sa.CheckConstraint("expires_on > completed_on", name=op.f("ck_course_completion_dates")),
        sa.CheckConstraint("way IN ('online', 'taught')", name=op.f("ck_course_completion_way")),
        sa.ForeignKeyConstraint(["course"], [key("blind", "course.id")], name=op.f("fk_course_completion_course")),
        sa.PrimaryKeyConstraint("marker", "course", "completed_on", "way", name=op.f("pk_course_completion")),
        sa.UniqueConstraint("certificate", name=op.f("uq_course_completion_certificate")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "course_page",
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_course_page_position")),
        sa.ForeignKeyConstraint(["course"], [key("blind", "course.id")], name=op.f("fk_course_page_course")),
        sa.PrimaryKeyConstraint("course", "position", name=op.f("pk_course_page")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "course_page_read",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["course"], [key("blind", "course.id")], name=op.f("fk_course_page_read_course")),
        sa.PrimaryKeyConstraint("marker", "course", "position", name=op.f("pk_course_page_read")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "practice_mark",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("script", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_practice_mark_attempt")),
        sa.CheckConstraint("round >= 0", name=op.f("ck_practice_mark_round")),
        sa.ForeignKeyConstraint(["script"], [key("blind", "practice_script.id")], name=op.f("fk_practice_mark_script")),
        sa.PrimaryKeyConstraint("marker", "script", "attempt", name=op.f("pk_practice_mark")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiz_attempt",
        sa.Column("marker", sa.LargeBinary(16), nullable=False),
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(chosen IS NULL) = (taken_on IS NULL)", name=op.f("ck_quiz_attempt_taken")),
        sa.CheckConstraint("(chosen IS NULL) = (passed IS NULL)", name=op.f("ck_quiz_attempt_marked")),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_quiz_attempt_attempt")),
        sa.ForeignKeyConstraint(["course"], [key("blind", "course.id")], name=op.f("fk_quiz_attempt_course")),
        sa.PrimaryKeyConstraint("marker", "course", "attempt", name=op.f("pk_quiz_attempt")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiz_question",
        sa.Column("course", sa.LargeBinary(16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("right_option", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.CheckConstraint("right_option >= 0", name=op.f("ck_quiz_question_right_option")),
        sa.ForeignKeyConstraint(["course"], [key("blind", "course.id")], name=op.f("fk_quiz_question_course")),
        sa.PrimaryKeyConstraint("course", "position", name=op.f("pk_quiz_question")),
        schema=here,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    here = room("blind")
    for table in (
        "quiz_question",
        "quiz_attempt",
        "practice_mark",
        "course_page_read",
        "course_page",
        "course_completion",
        "qualification",
        "practice_script",
        "practice_opening",
        "practice_coaching",
        "course",
    ):
        op.drop_table(table, schema=here)
