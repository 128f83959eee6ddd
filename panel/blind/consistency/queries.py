"""The signed marks of a board under letters and numbers, and marks beside scores that were known before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.consistency.marks import Given
from panel.blind.marking.models import MarkRow
from panel.blind.marking.repeat_queries import Repeat, repeats
from panel.blind.moderation.queries import marker_letters
from panel.blind.seeding.drift import SeedMark
from panel.blind.seeding.queries import seeds
from panel.blind.submissions.queries import numbers
from panel.board.queries import Board
from panel.kernel.ids import MarkerId

#: For each marker, by letter, what she gave beside what was known.
Known = Mapping[str, tuple[tuple[int, int], ...]]


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


def beside_agreed(db: Session, board: Board, criterion: str | None = None) -> Known:
    """What markers gave seeds beside the agreed scores, over all criteria or for one."""
    found = seeds(db, board)
    return _known(
        db, board, ((each.marker, each.distance.given, each.distance.agreed) for each in found if _of(each, criterion))
    )


def beside_earlier(db: Session, board: Board, criterion: str | None = None) -> Known:
    """What markers gave an answer that came again, beside what they had given it first."""
    found = repeats(db, board.id)
    return _known(db, board, ((each.marker, each.second, each.first) for each in found if _of(each, criterion)))


def _of(each: SeedMark | Repeat, criterion: str | None) -> bool:
    return criterion in {None, each.criterion}


def _known(db: Session, board: Board, given: Iterable[tuple[MarkerId, int, int]]) -> Known:
    letters = marker_letters(db, board)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for marker, score, known in given:
        if marker in letters:
            found[letters[marker]].append((score, known))
    return {letter: tuple(pairs) for letter, pairs in found.items()}
