"""Tasks as the blind side reads them. Exclusions leave this room only as counts, or as a leader who must stand back."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from panel.access.queries import markers as holders
from panel.access.roles import Role
from panel.blind.allocation.balance import Able
from panel.blind.allocation.models import ExclusionRow, ReliefRow, StandInRow, State, TaskRow
from panel.blind.allocation.overlap import Overlap, overlap
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.allocation.stand_in_queries import stand_in_refs
from panel.blind.submissions.models import State as Submission
from panel.blind.submissions.models import SubmissionRow
from panel.blind.submissions.queries import refs
from panel.board.queries import Board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode

#: Tasks that are marked or to be marked; and those a marker sees in her list.
LIVE: Final = (State.OPEN, State.DONE)
SHOWN: Final = (*LIVE, State.STEPPED_ASIDE)

Key = TypeVar("Key", BoardId, MarkerId)


@dataclass(frozen=True)
class Task:
    """One marker marks one answer. `position` counts from 1 within her tasks for the criterion.

    `real`: a candidate's answer, marked to count; else a seed or a repeat, which no page tells apart.
    """

    code: TaskCode
    marker: MarkerId
    ref: SubmissionRef
    criterion: str
    position: int
    state: State
    real: bool = True


@dataclass(frozen=True)
class Load:
    """How far one marker has come: counts of her tasks by state."""

    open: int = 0
    done: int = 0
    stepped_aside: int = 0
    withdrawn: int = 0
    returned: int = 0

    @property
    def ever(self) -> int:
        """Tasks she was ever given."""
        return self.open + self.done + self.stepped_aside + self.withdrawn + self.returned

    @property
    def live(self) -> int:
        """Tasks she has marked or is to mark."""
        return self.open + self.done


def task(db: Session, board: BoardId, marker: MarkerId, code: TaskCode, *, lock: bool = False) -> Task:
    """A marker's own task; with `lock` nobody else changes it until the transaction ends.

    Raises Missing, whether it is somebody else's, on another board, passed on, or not there at all.
    """
    query = (
        select(*_SEEN, _real())
        .where(TaskRow.code == code, TaskRow.board == board, TaskRow.marker == marker)
        .where(TaskRow.state.in_(LIVE))
    )
    row = db.execute(query.with_for_update(of=TaskRow) if lock else query).first()
    if row is None:
        raise Missing
    return _task(marker, *row)


def tasks(
    db: Session, board: BoardId, marker: MarkerId, *states: State, criteria: Collection[str] | None = None
) -> tuple[Task, ...]:
    """A marker's tasks by criterion and position; those in the given states, or all but the withdrawn ones."""
    query = (
        select(*_SEEN, _real())
        .where(TaskRow.board == board, TaskRow.marker == marker)
        .where(TaskRow.state.in_(states or SHOWN))
        .order_by(TaskRow.criterion, TaskRow.position)
    )
    if criteria is not None:
        query = query.where(TaskRow.criterion.in_(criteria))
    return tuple(_task(marker, *row) for row in db.execute(query))


def load(db: Session, board: BoardId, marker: MarkerId, criterion: str) -> Load:
    """How far a marker has come with one criterion."""
    query = (
        select(TaskRow.marker, TaskRow.state, func.count())
        .where(TaskRow.board == board, TaskRow.marker == marker, TaskRow.criterion == criterion)
        .group_by(TaskRow.marker, TaskRow.state)
        .order_by(TaskRow.marker)
    )
    return _loads(db.execute(query)).get(marker, Load())


def counts(db: Session, marker: MarkerId) -> Mapping[BoardId, Load]:
    """How far a marker has come, by board."""
    query = (
        select(TaskRow.board, TaskRow.state, func.count())
        .where(TaskRow.marker == marker)
        .group_by(TaskRow.board, TaskRow.state)
        .order_by(TaskRow.board)
    )
    return _loads(db.execute(query))


def loads(db: Session, board: BoardId, *, real: bool = False) -> Mapping[MarkerId, Load]:
    """Every marker with a task on the board, by id: all her tasks, or those that count, for whoever deals them out."""
    query = (
        select(TaskRow.marker, TaskRow.state, func.count())
        .where(TaskRow.board == board)
        .group_by(TaskRow.marker, TaskRow.state)
        .order_by(TaskRow.marker)
    )
    return _loads(db.execute(query.where(counts_only(board)) if real else query))


def relieved(db: Session, board: BoardId) -> frozenset[MarkerId]:
    """Markers who have dropped out of the board."""
    query = select(ReliefRow.marker).where(ReliefRow.board == board).order_by(ReliefRow.marker)
    return frozenset(db.scalars(query))


def relieved_on(db: Session, marker: MarkerId) -> frozenset[BoardId]:
    """The boards of which this marker has dropped out."""
    query = select(ReliefRow.board).where(ReliefRow.marker == marker).order_by(ReliefRow.board)
    return frozenset(db.scalars(query))


def shortfall(db: Session, board: Board) -> Shortfall:
    """How many answers of an allocated board lack how many markers just now."""
    held = (
        select(func.count().label("held"))
        .where(TaskRow.board == board.id, TaskRow.state.in_(LIVE), counts_only(board.id))
        .group_by(TaskRow.ref, TaskRow.criterion)
        .subquery()
    )
    rows = db.execute(select(held.c.held, func.count()).group_by(held.c.held).order_by(held.c.held))
    wanted, answers = board.policy.markers_per_answer, len(refs(db, board.id)) * len(board.policy.criteria)
    lacks = Counter({wanted - count: number for count, number in rows})
    lacks[wanted] = answers - lacks.total()
    return Shortfall.of(lacks)


