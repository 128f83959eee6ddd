"""Appending to a log, inside the transaction of what is being logged. Never imports `heads`: blind appends too."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.audit.entry import body
from panel.audit.merkle import Frontier, leaf
from panel.audit.models import LogEntry, LogHead
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Stale
from panel.kernel.ids import BoardId, MarkerId


class LogMoved(Stale):
    """Another transaction appended to the same log between our read and our write; nothing was saved."""

    sentence = "Somebody else changed this board at the same moment. Nothing was saved. Try again."


def append(db: Session, log: BoardId, kind: str, actor: MarkerId | None, role: str, facts: Mapping[str, Json]) -> None:
    """Add one entry to a log. Call it last in a transaction; one that writes to two logs takes the board's first.

    `facts` are ids, numbers and digests as text, counts and dates: never a name, never a time of day.
    Raises LogMoved if another transaction got there first.
    """
    db.flush()
    head = _head(db, log)
    written = body(log, head.size, kind, actor=actor, role=role, on=today(), facts=facts)
    entry = leaf(written)
    db.execute(insert(LogEntry).values(log=log, seq=head.size, body=written, leaf=entry))
    _swap(db, log, head, head.append(entry))


def hold(db: Session, log: BoardId) -> None:
    """Keep a log as it is until the transaction ends, for whoever counts its entries before appending another."""
    _head(db, log)


def _head(db: Session, log: BoardId) -> Frontier:
    """The head, locked until the transaction ends; a log's first entry makes the row."""
    query = select(LogHead.size, LogHead.frontier).where(LogHead.log == log).with_for_update()
    row = db.execute(query).first()
    if row is None:
        _begin(db, log)
        row = db.execute(query).one()
    return Frontier.from_bytes(row.size, row.frontier)


def _begin(db: Session, log: BoardId) -> None:
    try:
        with db.begin_nested():
            db.execute(insert(LogHead).values(log=log, size=0, frontier=b""))
    except IntegrityError:
        # Two first entries at once: the other one made the row and has committed, so ours comes after it.
        return


def _swap(db: Session, log: BoardId, before: Frontier, after: Frontier) -> None:
    """Compare and swap: the head must still be the one the entry was numbered from."""
    changed = db.execute(
        update(LogHead)
        .where(LogHead.log == log, LogHead.size == before.size, LogHead.frontier == before.to_bytes())
        .values(size=after.size, frontier=after.to_bytes())
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], changed).rowcount != 1:
        raise LogMoved
