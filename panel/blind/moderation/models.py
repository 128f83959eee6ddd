"""The tables of moderation: agreed scores, further marks asked for, and looks. The marks themselves stay untouched."""

from sqlalchemy import Boolean, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, MarkerId, SubmissionRef
from panel.kernel.tables import UNORDERED, BlindBase, IdType


class AgreedScoreRow(BlindBase):
    """What moderation settled for one answer: an integer of the board's scale, why, and which leader set it.

    `version` rises with each change before the lock, so that two people never overwrite each other unseen.
    """

    __tablename__ = "agreed_score"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint("version > 0", name="version"),
        UNORDERED,
    )

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId), index=True)
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
    version: Mapped[int]


class FurtherRow(BlindBase):
    """A leader sent an answer to a further marker: why, and whether its marks agreed until then.

    The reason is empty where the policy sends every disputed answer. `version`: that of the agreed score that fell
    away, and one more; from there its versions go on, so that a page from before the further mark is out of date.
    """

    __tablename__ = "further_mark"
    __table_args__ = (CheckConstraint("version > 0", name="version"), UNORDERED)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId), index=True)
    agreed: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))


class LookRow(BlindBase):
    """A leader looked at an answer whose marks agree, and let them stand."""

    __tablename__ = "look"
    __table_args__ = (UNORDERED,)

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId), index=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))
