"""What a marker gave an answer when she met it first, and when it came again: agreement with herself."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from panel.blind.allocation.models import StandInRow, State, TaskRow
from panel.blind.marking.models import MarkRow
from panel.blind.seeding.models import StandInMarkRow, TurnRow
from panel.blind.submissions.models import TextCheckRow
from panel.blind.submissions.text_queries import FLAGGED
from panel.kernel.ids import BoardId, MarkerId


@dataclass(frozen=True)
class Repeat:
    """One marker's two scores for one answer, in the order in which she last saved them."""

    marker: MarkerId
    criterion: str
    first: int
    second: int


def repeats(db: Session, board: BoardId) -> tuple[Repeat, ...]:
    """Every answer of which both marks are made, by marker, criterion and ref.

    Not one whose text a marker flagged: both tasks wait for the chair at once, and that shows her which is which.
    """
    one, two = aliased(TaskRow), aliased(TaskRow)
    early, late = aliased(TurnRow), aliased(TurnRow)
    own = (MarkRow.ref == StandInRow.original) & (MarkRow.criterion == StandInRow.criterion)
    flagged = (TextCheckRow.ref == StandInRow.original) & TextCheckRow.found.contains(FLAGGED)
    query = (
        select(StandInRow.marker, StandInRow.criterion, MarkRow.score, StandInMarkRow.score, early.turn, late.turn)
        .join(StandInMarkRow, StandInMarkRow.ref == StandInRow.ref)
        .join(MarkRow, own & (MarkRow.marker == StandInRow.marker))
        .join(one, (one.ref == MarkRow.ref) & (one.criterion == MarkRow.criterion) & (one.marker == MarkRow.marker))
        .join(two, two.ref == StandInRow.ref)
        .join(early, early.code == one.code)
        .join(late, late.code == two.code)
        .where(StandInRow.board == board, one.state == State.DONE, two.state == State.DONE)
        .where(~exists().where(flagged))
        .order_by(StandInRow.marker, StandInRow.criterion, StandInRow.ref)
    )
    return tuple(
        Repeat(marker, criterion, *((score, again) if first < then else (again, score)))
        for marker, criterion, score, again, first, then in db.execute(query)
    )
