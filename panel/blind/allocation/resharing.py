"""The chair hands open tasks over by a list: every row is looked at before any is acted on.

A row that would give somebody an answer she may not have says so in the same words whatever the reason. A few
submissions are closed to every panel member besides those she is kept from, so that being refused tells of nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.allocation import pool_queries, queries, sheet
from panel.blind.allocation.assignment import cover
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.models import State, TaskRow
from panel.blind.allocation.queries import Load
from panel.blind.allocation.rows_check import Change, Table
from panel.blind.allocation.service import deal, present, set_state
from panel.blind.allocation.stand_in_queries import not_answers
from panel.blind.submissions.queries import refs
from panel.blind.training.practice import panel_code
from panel.board.conduct import Sharing
from panel.board.queries import Board
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode


@dataclass(frozen=True)
class Trial:
    """What a list would do: the tasks that change hands, the lightest and heaviest load after it, and its errors."""

    changes: tuple[Change, ...] = ()
    errors: tuple[str, ...] = ()
    loads: tuple[int, int] = (0, 0)


def listed(db: Session, board: Board) -> str:
    """Who marks what just now, seeds and repeats among it: a list without them would show which they are."""
    rows = _tasks(db, board.id)
    return sheet.write(
        (code, criterion, panel_code(board.draw, marker)) for code, ((_ref, criterion), marker, _) in rows.items()
    )


def trial(db: Session, board: Board, text: str) -> Trial:
    """What a list would do, or every row's error with its line number; changes nothing."""
    if board.policy.conduct.sharing is Sharing.SUBMISSION:
        return Trial(errors=("This board deals out whole submissions, and a list of tasks would part them.",))
    rows, faults = sheet.read(text)
    table, errors, changes = _table(db, board), list(faults), []
    for row in rows:
        if fault := table.fault(row):
            errors.append(f"Line {row.line}: {fault}.")
        elif change := table.take(row):
            changes.append(change)
    loads = _after(db, board, changes)
    errors += _too_heavy(board, loads, {change.taker for change in changes})
    return Trial(tuple(changes), tuple(errors), (min(loads.values(), default=0), max(loads.values(), default=0)))


def hand_over(db: Session, board: Board, changes: Iterable[Change]) -> int:
    """Do what the trial said: each task leaves its marker, and another is made; how many. Hold the board alone."""
    moved = tuple(changes)
    set_state(db, [change.code for change in moved], State.WITHDRAWN)
    given: dict[Answer, tuple[MarkerId, ...]] = {}
    for change in moved:
        given[change.answer] = (*given.get(change.answer, ()), change.taker)
    return deal(db, board, given, pool_queries.last_positions(db, board.id))


def _table(db: Session, board: Board) -> Table:
    free, tasks = present(db, board.id), _tasks(db, board.id)
    has: dict[Answer, set[MarkerId]] = {
        answer: set(holders) for answer, holders in pool_queries.holding(db, board.id, refs(db, board.id)).items()
    }
    for answer, marker, _state in tasks.values():
        has.setdefault(answer, set()).add(marker)
    members = {panel_code(board.draw, marker): marker for marker in {*free, *queries.loads(db, board.id)}}
    apart = not_answers(db, board.id)
    return Table(tasks, members, set(free), _closed(db, board, free), apart, has)


def _closed(db: Session, board: Board, free: Iterable[MarkerId]) -> Mapping[SubmissionRef, Set[MarkerId]]:
    """Declared and recognised, hidden among as many others for everybody: see `assignment.UNMARKED`."""
    barred = pool_queries.barred(db, board.id)
    everybody, submissions = sorted(free), refs(db, board.id)
    for marker in everybody:
        barred = cover(barred, marker, submissions, everybody, board.draw)
    return barred


def _tasks(db: Session, board: BoardId) -> dict[TaskCode, tuple[Answer, MarkerId, State]]:
    columns = TaskRow.code, TaskRow.ref, TaskRow.criterion, TaskRow.marker, TaskRow.state
    query = select(*columns).where(TaskRow.board == board, TaskRow.state.in_(queries.LIVE)).order_by(TaskRow.code)
    return {code: ((ref, key), marker, State(state)) for code, ref, key, marker, state in db.execute(query)}


def _after(db: Session, board: Board, changes: Iterable[Change]) -> Mapping[MarkerId, int]:
    held = queries.loads(db, board.id, real=True)
    loads = Counter({marker: held.get(marker, Load()).live for marker in present(db, board.id)})
    for change in changes:
        loads[change.taker] += 1
        loads[change.giver] -= change.giver in loads
    return loads


def _too_heavy(board: Board, loads: Mapping[MarkerId, int], takers: Set[MarkerId]) -> list[str]:
    cap = board.policy.conduct.load_cap
    codes = sorted(panel_code(board.draw, marker) for marker in takers if cap is not None and loads[marker] > cap)
    return [f"PM-{code} would have more than {cap} answers, the most on this board." for code in codes]
