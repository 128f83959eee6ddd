"""Tables of marking. No times: when a mark was made would say who was on."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode
from panel.kernel.tables import UNORDERED, BlindBase, Bytes, CodeType, IdType


class MarkRow(BlindBase):
    """A marker's score and evidence for one answer. Once `signed` it no longer changes."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_board_marker", "board", "marker"), UNORDERED)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    score: Mapped[int] = mapped_column(Integer)
    evidence: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    signed: Mapped[bool] = mapped_column(Boolean, default=False)


class MarkDraftRow(BlindBase):
    """What a marker has typed for a task and not yet saved as her mark."""

    __tablename__ = "mark_draft"
    __table_args__ = (UNORDERED,)

    code: Mapped[TaskCode] = mapped_column(CodeType(TaskCode), primary_key=True)
    score: Mapped[int | None] = mapped_column(Integer)
    evidence: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class MarkRevisionRow(BlindBase):
    """A mark as it once was saved; all are kept."""

    __tablename__ = "mark_revision"
    __table_args__ = (CheckConstraint("version > 0", name="version"), UNORDERED)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    score: Mapped[int] = mapped_column(Integer)
    evidence: Mapped[str] = mapped_column(Text)


class SheetRow(BlindBase):
    """A marker has signed her marks on a board: how many, and their digest. Tasks that come later are signed again."""

    __tablename__ = "sheet"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    marks: Mapped[int] = mapped_column(Integer)
    digest: Mapped[bytes] = mapped_column(Bytes(32))
    signed_on: Mapped[date]
