"""Answers that a leader of the panel must look at, by codes that say nothing of their submissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.submissions import queries
from panel.blind.submissions.models import SubmissionRow, TextCheckRow, TextState
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, SubmissionRef, TextCode


@dataclass(frozen=True)
class TextCheck:
    """One answer to look at. `found`: the kinds of hits in it (`Kind` names), or FLAGGED."""

    code: TextCode
    criterion: str
    found: tuple[str, ...]
    open: bool


#: In `found`: a marker says that this text names somebody.
FLAGGED = "FLAGGED"


def texts_open(db: Session, board: BoardId) -> int:
    """How many answers somebody must still look at: the fact `texts` of closed → marking."""
    here = (TextCheckRow.board == board) & (TextCheckRow.state == TextState.OPEN)
    return db.scalar(select(func.count()).select_from(TextCheckRow).where(here)) or 0


def undecided(db: Session, board: BoardId) -> frozenset[tuple[SubmissionRef, str]]:
    """The answers somebody must still look at: nobody marks on them until that is done."""
    here = (TextCheckRow.board == board) & (TextCheckRow.state == TextState.OPEN)
    query = select(TextCheckRow.ref, TextCheckRow.criterion).where(here).order_by(TextCheckRow.code)
    return frozenset((ref, criterion) for ref, criterion in db.execute(query))


def text_checks(db: Session, board: BoardId, *, settled: bool = False) -> tuple[TextCheck, ...]:
    """The board's texts to look at, or those looked at, by their random codes."""
    state = TextState.SETTLED if settled else TextState.OPEN
    here = (TextCheckRow.board == board) & (TextCheckRow.state == state)
    query = select(TextCheckRow).where(here).order_by(TextCheckRow.code)
    return tuple(_card(row) for row in db.scalars(query))


def text_check(db: Session, board: BoardId, code: TextCode) -> tuple[TextCheck, str]:
    """One text check and the answer as it is shown now. Raises Missing."""
    row = text_check_row(db, board, code)
    return _card(row), queries.shown_answer(db, row.ref, row.criterion)


def texts(db: Session, board: BoardId, codes: Sequence[TextCode]) -> Mapping[TextCode, str]:
    """The answers behind several text checks, as they are shown now; two queries whatever their number."""
    query = (
        select(TextCheckRow.code, TextCheckRow.criterion, SubmissionRow.ref, SubmissionRow.answers)
        .join(SubmissionRow, SubmissionRow.ref == TextCheckRow.ref)
        .where(TextCheckRow.board == board, TextCheckRow.code.in_(codes))
        .order_by(TextCheckRow.code)
    )
    rows = db.execute(query).all()
    later = queries.latest_redactions(db, {row.ref for row in rows})
    answers = queries.with_redactions(((row.ref, row.answers) for row in rows), later)
    return {row.code: answers[row.ref][row.criterion] for row in rows}


def text_check_row(db: Session, board: BoardId, code: TextCode, *, lock: bool = False) -> TextCheckRow:
    """The row behind a code, for this feature's verbs. Raises Missing."""
    query = select(TextCheckRow).where(TextCheckRow.code == code, TextCheckRow.board == board)
    row = db.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise Missing
    return row


def _card(row: TextCheckRow) -> TextCheck:
    return TextCheck(row.code, row.criterion, tuple(row.found.split()), row.state == TextState.OPEN)
