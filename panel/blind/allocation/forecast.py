"""What dealing out would bring, told before it is done: the draw makes it the same then."""

from typing import Final

from sqlalchemy.orm import Session

from panel.blind.allocation import pool_queries
from panel.blind.allocation.assignment import assign
from panel.blind.allocation.overlap import Overlap, overlap
from panel.blind.allocation.service import present
from panel.blind.submissions.queries import refs
from panel.board.queries import Board

#: Beyond so many tasks a page is not kept waiting; so large a panel is joined up as soon as its tasks are dealt.
_TASKS: Final = 20_000


def forecast(db: Session, board: Board) -> Overlap | None:
    """How far the panel could be compared if marking started now; None where that takes too long to say."""
    policy, answers = board.policy, refs(db, board.id)
    if len(answers) * len(policy.keys) * policy.markers_per_answer > _TASKS:
        return None
    given = assign(
        answers,
        policy.keys,
        present(db, board.id),
        pool_queries.exclusions(db, board.id),
        per_answer=policy.markers_per_answer,
        draw=board.draw,
        sharing=policy.conduct.sharing,
        cap=policy.conduct.load_cap,
    )
    return overlap(given.markers.values())
