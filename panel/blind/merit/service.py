"""The lock: the merit list is computed and written, and all of it becomes one digest."""

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import insert
from sqlalchemy.orm import Session

from panel.blind.merit import queries
from panel.blind.merit.merit_list import Place, merit_list
from panel.blind.merit.models import MeritEntryRow
from panel.blind.moderation import queries as moderation
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from panel.board.policy import ratio
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.encoding import canonical
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId, Number


class NotSettled(Refused):
    """An answer still needs an agreed score, or has no mark."""

    sentence = "Some answers are not settled yet, so the board cannot be locked."


def lock(db: Session, board: BoardId) -> bytes:
    """Write the merit list and return the marks root (32 bytes); the caller moves the board to locked with it.

    In one transaction with `board.service.advance`, which appends `board.locked`. Withdrawn submissions keep their
    marks and get no place. Raises WrongStage and NotSettled.
    """
    held = take(db, board, Stage.MODERATION)
    if moderation.unsettled(db, board):
        raise NotSettled
    places = merit_list(held.policy, _scores(db, held))
    if places:
        db.execute(insert(MeritEntryRow), [_row(board, place) for place in places])
    return queries.marks_root(db, board)


def _scores(db: Session, board: Board) -> Mapping[Number, Mapping[str, Fraction]]:
    """The scores of everyone who has a place, by number."""
    numbers, gone = submissions.numbers(db, board.id), submissions.withdrawn(db, board.id)
    return {numbers[ref]: scores for ref, scores in moderation.scores(db, board).items() if ref not in gone}


def _row(board: BoardId, place: Place) -> dict[str, object]:
    return {
        "board": board,
        "number": place.number,
        "rank": place.rank,
        "outcome": place.outcome.value,
        "total": ratio(place.total),
        "scores": canonical({key: ratio(score) for key, score in place.scores.items()}).decode(),
    }
