"""How often a marker stepped aside, question by question. Counts only, and no reader before moderation."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.allocation.models import State, TaskRow
from panel.blind.allocation.queries import counts_only
from panel.kernel.ids import BoardId


def recognised(db: Session, board: BoardId) -> Mapping[str, int]:
    """How many tasks of each criterion ended because their marker recognised the writer; none is left out as zero."""
    query = (
        select(TaskRow.criterion, func.count())
        .where(TaskRow.board == board, TaskRow.state == State.STEPPED_ASIDE, counts_only(board))
        .group_by(TaskRow.criterion)
        .order_by(TaskRow.criterion)
    )
    return dict(db.execute(query).all())
