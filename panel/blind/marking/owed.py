"""On which boards a marker still has something to do: for a list of all her boards, in a fixed number of queries."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State, TaskRow
from panel.blind.marking.apart import MARKS
from panel.blind.marking.models import SheetRow
from panel.kernel.ids import BoardId, MarkerId


@dataclass(frozen=True)
class Owed:
    """`to_mark`: where answers wait for her mark, or marks for her signature. `signed`: where she has signed all."""

    to_mark: AbstractSet[BoardId]
    signed: AbstractSet[BoardId]


def owed(db: Session, marker: MarkerId) -> Owed:
    """Whatever the stage of her boards is."""
    waiting = {board for board, load in allocation.counts(db, marker).items() if load.open} | _unsigned(db, marker)
    to_mark = waiting - allocation.relieved_on(db, marker)
    sheets = db.scalars(select(SheetRow.board).where(SheetRow.marker == marker).order_by(SheetRow.board))
    return Owed(to_mark, set(sheets) - waiting)


def _unsigned(db: Session, marker: MarkerId) -> set[BoardId]:
    """Where marks wait for her signature; those whose task was withdrawn wait for nothing."""
    found: set[BoardId] = set()
    for table in MARKS:
        same = (TaskRow.ref == table.ref) & (TaskRow.criterion == table.criterion) & (TaskRow.marker == table.marker)
        query = select(table.board).where(table.marker == marker, table.signed.is_(False))
        done = exists().where(same, TaskRow.state == State.DONE)
        found.update(db.scalars(query.where(done).distinct().order_by(table.board)))
    return found