def foreseen(db: Session, board: Board, able: Able) -> Shortfall:
    """What allocation to these markers would leave without a marker: for the readiness of closed → marking."""
    lacks: Counter[int] = Counter()
    for key in board.policy.keys:
        lacks.update(_lacking(db, board, [marker for marker, criteria in able.items() if key in criteria]))
    wanted = (board.submissions or 0) * len(board.policy.criteria) * board.policy.markers_per_answer
    return Shortfall.of(lacks).or_worse(_over(board, wanted, len(able)))


def _lacking(db: Session, board: Board, markers: Collection[MarkerId]) -> Counter[int]:
    """For each number of lacking markers, how many submissions lack that many, if only these may mark."""
    marked = board_refs(board.id).where(SubmissionRow.state != Submission.SET_ASIDE)
    query = (
        select(func.count())
        .select_from(ExclusionRow)
        .where(ExclusionRow.ref.in_(marked), ExclusionRow.marker.in_(list(markers)))
        .group_by(ExclusionRow.ref)
        .order_by(ExclusionRow.ref)
    )
    barred = Counter(db.scalars(query))
    barred[0] = len(refs(db, board.id)) - barred.total()
    lacks: Counter[int] = Counter()
    for count, submissions in barred.items():
        lacks[board.policy.markers_per_answer - (len(markers) - count)] += submissions
    return lacks


def shares(db: Session, board: BoardId) -> Overlap:
    """How far the board's markers can be compared just now: who shares answers with whom."""
    query = (
        select(TaskRow.ref, TaskRow.criterion, TaskRow.marker)
        .where(TaskRow.board == board, TaskRow.state.in_(LIVE), counts_only(board))
        .order_by(TaskRow.ref, TaskRow.criterion, TaskRow.marker)
    )
    found: dict[tuple[SubmissionRef, str], list[MarkerId]] = defaultdict(list)
    for ref, criterion, marker in db.execute(query):
        found[ref, criterion].append(marker)
    return overlap(found.values())


def excluded_leaders(db: Session, board: BoardId) -> frozenset[MarkerId]:
    """The chair and deputies whom at least one candidate declared: moderation passes whole to the others."""
    return declared(db, board, holders(db, board, Role.CHAIR, Role.DEPUTY))


def declared(db: Session, board: BoardId, people: Iterable[MarkerId]) -> frozenset[MarkerId]:
    """Those of these people whom at least one candidate of the board declared."""
    query = (
        select(ExclusionRow.marker)
        .where(ExclusionRow.marker.in_(list(people)), ExclusionRow.ref.in_(board_refs(board)))
        .distinct()
        .order_by(ExclusionRow.marker)
    )
    return frozenset(db.scalars(query))


def declared_by(db: Session, ref: SubmissionRef) -> frozenset[MarkerId]:
    """Everyone whom the candidate of one submission declared: for those who look for a second leader."""
    query = select(ExclusionRow.marker).where(ExclusionRow.ref == ref).order_by(ExclusionRow.marker)
    return frozenset(db.scalars(query))


def declared_on(db: Session, leader: MarkerId, boards: Collection[BoardId]) -> frozenset[BoardId]:
    """Those of the boards she leads on which at least one candidate declared her."""
    query = (
        select(SubmissionRow.board)
        .join(ExclusionRow, ExclusionRow.ref == SubmissionRow.ref)
        .where(ExclusionRow.marker == leader, SubmissionRow.board.in_(list(boards)))
        .distinct()
        .order_by(SubmissionRow.board)
    )
    return frozenset(db.scalars(query))


def counts_only(board: BoardId) -> ColumnElement[bool]:
    """Tasks for answers that candidates gave: neither seeds nor repeats."""
    return TaskRow.ref.not_in(stand_in_refs(board))


def board_refs(board: BoardId) -> Select[SubmissionRef]:
    return select(SubmissionRow.ref).where(SubmissionRow.board == board)


def _loads(rows: Iterable[tuple[Key, str, int]]) -> dict[Key, Load]:
    counts: dict[Key, dict[str, int]] = defaultdict(dict)
    for key, state, count in rows:
        counts[key][state] = count
    return {key: Load(**states) for key, states in counts.items()}


_SEEN: Final = (TaskRow.code, TaskRow.ref, TaskRow.criterion, TaskRow.position, TaskRow.state)


def _real() -> ColumnElement[bool]:
    return ~exists().where(StandInRow.ref == TaskRow.ref)


def _task(
    marker: MarkerId,
    code: TaskCode,
    ref: SubmissionRef,
    criterion: str,
    position: int,
    state: str,
    real: bool,
) -> Task:
    return Task(code, marker, ref, criterion, position, State(state), bool(real))


def _over(board: Board, wanted: int, markers: int) -> Shortfall:
    """What the load cap leaves without a marker, spread as evenly as the allocator spreads it."""
    cap = board.policy.conduct.load_cap
    answers = (board.submissions or 0) * len(board.policy.criteria)
    over = 0 if cap is None else wanted - cap * markers
    if over <= 0 or not answers:
        return Shortfall()
    each, more = divmod(over, answers)
    return Shortfall.of({each: answers - more, each + 1: more})
