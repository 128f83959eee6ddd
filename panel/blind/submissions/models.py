"""Tables of submissions: answers under a random ref, redactions beside them, texts to look at. No times, no names."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef, TextCode
from panel.kernel.tables import UNORDERED, BlindBase, Bytes, CodeType, IdType, NumberType

_DIGEST = 32


class State(StrEnum):
    """Where a submission stands. Nothing on the blind side reads `withdrawn` before the lock."""

    LODGED = "lodged"
    WITHDRAWN = "withdrawn"
    SET_ASIDE = "set_aside"


class TextState(StrEnum):
    """Whether somebody must still look at a text."""

    OPEN = "open"
    SETTLED = "settled"


_STATES = ", ".join(f"'{state.value}'" for state in State)
_TEXT_STATES = ", ".join(f"'{state.value}'" for state in TextState)


class SubmissionRow(BlindBase):
    """One candidate's answers, as canonical JSON. The number is dealt at the close."""

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(f"length(answers_digest) = {_DIGEST}", name="answers_digest"),
        CheckConstraint(f"length(code_tag) = {_DIGEST}", name="code_tag"),
        UniqueConstraint("board", "number"),
        UNORDERED,
    )

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    number: Mapped[Number | None] = mapped_column(NumberType)
    answers: Mapped[str] = mapped_column(Text)
    answers_digest: Mapped[bytes] = mapped_column(Bytes)
    code_tag: Mapped[bytes] = mapped_column(Bytes, unique=True)
    state: Mapped[str] = mapped_column(String(10), default=State.LODGED.value)


class RedactionRow(BlindBase):
    """The answers with words removed, as a later version beside those lodged. `marker`: the leader who decided."""

    __tablename__ = "redaction"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(f"length(digest) = {_DIGEST}", name="digest"),
        UNORDERED,
    )

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    answers: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(Bytes)
    reason: Mapped[str] = mapped_column(Text)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId))


class TextCheckRow(BlindBase):
    """An answer somebody must look at before it is marked on. `found`: kinds of hits, or that a marker flagged it."""

    __tablename__ = "text_check"
    __table_args__ = (
        CheckConstraint(f"state IN ({_TEXT_STATES})", name="state"),
        UniqueConstraint("ref", "criterion"),
        Index("ix_text_check_board", "board", "state"),
        UNORDERED,
    )

    code: Mapped[TextCode] = mapped_column(CodeType(TextCode), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef))
    criterion: Mapped[str] = mapped_column(String(60))
    found: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default=TextState.OPEN.value)
