"""The signed marks of a board under letters and numbers, and where the answers stand that went to a further marker."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.blind.consistency.marks import Given
from panel.blind.marking.models import MarkRow
from panel.blind.marking.queries import pending
from panel.blind.moderation.queries import marker_letters
from panel.blind.submissions.queries import numbers
from panel.board.queries import Board
from panel.kernel.ids import Number


def signed(db: Session, board: Board, criterion: str | None = None) -> tuple[Given, ...]:
    """Every signed mark of a submission that is marked, or those for one criterion.

    Practice, seeds and hidden repeats have no number and are not among them.
    """
    dealt, letters = numbers(db, board.id), marker_letters(db, board)
    columns = MarkRow.ref, MarkRow.criterion, MarkRow.marker, MarkRow.score, MarkRow.position
    query = select(*columns).where(MarkRow.board == board.id, MarkRow.signed).order_by(*columns[:3])
    if criterion is not None:
        query = query.where(MarkRow.criterion == criterion)
    return tuple(
        Given(letters[marker], dealt[ref], key, score, position)
        for ref, key, marker, score, position in db.execute(query)
        if ref in dealt and marker in letters
    )


def sent(db: Session, board: Board) -> dict[tuple[Number, str], bool]:
    """The answers sent to a further marker, by number and criterion, and whether the mark is still waited for."""
    dealt = numbers(db, board.id)
    waiting = {(dealt[ref], criterion) for ref, criterion in pending(db, board.id) if ref in dealt}
    told = (entry.facts for entry in entries(db, board.id, "answer.sent_further"))
    asked = sorted({(Number(int(str(facts["number"]))), str(facts["criterion"])) for facts in told})
    return {answer: answer in waiting for answer in asked}
