"""Tables of seeding: marks that count for nobody, in which turn a marker made hers, and pauses. Dates only."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode
from panel.kernel.tables import UNORDERED, BlindBase, CodeType, IdType


class StandInMarkRow(BlindBase):
    """A marker's score and evidence for a seed or a repeat. It stands apart from the marks, and nothing counts it."""

    __tablename__ = "stand_in_mark"
    __table_args__ = (Index("ix_stand_in_mark_board_marker", "board", "marker"), UNORDERED)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    score: Mapped[int] = mapped_column(Integer)
    evidence: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    signed: Mapped[bool] = mapped_column(Boolean, default=False)


class StandInRevisionRow(BlindBase):
    """A mark for a seed or a repeat as it once was saved: kept as those of any answer are, and in as many steps."""

    __tablename__ = "stand_in_revision"
    __table_args__ = (CheckConstraint("version > 0", name="version"), UNORDERED)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    score: Mapped[int] = mapped_column(Integer)
    evidence: Mapped[str] = mapped_column(Text)


class TurnRow(BlindBase):
    """In which turn of her own a marker last saved a mark, counted from 1; kept where seeds or repeats are used."""

    __tablename__ = "mark_turn"
    __table_args__ = (
        CheckConstraint("turn > 0", name="turn"),
        Index("ix_mark_turn_board_marker", "board", "marker"),
        UNORDERED,
    )

    code: Mapped[TaskCode] = mapped_column(CodeType(TaskCode), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    turn: Mapped[int] = mapped_column(Integer)


class PauseRow(BlindBase):
    """A marker strayed from the agreed marks of seeds; the chair ended it with a note that she reads.

    It holds her up from the turn `holds`, a little after the one that brought it about, so that it points at no task.
    `ended`: how many turns she had had when it ended.
    """

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("round > 0", name="round"),
        CheckConstraint("(ended IS NULL) = (ended_on IS NULL)", name="ended"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True)
    holds: Mapped[int] = mapped_column(Integer)
    began_on: Mapped[date]
    ended: Mapped[int | None] = mapped_column(Integer)
    ended_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
