"""Boards as the rest of the system reads them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.policy import Policy
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId


@dataclass(frozen=True)
class Board:
    """One board. `deadline` is UTC; roots are 32 bytes, None until the stage that fixes them."""

    id: BoardId
    title: str
    stage: Stage
    policy_json: str
    policy_digest: bytes | None
    deadline: datetime | None
    draw: bytes
    lodged_root: bytes | None
    roll_root: bytes | None
    submissions: int | None
    marks_root: bytes | None
    closed_on: date | None
    published_on: date | None
    scrubbed_on: date | None
    backups_destroyed_on: date | None
    weakness_acknowledged_on: date | None

    @property
    def policy(self) -> Policy:
        """The rules; a draft's may be incomplete, and `completeness.problems` says what they lack. Raises Malformed."""
        return _policy(self.policy_json)


def board(db: Session, board_id: BoardId) -> Board:
    """One board. Raises Missing."""
    row = db.get(BoardRow, board_id, populate_existing=True)
    if row is None:
        raise Missing
    return _card(row)


def boards(db: Session, ids: Iterable[BoardId] | None = None) -> tuple[Board, ...]:
    """The boards asked for, or all of them, by title."""
    query = select(BoardRow).order_by(BoardRow.title, BoardRow.id)
    if ids is not None:
        query = query.where(BoardRow.id.in_(list(ids)))
    return tuple(_card(row) for row in db.scalars(query))


@lru_cache(maxsize=32)
def _policy(text: str) -> Policy:
    # the text is the key, so a changed draft is read anew; an open board's rules are parsed once, not at every mark
    return Policy.from_json(json.loads(text))


def _card(row: BoardRow) -> Board:
    return Board(
        id=row.id,
        title=row.title,
        stage=Stage(row.stage),
        policy_json=row.policy,
        policy_digest=row.policy_digest,
        deadline=_utc(row.deadline),
        draw=row.draw,
        lodged_root=row.lodged_root,
        roll_root=row.roll_root,
        submissions=row.submissions,
        marks_root=row.marks_root,
        closed_on=row.closed_on,
        published_on=row.published_on,
        scrubbed_on=row.scrubbed_on,
        backups_destroyed_on=row.backups_destroyed_on,
        weakness_acknowledged_on=row.weakness_acknowledged_on,
    )


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    # SQLite keeps no zone: what was stored was UTC
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
