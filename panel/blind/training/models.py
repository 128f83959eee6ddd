"""Tables of training: courses by version, what markers have read, passed and been refused, and practice marking.

Dates only.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel.blind.training.purpose import Purpose
from panel.kernel.ids import BoardId, CertificateCode, CourseId, MarkerId, ScriptId
from panel.kernel.tables import UNORDERED, BlindBase, Bytes, CodeType, IdType

_COURSE = "blind.course.id"
_SCRIPT = "blind.practice_script.id"
_PURPOSES = ", ".join(f"'{purpose.value}'" for purpose in Purpose)


class CourseRow(BlindBase):
    """One version of a course; the latest of a key is current, unless the course is retired.

    `counts_from`: the lowest version that somebody may have completed for it to count. `author`: who published it, None
    for what comes with the system.
    """

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        CheckConstraint("validity_months > 0", name="validity"),
        CheckConstraint("asked >= 0 AND attempts >= 0", name="quiz"),
        CheckConstraint("counts_from BETWEEN 1 AND version", name="counts_from"),
        CheckConstraint("length(digest) = 32", name="digest"),
        UniqueConstraint("key", "version"),
        UNORDERED,
    )

    id: Mapped[CourseId] = mapped_column(IdType(CourseId), primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    counts_from: Mapped[int]
    published_on: Mapped[date]
    author: Mapped[MarkerId | None] = mapped_column(IdType(MarkerId))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    minutes: Mapped[int]
    pass_percent: Mapped[int]
    validity_months: Mapped[int]
    asked: Mapped[int]
    attempts: Mapped[int]
    online: Mapped[bool]
    digest: Mapped[bytes] = mapped_column(Bytes(32))
    current: Mapped[bool]


class CoursePageRow(BlindBase):
    """One page of a course; `text` as its author wrote it. Positions count from 1."""

    __tablename__ = "course_page"
    __table_args__ = (CheckConstraint("position > 0", name="position"), UNORDERED)

    course: Mapped[CourseId] = mapped_column(IdType(CourseId), ForeignKey(_COURSE), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)


class QuizQuestionRow(BlindBase):
    """One question of a course's bank. `options` is a JSON list; `right_option` its one right place, from 0."""

    __tablename__ = "quiz_question"
    __table_args__ = (CheckConstraint("right_option >= 0", name="right_option"), UNORDERED)

    course: Mapped[CourseId] = mapped_column(IdType(CourseId), ForeignKey(_COURSE), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    options: Mapped[str] = mapped_column(Text)
    right_option: Mapped[int]
    explanation: Mapped[str] = mapped_column(Text)


class PageReadRow(BlindBase):
    """A page this marker has read since she last completed the course."""

    __tablename__ = "course_page_read"
    __table_args__ = (UNORDERED,)

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    course: Mapped[CourseId] = mapped_column(IdType(CourseId), ForeignKey(_COURSE), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class QuizAttemptRow(BlindBase):
    """One attempt at a quiz: which questions were asked in which order and, once sent, the options chosen for them."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        CheckConstraint("attempt > 0", name="attempt"),
        CheckConstraint("(chosen IS NULL) = (taken_on IS NULL)", name="taken"),
        CheckConstraint("(chosen IS NULL) = (passed IS NULL)", name="marked"),
        UNORDERED,
    )

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    course: Mapped[CourseId] = mapped_column(IdType(CourseId), ForeignKey(_COURSE), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[str] = mapped_column(Text)
    chosen: Mapped[str | None] = mapped_column(Text)
    taken_on: Mapped[date | None]
    passed: Mapped[bool | None]


class FurtherAttemptRow(BlindBase):
    """HR let this marker take the quiz once more than the course allows: the number of the attempt."""

    __tablename__ = "further_attempt"
    __table_args__ = (CheckConstraint("attempt > 1", name="attempt"), UNORDERED)

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    course: Mapped[CourseId] = mapped_column(IdType(CourseId), ForeignKey(_COURSE), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    given_on: Mapped[date]


class CompletionRow(BlindBase):
    """A marker completed a version of a course, online or face to face; it counts up to and including `expires_on`."""

    __tablename__ = "course_completion"
    __table_args__ = (
        CheckConstraint("expires_on > completed_on", name="dates"),
        CheckConstraint("way IN ('online', 'taught')", name="way"),
        UNORDERED,
    )

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    course: Mapped[CourseId] = mapped_column(IdType(CourseId), ForeignKey(_COURSE), primary_key=True)
    completed_on: Mapped[date] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(String(6), primary_key=True)
    expires_on: Mapped[date]
    certificate: Mapped[CertificateCode] = mapped_column(CodeType(CertificateCode), unique=True)


class GateRefusalRow(BlindBase):
    """What the gate refused a marker on one day: how often, and the sentences it last said, as a JSON list."""

    __tablename__ = "gate_refusal"
    __table_args__ = (CheckConstraint("count > 0", name="count"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    refused_on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    reasons: Mapped[str] = mapped_column(Text)


class ScriptRow(BlindBase):
    """A script of one board with an agreed score: a sample answer, the reason for its score, and what it is for."""

    __tablename__ = "practice_script"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(f"purpose IN ({_PURPOSES})", name="purpose"),
        UNORDERED,
    )

    id: Mapped[ScriptId] = mapped_column(IdType(ScriptId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId), index=True)
    criterion: Mapped[str] = mapped_column(String(60))
    answer: Mapped[str] = mapped_column(Text)
    agreed: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(16), default=Purpose.PRACTICE.value)


class PracticeOpeningRow(BlindBase):
    """The chair opened a board's practice scripts to its markers; from then on they do not change."""

    __tablename__ = "practice_opening"
    __table_args__ = (UNORDERED,)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    opened_on: Mapped[date]


class PracticeMarkRow(BlindBase):
    """One try of a marker at a practice script. `round` counts the chair's coachings on the criterion before it."""

    __tablename__ = "practice_mark"
    __table_args__ = (
        CheckConstraint("attempt > 0", name="attempt"),
        CheckConstraint("round >= 0", name="round"),
        UNORDERED,
    )

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    script: Mapped[ScriptId] = mapped_column(IdType(ScriptId), ForeignKey(_SCRIPT), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int]
    score: Mapped[int]
    evidence: Mapped[str] = mapped_column(Text)


class CoachingRow(BlindBase):
    """The chair coached a marker on one criterion, with a note that she reads; practice is open to her again."""

    __tablename__ = "practice_coaching"
    __table_args__ = (CheckConstraint("round > 0", name="round"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    coached_on: Mapped[date]


class QualificationRow(BlindBase):
    """A marker reached the tolerance on every script of an attempt, and may mark this criterion of the board."""

    __tablename__ = "qualification"
    __table_args__ = (UNORDERED,)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    granted_on: Mapped[date]
