"""Tables of the exercise: boards and frameworks. The blind role may only read them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.board.lifecycle import Stage
from panel.kernel.ids import BoardId, FrameworkId
from panel.kernel.tables import UNORDERED, Bytes, IdType, OpenBase

_STAGES = ", ".join(f"'{stage.value}'" for stage in Stage)


class BoardRow(OpenBase):
    """One board. `stage` is written by board/service.advance alone."""

    __tablename__ = "board"
    __table_args__ = (
        CheckConstraint(f"stage IN ({_STAGES})", name="stage"),
        CheckConstraint("length(draw) = 32", name="draw"),
        UNORDERED,
    )

    id: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str] = mapped_column(String(12), default=Stage.DRAFT.value)
    policy: Mapped[str] = mapped_column(Text, default="{}")
    policy_digest: Mapped[bytes | None] = mapped_column(Bytes(32))
    deadline: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    draw: Mapped[bytes] = mapped_column(Bytes(32))
    lodged_root: Mapped[bytes | None] = mapped_column(Bytes(32))
    roll_root: Mapped[bytes | None] = mapped_column(Bytes(32))
    submissions: Mapped[int | None] = mapped_column(Integer)
    marks_root: Mapped[bytes | None] = mapped_column(Bytes(32))
    closed_on: Mapped[date | None]
    published_on: Mapped[date | None]
    scrubbed_on: Mapped[date | None]
    backups_destroyed_on: Mapped[date | None]
    weakness_acknowledged_on: Mapped[date | None]


class FrameworkRow(OpenBase):
    """One version of a framework, as canonical JSON."""

    __tablename__ = "framework"
    __table_args__ = (UNORDERED,)

    id: Mapped[FrameworkId] = mapped_column(IdType(FrameworkId), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[bytes] = mapped_column(Bytes(32), unique=True)
    body: Mapped[str] = mapped_column(Text)
