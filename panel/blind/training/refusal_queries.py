"""What the gate refused, read by HR: who, on which board and day, how often, and what was missing."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.training.models import GateRefusalRow
from panel.kernel.ids import BoardId, MarkerId


@dataclass(frozen=True)
class Refusal:
    """What the gate refused one marker on one day, and the sentences it last said."""

    board: BoardId
    marker: MarkerId
    on: date
    count: int
    reasons: tuple[str, ...]


def refusals(db: Session) -> tuple[Refusal, ...]:
    """Every refusal, the latest day first."""
    query = select(GateRefusalRow).order_by(
        GateRefusalRow.refused_on.desc(), GateRefusalRow.board, GateRefusalRow.marker
    )
    return tuple(
        Refusal(row.board, row.marker, row.refused_on, row.count, tuple(json.loads(row.reasons)))
        for row in db.scalars(query)
    )
