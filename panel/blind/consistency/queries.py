"""The signed marks of a board under letters and numbers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.consistency.marks import Given
from panel.blind.marking.models import MarkRow
from panel.blind.moderation.queries import marker_letters
from panel.blind.submissions.queries import numbers
from panel.board.queries import Board


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
