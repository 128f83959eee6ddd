"""How markers did on their seeds, and who is paused. Nothing here tells a marker which task was a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from panel.blind.allocation.models import StandInRow, State, TaskRow
from panel.blind.allocation.queries import relieved
from panel.blind.seeding.drift import SeedMark
from panel.blind.seeding.models import PauseRow, StandInMarkRow, TurnRow
from panel.blind.training.models import ScriptRow
from panel.blind.training.practice import Distance
from panel.board.queries import Board
from panel.kernel.ids import BoardId, MarkerId, TaskCode


@dataclass(frozen=True)
class Pause:
    """One pause of a marker. `since`: how many turns she had had when her last pause ended, 0 if there was none."""

    marker: MarkerId
    round: int
    holds: int
    began_on: date
    ended: int | None
    note: str
    since: int = 0


def seeds(db: Session, board: Board, marker: MarkerId | None = None) -> tuple[SeedMark, ...]:
    """Every seed that has been marked, by marker and turn: (marker, given, agreed) for whoever compares them."""
    query = (
        select(StandInMarkRow.marker, StandInMarkRow.criterion, TurnRow.turn, StandInMarkRow.score, ScriptRow.agreed)
        .join(StandInRow, StandInRow.ref == StandInMarkRow.ref)
        .join(ScriptRow, ScriptRow.id == StandInRow.script)
        .join(TaskRow, (TaskRow.ref == StandInMarkRow.ref) & (TaskRow.state == State.DONE))
        .join(TurnRow, TurnRow.code == TaskRow.code)
        .where(StandInMarkRow.board == board.id)
        .order_by(StandInMarkRow.marker, TurnRow.turn)
    )
    if marker is not None:
        query = query.where(StandInMarkRow.marker == marker)
    tolerance = board.policy.tolerance
    return tuple(
        SeedMark(whose, criterion, turn, Distance(given, agreed, tolerance))
        for whose, criterion, turn, given, agreed in db.execute(query)
    )


def turns(db: Session, board: BoardId, marker: MarkerId) -> Mapping[TaskCode, int]:
    """In which turn this marker last saved a mark for each task."""
    query = select(TurnRow.code, TurnRow.turn).where(TurnRow.board == board, TurnRow.marker == marker)
    return dict(db.execute(query.order_by(TurnRow.code)).all())


def last_turn(db: Session, board: BoardId, marker: MarkerId) -> int:
    """How many marks this marker has saved, each change of mind counted."""
    here = (TurnRow.board == board) & (TurnRow.marker == marker)
    return db.scalar(select(func.max(TurnRow.turn)).where(here)) or 0


def pauses(db: Session, board: BoardId, marker: MarkerId) -> tuple[Pause, ...]:
    """A marker's pauses, oldest first."""
    query = select(PauseRow).where(PauseRow.board == board, PauseRow.marker == marker).order_by(PauseRow.round)
    found: list[Pause] = []
    for row in db.scalars(query.execution_options(populate_existing=True)):
        since = (found[-1].ended or 0) if found else 0
        found.append(Pause(row.marker, row.round, row.holds, row.began_on, row.ended, row.note, since))
    return tuple(found)


def running(db: Session, board: BoardId) -> Mapping[MarkerId, date]:
    """Since when markers are paused, whether or not it holds them up yet; those who have dropped out are not."""
    gone = relieved(db, board)
    query = select(PauseRow.marker, PauseRow.began_on).where(PauseRow.board == board, PauseRow.ended.is_(None))
    return {marker: began_on for marker, began_on in db.execute(query.order_by(PauseRow.marker)) if marker not in gone}


def begun(db: Session, board: BoardId) -> int:
    """How many pauses there have been on a board, ended ones too."""
    return db.scalar(select(func.count()).where(PauseRow.board == board)) or 0


def paused(db: Session, board: BoardId, marker: MarkerId) -> bool:
    """Whether a pause holds this marker up: its turn has come, or she has nothing left to mark before it."""
    here = (PauseRow.board == board) & (PauseRow.marker == marker) & PauseRow.ended.is_(None)
    holds = db.scalar(select(PauseRow.holds).where(here))
    if holds is None:
        return False
    left = exists().where(TaskRow.board == board, TaskRow.marker == marker, TaskRow.state == State.OPEN)
    return last_turn(db, board, marker) >= holds or not db.scalar(select(left))
