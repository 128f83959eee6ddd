"""What dealing out would bring, told before it is done: the draw makes it the same then."""

from typing import Final

from sqlalchemy.orm import Session

from panel.blind.allocation.overlap import Overlap, overlap
from panel.blind.allocation.service import planned, present
from panel.blind.submissions.queries import refs
from panel.board.queries import Board

#: Beyond so many tasks a page is not kept waiting; so large a panel is joined up as soon as its tasks are dealt.
_TASKS: Final = 20_000


def forecast(db: Session, board: Board) -> Overlap | None:
    """How far the panel could be compared if marking started now; None where that takes too long to say."""
    policy = board.policy
    if len(refs(db, board.id)) * len(policy.keys) * policy.markers_per_answer > _TASKS:
        return None
    return overlap(planned(db, board, present(db, board.id)).markers.values())
