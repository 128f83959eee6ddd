"""Submissions as the blind side reads them: by ref or number, never by person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from panel.blind.submissions.answers import answers_digest, read
from panel.blind.submissions.models import RedactionRow, State, SubmissionRow
from panel.blind.submissions.redaction import REMOVED
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef


@dataclass(frozen=True)
class Lodged:
    """A submission as its own candidate lodged it. She learns its number with the results, and not before."""

    ref: SubmissionRef
    answers: Mapping[str, str]
    answers_digest: bytes
    withdrawn: bool
    number: Number | None


@dataclass(frozen=True)
class Card:
    """What the marks root binds of a submission. `shown_digest` is that of the version markers meet."""

    number: Number
    ref: SubmissionRef
    answers_digest: bytes
    shown_digest: bytes


def by_code(db: Session, board: BoardId, code_tag: bytes) -> Lodged:
    """The submission that a receipt code opens. Raises Missing."""
    row = submission_row(db, board, code_tag)
    return Lodged(row.ref, read(row.answers), row.answers_digest, row.state == State.WITHDRAWN, row.number)


def submission_row(db: Session, board: BoardId, code_tag: bytes) -> SubmissionRow:
    """The row that a receipt code opens, for this feature's verbs. Raises Missing."""
    row = db.scalar(select(SubmissionRow).where(SubmissionRow.board == board, SubmissionRow.code_tag == code_tag))
    if row is None:
        raise Missing
    return row


def refs(db: Session, board: BoardId) -> tuple[SubmissionRef, ...]:
    """Every submission that is marked, by ref: all but those set aside. Withdrawing shows nowhere before the lock."""
    query = select(SubmissionRow.ref).where(_marked(board)).order_by(SubmissionRow.ref)
    return tuple(db.scalars(query))


def numbers(db: Session, board: BoardId) -> Mapping[SubmissionRef, Number]:
    """The number of every submission that is marked; for moderation and later, never for a marker."""
    query = (
        select(SubmissionRow.ref, SubmissionRow.number)
        .where(_marked(board), SubmissionRow.number.is_not(None))
        .order_by(SubmissionRow.number)
    )
    return {ref: number for ref, number in db.execute(query) if number is not None}


def withdrawn(db: Session, board: BoardId) -> frozenset[SubmissionRef]:
    """Submissions their candidates took back after the close. Read at the lock, and not before."""
    here = (SubmissionRow.board == board) & (SubmissionRow.state == State.WITHDRAWN)
    return frozenset(db.scalars(select(SubmissionRow.ref).where(here).order_by(SubmissionRow.ref)))


def set_aside(db: Session, board: BoardId) -> tuple[Number, ...]:
    """The numbers whose envelope was opened early: out of every queue and list, for good."""
    here = (SubmissionRow.board == board) & (SubmissionRow.state == State.SET_ASIDE)
    query = select(SubmissionRow.number).where(here, SubmissionRow.number.is_not(None)).order_by(SubmissionRow.number)
    return tuple(number for number in db.scalars(query) if number is not None)


def not_in_result(db: Session, board: BoardId) -> frozenset[SubmissionRef]:
    """Submissions taken back or set aside: their names are not shown. Read from the lock on."""
    here = (SubmissionRow.board == board) & (SubmissionRow.state != State.LODGED)
    return frozenset(db.scalars(select(SubmissionRow.ref).where(here).order_by(SubmissionRow.ref)))


def cards(db: Session, board: BoardId) -> tuple[Card, ...]:
    """Every submission of a closed board, by number, whatever its state: that may still change after the lock."""
    query = (
        select(SubmissionRow.number, SubmissionRow.ref, SubmissionRow.answers_digest)
        .where(SubmissionRow.board == board, SubmissionRow.number.is_not(None))
        .order_by(SubmissionRow.number)
    )
    later = {ref: row.digest for ref, row in _latest(db, _on(board)).items()}
    return tuple(
        Card(number, ref, answers_digest, later.get(ref, answers_digest))
        for number, ref, answers_digest in db.execute(query)
        if number is not None
    )


