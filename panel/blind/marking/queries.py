"""The marks for moderation and the lock, and how far the panel has come for the chair."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.allocation import queries as allocation
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.marking.apart import MARKS
from panel.blind.marking.models import MarkRow, SheetRow
from panel.board.queries import Board
from panel.kernel.encoding import digest
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef


@dataclass(frozen=True)
class IndependentMark:
    """One marker's mark for one answer."""

    ref: SubmissionRef
    criterion: str
    marker: MarkerId
    score: int
    evidence: str

    @property
    def evidence_digest(self) -> bytes:
        """SHA-256 of the evidence: 32 bytes."""
        return digest(self.evidence.encode())


@dataclass(frozen=True)
class Progress:
    """How far one marker has come: counts and dates, no submission. `relieved`: she dropped out, her marks stand."""

    marker: MarkerId
    open: int
    done: int
    unsigned: int
    signed_on: date | None
    relieved: bool

    @property
    def owes_signature(self) -> bool:
        """Whether marks of hers still wait for her signature."""
        return self.unsigned > 0 and not self.relieved


@dataclass(frozen=True)
class Completion:
    """What a board still owes before moderation, and the answers that nobody is left to mark."""

    open: int
    sheets: int
    unmarked: int
    shortfall: Shortfall

    @property
    def owed(self) -> int:
        """Open tasks, unsigned sheets, and answers without any mark, for which nothing could ever be agreed.

        A shortfall short of that owes nothing: nobody is left who could make it good.
        """
        return self.open + self.sheets + self.unmarked


def marks(db: Session, board: BoardId) -> tuple[IndependentMark, ...]:
    """Every independent mark of a board, by ref, criterion and marker."""
    columns = MarkRow.ref, MarkRow.criterion, MarkRow.marker, MarkRow.score, MarkRow.evidence
    query = select(*columns).where(MarkRow.board == board).order_by(MarkRow.ref, MarkRow.criterion, MarkRow.marker)
    return tuple(IndependentMark(*row) for row in db.execute(query))


def progress(db: Session, board: BoardId) -> tuple[Progress, ...]:
    """How far each marker with tasks has come, by marker id."""
    gone, signed, waiting = allocation.relieved(db, board), _signed_on(db, board), _unsigned(db, board)
    return tuple(
        Progress(marker, load.open, load.done, waiting.get(marker, 0), signed.get(marker), marker in gone)
        for marker, load in allocation.loads(db, board).items()
    )


def completion(db: Session, board: Board) -> Completion:
    """What the board still owes before moderation."""
    everyone, shortfall = progress(db, board.id), allocation.shortfall(db, board)
    return Completion(
        open=sum(each.open for each in everyone),
        sheets=sum(each.owes_signature for each in everyone),
        unmarked=dict(shortfall.lacks).get(board.policy.markers_per_answer, 0),
        shortfall=shortfall,
    )


def _signed_on(db: Session, board: BoardId) -> Mapping[MarkerId, date]:
    query = select(SheetRow.marker, SheetRow.signed_on).where(SheetRow.board == board).order_by(SheetRow.marker)
    return dict(db.execute(query).all())


def _unsigned(db: Session, board: BoardId) -> Mapping[MarkerId, int]:
    found: Counter[MarkerId] = Counter()
    for table in MARKS:
        query = (
            select(table.marker, func.count())
            .where(table.board == board, table.signed.is_(False))
            .group_by(table.marker)
            .order_by(table.marker)
        )
        found.update(dict(db.execute(query).all()))
    return found
