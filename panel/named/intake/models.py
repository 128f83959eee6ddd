"""Tables of intake: who has applied, and applications still being written. The close rewrites and empties them."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import AccountId, BoardId, RollId
from panel.kernel.tables import UNORDERED, Bytes, IdType, NamedBase
from panel.named.intake.locker import NONCE


class RollState(StrEnum):
    """Where a candidate stands. Stood down: without her code she wants no result; the roll alone knows."""

    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    STOOD_DOWN = "stood_down"


_STATES = ", ".join(f"'{state.value}'" for state in RollState)


class RollRow(NamedBase):
    """Who has applied to a board. Knows people, knows no submission; no date."""

    __tablename__ = "roll"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        UniqueConstraint("board", "account"),
        UNORDERED,
    )

    id: Mapped[RollId] = mapped_column(IdType(RollId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    account: Mapped[AccountId] = mapped_column(IdType(AccountId))
    state: Mapped[str] = mapped_column(String(10), default=RollState.APPLIED.value)


class DraftRow(NamedBase):
    """An application still being written, encrypted under the board's draft key and padded to one length per board."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint(f"length(nonce) = {NONCE}", name="nonce"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    account: Mapped[AccountId] = mapped_column(IdType(AccountId), primary_key=True)
    nonce: Mapped[bytes] = mapped_column(Bytes)
    sealed: Mapped[bytes] = mapped_column(Bytes)