def shown(db: Session, board: BoardId) -> Mapping[SubmissionRef, Mapping[str, str]]:
    """The answers of every submission that is marked, as markers meet them: by criterion key, redactions applied."""
    query = select(SubmissionRow.ref, SubmissionRow.answers).where(_marked(board)).order_by(SubmissionRow.ref)
    return with_redactions(db.execute(query), _latest(db, _on(board)))


def shown_answers(db: Session, ref: SubmissionRef) -> Mapping[str, str]:
    """One submission's answers as markers meet them, by criterion key. Raises Missing."""
    lodged = db.scalar(select(SubmissionRow.answers).where(SubmissionRow.ref == ref))
    # read before refusing: a ref with no submission behind it must not be quicker to look up
    later = _latest(db, RedactionRow.ref == ref)
    if lodged is None:
        raise Missing
    return with_redactions([(ref, lodged)], later)[ref]


def shown_answer(db: Session, ref: SubmissionRef, criterion: str) -> str:
    """One answer as markers meet it. Raises Missing."""
    answers = shown_answers(db, ref)
    if criterion not in answers:
        raise Missing
    return answers[criterion]


def lodged_digests(db: Session, board: BoardId) -> Mapping[SubmissionRef, bytes]:
    """The answers digest of every submission of a board, set aside or not: for the lodged root.

    Digested anew from the answers, so that a text changed behind its stored digest is found.
    """
    here = SubmissionRow.board == board
    query = select(SubmissionRow.ref, SubmissionRow.answers).where(here).order_by(SubmissionRow.ref)
    return {ref: answers_digest(read(answers)) for ref, answers in db.execute(query)}


def count(db: Session, board: BoardId) -> int:
    """How many submissions a board has, whatever their state. Nobody on the panel is shown this before the close."""
    return db.scalar(select(func.count()).select_from(SubmissionRow).where(SubmissionRow.board == board)) or 0


def redactors(db: Session, board: BoardId) -> Mapping[SubmissionRef, frozenset[MarkerId]]:
    """Who decided a redaction on each submission: she does not set its agreed scores."""
    query = select(RedactionRow.ref, RedactionRow.marker).where(_on(board)).order_by(RedactionRow.ref)
    found: dict[SubmissionRef, set[MarkerId]] = defaultdict(set)
    for ref, marker in db.execute(query):
        found[ref].add(marker)
    return {ref: frozenset(markers) for ref, markers in found.items()}


def latest_redactions(db: Session, wanted: Iterable[SubmissionRef]) -> Mapping[SubmissionRef, RedactionRow]:
    """The last redaction of each submission that has one, for this feature alone."""
    return _latest(db, RedactionRow.ref.in_(list(wanted)))


def latest_redactions_on(db: Session, board: BoardId) -> Mapping[SubmissionRef, RedactionRow]:
    """The last redaction of each submission of a board that has one, for this feature alone."""
    return _latest(db, _on(board))


def with_redactions(
    lodged: Iterable[tuple[SubmissionRef, str]], later: Mapping[SubmissionRef, RedactionRow]
) -> dict[SubmissionRef, dict[str, str]]:
    """Lodged answers with the last redaction in their place. An answer redacted to nothing never falls back."""
    found: dict[SubmissionRef, dict[str, str]] = {}
    for ref, text in lodged:
        answers = read(text)
        cut = read(later[ref].answers) if ref in later else answers
        found[ref] = {key: (cut.get(key) or "").strip() or REMOVED for key in answers}
    return found


def _latest(db: Session, where: ColumnElement[Any]) -> dict[SubmissionRef, RedactionRow]:
    query = select(RedactionRow).where(where).order_by(RedactionRow.ref, RedactionRow.version)
    return {row.ref: row for row in db.scalars(query)}


def _marked(board: BoardId) -> ColumnElement[bool]:
    return (SubmissionRow.board == board) & (SubmissionRow.state != State.SET_ASIDE)


def _on(board: BoardId) -> ColumnElement[bool]:
    return RedactionRow.ref.in_(select(SubmissionRow.ref).where(SubmissionRow.board == board))
