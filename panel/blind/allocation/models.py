"""Tables of allocation: what candidates declared, and one task for each marker of each answer. No times, no names."""

from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, MarkerId, ScriptId, SubmissionRef, TaskCode
from panel.kernel.tables import UNORDERED, BlindBase, CodeType, IdType


class State(StrEnum):
    """Where a task stands.

    Withdrawn: passed on because its marker may or can no longer mark it. Returned: the chair gave what she had marked
    to somebody else, and she never gets it again.
    """

    OPEN = "open"
    DONE = "done"
    STEPPED_ASIDE = "stepped_aside"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"


_STATES = ", ".join(f"'{state.value}'" for state in State)


class ExclusionRow(BlindBase):
    """A candidate declared that this person knows her work. Only the allocator reads it."""

    __tablename__ = "exclusion"
    __table_args__ = (UNORDERED,)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)


class TaskRow(BlindBase):
    """One marker marks one answer. The code is all that she sees of it."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("position > 0", name="position"),
        Index(
            "uq_task_ref_criterion_marker_live",
            "ref",
            "criterion",
            "marker",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_task_board_marker", "board", "marker", "criterion", "position"),
        UNORDERED,
    )

    code: Mapped[TaskCode] = mapped_column(CodeType(TaskCode), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef))
    criterion: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16), default=State.OPEN.value)


class StandInRow(BlindBase):
    """What lies behind a task that counts for nobody, under a ref of its own: a seed, or a repeat of an answer of hers.

    The task itself is like any other. `flagged`: somebody says that the seed names a person, and the chair looks at it.
    """

    __tablename__ = "stand_in"
    __table_args__ = (
        CheckConstraint("(script IS NULL) <> (original IS NULL)", name="behind"),
        UniqueConstraint("marker", "script", name="uq_stand_in_marker_script"),
        UniqueConstraint("marker", "original", "criterion", name="uq_stand_in_marker_original_criterion"),
        Index("ix_stand_in_board_marker", "board", "marker"),
        UNORDERED,
    )

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    criterion: Mapped[str] = mapped_column(String(60))
    script: Mapped[ScriptId | None] = mapped_column(IdType(ScriptId))
    original: Mapped[SubmissionRef | None] = mapped_column(IdType(SubmissionRef))
    flagged: Mapped[bool] = mapped_column(Boolean, default=False)


class ReliefRow(BlindBase):
    """A marker who is absent from the start or has dropped out: she gets no more tasks, and what she marked stands."""

    __tablename__ = "relief"
    __table_args__ = (UNORDERED,)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
