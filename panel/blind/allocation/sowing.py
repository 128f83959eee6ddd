"""Seeds and repeats go into the queues together with the answers that are dealt, and by the same lot."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import insert
from sqlalchemy.orm import Session

from panel.blind.allocation import stand_in_queries
from panel.blind.allocation.models import StandInRow
from panel.blind.allocation.planting import Batch, planted
from panel.blind.training.seed_queries import available
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.kernel.ids import MarkerId, SubmissionRef

#: For each marker and criterion, the refs that she is dealt.
Hers: TypeAlias = Mapping[tuple[MarkerId, str], Sequence[SubmissionRef]]


def sow(db: Session, board: Board, hers: Hers) -> dict[tuple[MarkerId, str], list[SubmissionRef]]:
    """Make what the policy slips in among these answers; returns all refs, in no order.

    Nothing is slipped in among what a further marker gets once moderation runs: seeds watch the marking.
    """
    conduct = board.policy.conduct
    if board.stage.reached(Stage.MODERATION) or not (conduct.seed_every or conduct.repeat_every):
        return {key: list(refs) for key, refs in hers.items()}
    scripts = available(db, board.id)
    had = stand_in_queries.met(db, board.id)
    held = stand_in_queries.answers_held(db, board.id, {marker for marker, _criterion in hers})
    grown, rows = {}, []
    for (marker, criterion), refs in hers.items():
        met = had.get((marker, criterion), ())
        batch = Batch(
            marker,
            criterion,
            refs,
            held.get((marker, criterion), 0) + len(refs),
            frozenset(each.script for each in met if each.script),
            frozenset(each.original for each in met if each.original),
        )
        found = planted(board.draw, batch, scripts.get(criterion, ()), conduct)
        grown[marker, criterion] = [*refs, *(each.ref for each in found)]
        rows += [{**vars(each), "board": board.id, "marker": marker, "criterion": criterion} for each in found]
    if rows:
        waiting = stand_in_queries.flagged(db, board.id)
        rows.sort(key=lambda row: row["ref"])
        db.execute(insert(StandInRow), [{**row, "flagged": row["script"] in waiting} for row in rows])
    return grown
