"""What the gate refused, and why: kept for HR and told to the board's log, once a day for each marker."""

import json
from collections.abc import Sequence
from typing import Final

from flask import g, request
from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training.models import GateRefusalRow
from panel.blind.training.once import add_once
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId, MarkerId
from panel.web.context import database
from panel.web.errors import own_text, page

_CONFLICT: Final = 409
_SHUT: Final = "blind/training/shut.html"


def refused(error: Refused) -> tuple[str, int]:
    """The page of a shut gate. What the request did is undone first, then the refusal is kept by itself."""
    g.db.rollback()
    board = (request.view_args or {}).get("board")
    if board is not None and error.details:
        with database().writing("blind") as db:
            note(db, board, g.actor.id, error.details)
    return page(_CONFLICT, error.message, error.details, own_text(), _SHUT)


def note(db: Session, board: BoardId, marker: MarkerId, reasons: Sequence[str]) -> None:
    """Count a refusal; the first of a day goes to the log, which says how much is missing and not what."""
    kept = json.dumps(list(reasons), ensure_ascii=False)
    key = {"board": board, "marker": marker, "refused_on": today()}
    again = db.execute(
        update(GateRefusalRow)
        .where(*(getattr(GateRefusalRow, name) == value for name, value in key.items()))
        .values(count=GateRefusalRow.count + 1, reasons=kept)
    )
    assert isinstance(again, CursorResult)  # noqa: S101 - what an UPDATE returns; tells mypy
    if not again.rowcount and add_once(db, GateRefusalRow, key, count=1, reasons=kept):
        facts: dict[str, Json] = {"marker": str(marker), "reasons": len(reasons)}
        append(db, board, "gate.refused", marker, Role.MARKER, facts)
