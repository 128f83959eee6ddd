"""What lies behind tasks that count for nobody. The same statements are read whether a task is one of them or not."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from panel.blind.allocation.models import StandInRow, State, TaskRow
from panel.blind.submissions.queries import shown_answers
from panel.blind.training.models import ScriptRow
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, ScriptId, SubmissionRef


@dataclass(frozen=True)
class Behind:
    """One marker's seed or repeat for one criterion."""

    ref: SubmissionRef
    criterion: str
    script: ScriptId | None
    original: SubmissionRef | None
    flagged: bool


def stand_in_refs(board: BoardId) -> Select[SubmissionRef]:
    """The refs that no submission has, for a query over tasks that count."""
    return select(StandInRow.ref).where(StandInRow.board == board)


def not_answers(db: Session, board: BoardId) -> frozenset[SubmissionRef]:
    """The same refs, read."""
    return frozenset(db.scalars(stand_in_refs(board).order_by(StandInRow.ref)))


def behind(db: Session, board: BoardId, marker: MarkerId) -> Mapping[SubmissionRef, Behind]:
    """All of one marker's, by their own ref."""
    query = (
        select(StandInRow.ref, StandInRow.criterion, StandInRow.script, StandInRow.original, StandInRow.flagged)
        .where(StandInRow.board == board, StandInRow.marker == marker)
        .order_by(StandInRow.ref)
    )
    return {row.ref: Behind(*row) for row in db.execute(query)}


def shown_texts(db: Session, ref: SubmissionRef, criterion: str) -> Mapping[str, str]:
    """The answers behind a task's ref, by criterion key, whatever lies behind it. Raises Missing."""
    query = (
        select(StandInRow.original, ScriptRow.answer)
        .outerjoin(ScriptRow, ScriptRow.id == StandInRow.script)
        .where(StandInRow.ref == ref)
    )
    original, sample = db.execute(query).one_or_none() or (None, None)
    try:
        return shown_answers(db, original or ref)
    except Missing:
        if sample is None:
            raise
        return {criterion: sample.strip()}


def met(db: Session, board: BoardId) -> Mapping[tuple[MarkerId, str], tuple[Behind, ...]]:
    """What each marker was ever dealt for each criterion."""
    query = select(StandInRow).where(StandInRow.board == board).order_by(StandInRow.ref)
    found: dict[tuple[MarkerId, str], list[Behind]] = defaultdict(list)
    for row in db.scalars(query):
        found[row.marker, row.criterion].append(Behind(row.ref, row.criterion, row.script, row.original, row.flagged))
    return {key: tuple(each) for key, each in found.items()}


def answers_held(db: Session, board: BoardId, markers: Collection[MarkerId]) -> Mapping[tuple[MarkerId, str], int]:
    """How many answers that count each of these markers has for each criterion."""
    query = (
        select(TaskRow.marker, TaskRow.criterion, func.count())
        .where(TaskRow.board == board, TaskRow.marker.in_(list(markers)))
        .where(TaskRow.state.in_([State.OPEN, State.DONE]), TaskRow.ref.not_in(stand_in_refs(board)))
        .group_by(TaskRow.marker, TaskRow.criterion)
        .order_by(TaskRow.marker, TaskRow.criterion)
    )
    return {(marker, criterion): count for marker, criterion, count in db.execute(query)}


def slipped_in(db: Session, board: BoardId) -> tuple[int, int]:
    """How many seeds and how many repeats have been dealt."""
    here = StandInRow.board == board
    query = select(func.count(StandInRow.script), func.count(StandInRow.original)).where(here)
    seeds, repeats = db.execute(query).one()
    return seeds, repeats


def flagged(db: Session, board: BoardId) -> frozenset[ScriptId]:
    """The seeds of which a marker says that they name somebody."""
    here = (StandInRow.board == board) & StandInRow.flagged
    return frozenset(
        each for each in db.scalars(select(StandInRow.script).where(here).order_by(StandInRow.ref)) if each
    )
