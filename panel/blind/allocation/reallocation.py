"""Tasks that pass on: their marker recognised the author, or dropped out. What is done stays done."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from panel.blind.allocation import pool_queries, queries, stand_in_queries
from panel.blind.allocation.assignment import UNMARKED, Assignment, Rules, place
from panel.blind.allocation.balance import Able, Answer
from panel.blind.allocation.lots import shuffled
from panel.blind.allocation.models import ReliefRow, StandInRow, State, TaskRow
from panel.blind.allocation.queries import Load, Task
from panel.blind.allocation.service import deal, present, set_state
from panel.blind.allocation.sharing import Units
from panel.blind.allocation.shortfall import Shortfall
from panel.board.queries import Board
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
    same = same_submission(db, board.id, task)
    aside = [each.code for each in same if each.criterion == task.criterion]
    siblings = [each.code for each in same if each.code not in aside and each.state is State.OPEN]
    set_state(db, siblings, State.WITHDRAWN)
    set_state(db, aside, State.STEPPED_ASIDE)
    return _passed(db, board, (*aside, *siblings), {each.ref for each in same})


def same_submission(db: Session, board: BoardId, task: Task) -> tuple[Task, ...]:
    """All tasks that the marker has of the submission behind this one, itself and repeats among them."""
    behind = stand_in_queries.behind(db, board, task.marker)
    own = {ref: each.original or ref for ref, each in behind.items()}
    here = own.get(task.ref, task.ref)
    tasks = queries.tasks(db, board, task.marker, *queries.LIVE)
    return tuple(each for each in tasks if own.get(each.ref, each.ref) == here)


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
    repeats = select(StandInRow.ref).where(StandInRow.original == ref)
    behind = (TaskRow.ref == ref) | TaskRow.ref.in_(repeats)
    here = (TaskRow.board == board) & behind & TaskRow.state.in_(queries.LIVE)
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
    tasks = [task for task in queries.tasks(db, board.id, marker, State.OPEN) if task.real]
    planned = _plan(db, board, {task.ref for task in tasks}, without=marker)
    dealt = sum(map(len, planned.markers.values()))
    return Passed(tuple(task.code for task in tasks), dealt, planned.shortfall)


def _plan(db: Session, board: Board, refs: Collection[SubmissionRef], without: MarkerId | None = None) -> Assignment:
    holding = pool_queries.holding(db, board.id, refs)
    for holders in holding.values():
        if without in holders and holders[without] is State.OPEN:
            del holders[without]
    taken: dict[Answer, set[MarkerId]] = {answer: set(holders) for answer, holders in holding.items()}
    return seat(db, board, lacking(board, refs, holding), taken, without)


def seat(
    db: Session,
    board: Board,
    demand: Mapping[Answer, int],
    held: Mapping[Answer, Set[MarkerId]],
    without: MarkerId | None = None,
) -> Assignment:
    """Who would take answers that want markers: of those who may mark today, but none who has or had the answer."""
    policy, able = board.policy, present(db, board.id)
    units = Units.of(policy.conduct.sharing, policy.keys)
    rules = Rules(units.able(able, policy.keys), units.limit(policy.conduct.load_cap))
    panel = units.loads({marker: load for marker, load in _panel(db, board, able).items() if marker != without})
    barred = pool_queries.barred(db, board.id)
    wanted, taken = units.gather(demand), units.taken(held, demand)
    found = place(wanted, _covered(db, board, barred, held), panel, board.draw, rules, taken=taken)
    if found.shortfall:
        found = place(wanted, barred, panel, board.draw, rules, taken=taken)
    return found.each(units, demand)


def _passed(db: Session, board: Board, codes: tuple[TaskCode, ...], refs: Set[SubmissionRef]) -> Passed:
    dealt, shortfall = refill(db, board, refs - stand_in_queries.not_answers(db, board.id))
    return Passed(codes, dealt, shortfall)


def lacking(
    board: Board, refs: Collection[SubmissionRef], holding: Mapping[Answer, Mapping[MarkerId, State]]
) -> dict[Answer, int]:
    """How many markers each answer of these submissions lacks, in the order in which the draw places them."""
    policy, order = board.policy, shuffled(board.draw, b"submission", refs)
    wanted = {
        (ref, key): policy.markers_per_answer - _live(holding.get((ref, key), {}))
        for key in policy.keys
        for ref in order
    }
    return {answer: count for answer, count in wanted.items() if count > 0}


def _live(holders: Mapping[MarkerId, State]) -> int:
    return sum(state in queries.LIVE for state in holders.values())


def _panel(db: Session, board: Board, able: Able) -> dict[MarkerId, int]:
    """Everyone who may take a task today, with the tasks she has."""
    loads = queries.loads(db, board.id, real=True)
    return {marker: loads.get(marker, Load()).live for marker in able}


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
