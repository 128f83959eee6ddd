"""The log's tables: one head per log, its entries, and the heads that were signed."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId
from panel.kernel.tables import UNORDERED, Bytes, IdType, OpenBase, blind_may


class LogHead(OpenBase):
    """Where a log ends: its size and the frontier of its tree. The only row of the log that ever changes."""

    __tablename__ = "log_head"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        {**UNORDERED, "info": blind_may("insert", "update", columns=("size", "frontier"))},
    )

    log: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    size: Mapped[int]
    frontier: Mapped[bytes] = mapped_column(Bytes)


class LogEntry(OpenBase):
    """One entry: its canonical body and the leaf hash of it. Insert only."""

    __tablename__ = "log_entry"
    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("length(leaf) = 32", name="leaf"),
        {**UNORDERED, "info": blind_may("insert")},
    )

    log: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(Bytes)
    leaf: Mapped[bytes] = mapped_column(Bytes)


class SignedHead(OpenBase):
    """The root of a log at one size, signed with Ed25519. Insert only; the blind role only reads it."""

    __tablename__ = "signed_head"
    __table_args__ = (
        CheckConstraint("length(root) = 32", name="root"),
        CheckConstraint("length(signature) = 64", name="signature"),
        UNORDERED,
    )

    log: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(Bytes)
    on: Mapped[date]
    key_id: Mapped[bytes] = mapped_column(Bytes)
    signature: Mapped[bytes] = mapped_column(Bytes)
