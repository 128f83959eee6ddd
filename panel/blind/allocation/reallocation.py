"""Tasks that pass on: their marker recognised the author, or dropped out. What is done stays done."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from panel.blind.allocation import pool_queries, queries
from panel.blind.allocation.assignment import UNMARKED, Assignment, place
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.models import ReliefRow, State, TaskRow
from panel.blind.allocation.queries import Load, Task
from panel.blind.allocation.service import deal, set_state
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.training.queries import qualified
from panel.board.queries import Board
from panel.kernel.clock import today
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode


@dataclass(frozen=True)
class Passed:
    """What happened: the tasks that left their marker, how many found another, and what nobody is left to mark."""

    codes: tuple[TaskCode, ...]
    dealt: int
    shortfall: Shortfall


def step_aside(db: Session, board: Board, task: Task) -> Passed:
    """The marker knows whose answer this is: it passes on, and so does all of that submission that she has not marked.

    Hold the board alone (`board.service.take`): two at once could deal one answer twice to the same marker.
    """
    others = [each.code for each in queries.tasks(db, board.id, task.marker, State.OPEN) if each.ref == task.ref]
    siblings = [code for code in others if code != task.code]
    set_state(db, siblings, State.WITHDRAWN)
    set_state(db, [task.code], State.STEPPED_ASIDE)
    return _passed(db, board, (task.code, *siblings), {task.ref})


def relieve(db: Session, board: Board, marker: MarkerId) -> Passed:
    """The marker has dropped out: her open tasks pass on, and she gets no more. Hold the board alone.

    Doing it twice changes nothing more.
    """
    if marker not in queries.relieved(db, board.id):
        db.execute(insert(ReliefRow).values(board=board.id, marker=marker))
    tasks = queries.tasks(db, board.id, marker, State.OPEN)
    codes = tuple(task.code for task in tasks)
    set_state(db, codes, State.WITHDRAWN)
    return _passed(db, board, codes, {task.ref for task in tasks})


def withdraw_all(db: Session, board: BoardId, ref: SubmissionRef) -> tuple[TaskCode, ...]:
    """Withdraw every task of a submission that is set aside, marked or not, and deal no others; which they were.

    Where a marker stepped aside her line stays: were it to go, she would learn of the one whom she had recognised.
    """
    here = (TaskRow.board == board) & (TaskRow.ref == ref) & TaskRow.state.in_(queries.LIVE)
    codes = tuple(db.scalars(select(TaskRow.code).where(here).order_by(TaskRow.code)))
    set_state(db, codes, State.WITHDRAWN)
    return codes


def refill(db: Session, board: Board, refs: Collection[SubmissionRef]) -> tuple[int, Shortfall]:
    """Deal what these submissions lack to whoever is qualified and free to mark it; how many tasks, and what is left.

    The least loaded come first. Hold the board alone.
    """
    planned = _plan(db, board, refs)
    dealt = deal(db, board, planned.markers, pool_queries.last_positions(db, board.id))
    return dealt, planned.shortfall


def trial(db: Session, board: Board, marker: MarkerId) -> Passed:
    """What `relieve` would do just now; changes nothing."""
    tasks = queries.tasks(db, board.id, marker, State.OPEN)
    planned = _plan(db, board, {task.ref for task in tasks}, without=marker)
    dealt = sum(map(len, planned.markers.values()))
    return Passed(tuple(task.code for task in tasks), dealt, planned.shortfall)


def _plan(db: Session, board: Board, refs: Collection[SubmissionRef], without: MarkerId | None = None) -> Assignment:
    holding = pool_queries.holding(db, board.id, refs)
    for holders in holding.values():
        if without in holders and holders[without] is State.OPEN:
            del holders[without]
    taken: dict[Answer, set[MarkerId]] = {answer: set(holders) for answer, holders in holding.items()}
    return seat(db, board, _demand(board, refs, holding), taken, without)


def seat(
    db: Session,
    board: Board,
    demand: Mapping[Answer, int],
    taken: Mapping[Answer, Set[MarkerId]],
    without: MarkerId | None = None,
) -> Assignment:
    """Who would take answers that want markers: of those who may mark today, but none who has or had the answer."""
    panel = {marker: load for marker, load in _panel(db, board).items() if marker != without}
    barred = _barred(db, board)
    covered = place(demand, _covered(db, board, barred, taken), panel, board.draw, taken=taken)
    return place(demand, barred, panel, board.draw, taken=taken) if covered.shortfall else covered


def _passed(db: Session, board: Board, codes: tuple[TaskCode, ...], refs: Set[SubmissionRef]) -> Passed:
    dealt, shortfall = refill(db, board, refs)
    return Passed(codes, dealt, shortfall)


def _demand(
    board: Board, refs: Collection[SubmissionRef], holding: Mapping[Answer, Mapping[MarkerId, State]]
) -> dict[Answer, int]:
    policy = board.policy
    lacking = {
        (ref, key): policy.markers_per_answer - _live(holding.get((ref, key), {}))
        for key in policy.keys
        for ref in refs
    }
    return {answer: count for answer, count in lacking.items() if count > 0}


def _live(holders: Mapping[MarkerId, State]) -> int:
    return sum(state in queries.LIVE for state in holders.values())


def _panel(db: Session, board: Board) -> dict[MarkerId, int]:
    """Everyone who may take a task today, with the tasks she has."""
    loads, gone = queries.loads(db, board.id), queries.relieved(db, board.id)
    return {marker: loads.get(marker, Load()).live for marker in qualified(db, board.id, today()) if marker not in gone}


def _barred(db: Session, board: Board) -> dict[SubmissionRef, Set[MarkerId]]:
    declared, aside = pool_queries.exclusions(db, board.id), pool_queries.aside(db, board.id)
    return {ref: {*declared.get(ref, ()), *aside.get(ref, ())} for ref in {*declared, *aside}}


def _covered(
    db: Session, board: Board, barred: Mapping[SubmissionRef, Set[MarkerId]], taken: Mapping[Answer, Set[MarkerId]]
) -> dict[SubmissionRef, Set[MarkerId]]:
    """Also leave alone what would let an exclusion stand out: see `assignment.UNMARKED`."""
    met = pool_queries.met(db, board.id)
    hers: dict[SubmissionRef, set[MarkerId]] = {}
    for (ref, _criterion), holders in taken.items():
        hers.setdefault(ref, set()).update(holders)
    covered = dict(barred)
    for marker in {marker for markers in barred.values() for marker in markers}:
        new = [ref for ref, holders in hers.items() if marker not in holders]
        if (board.submissions or 0) - met.get(marker, 0) - len(new) < UNMARKED:
            covered |= {ref: {*covered.get(ref, ()), marker} for ref in new}
    return covered
