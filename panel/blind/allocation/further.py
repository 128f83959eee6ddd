"""Once moderation runs, an answer may go to a further marker: one more task for it, by the board's draw."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.allocation import pool_queries, queries
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.lots import lot
from panel.blind.allocation.models import State, TaskRow
from panel.blind.allocation.queries import Task
from panel.blind.allocation.reallocation import Passed, seat
from panel.blind.allocation.service import deal, set_state
from panel.blind.allocation.shortfall import Shortfall
from panel.board.queries import Board
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef

_PURPOSE: Final = b"further"


def deal_further(db: Session, board: Board, answers: Collection[Answer]) -> tuple[int, Shortfall]:
    """Deal each of these answers to one more marker, the least loaded first; how many found one, and what is left.

    Nobody gets an answer that she ever had, or of whose writer she stepped aside. Hold the board alone.
    """
    demand = dict.fromkeys(sorted(answers, key=lambda each: _lot(board, each)), 1)
    planned = seat(db, board, demand, _had(db, board.id, {ref for ref, _criterion in answers}))
    dealt = deal(db, board, planned.markers, pool_queries.last_positions(db, board.id))
    return dealt, planned.shortfall


def step_aside(db: Session, board: Board, task: Task) -> Passed:
    """A further marker knows whose answer this is: each answer of that submission she has not marked passes on."""
    mine = [each for each in queries.tasks(db, board.id, task.marker, State.OPEN) if each.ref == task.ref]
    siblings = [each for each in mine if each.code != task.code]
    set_state(db, [each.code for each in siblings], State.WITHDRAWN)
    set_state(db, [task.code], State.STEPPED_ASIDE)
    dealt, lacking = deal_further(db, board, {(each.ref, each.criterion) for each in (task, *siblings)})
    return Passed((task.code, *(each.code for each in siblings)), dealt, lacking)


def take_back(db: Session, board: Board, tasks: Collection[Task]) -> int:
    """Tasks whose further marker does not come to them pass to others; how many found one. Hold the board alone."""
    set_state(db, [task.code for task in tasks], State.WITHDRAWN)
    dealt, _lacking = deal_further(db, board, {(task.ref, task.criterion) for task in tasks})
    return dealt


def live_tasks(db: Session, board: BoardId, answer: Answer) -> tuple[Task, ...]:
    """Everybody's tasks for one answer, marked or to be marked, by code."""
    ref, criterion = answer
    here = (TaskRow.board == board) & (TaskRow.ref == ref) & (TaskRow.criterion == criterion)
    columns = TaskRow.code, TaskRow.marker, TaskRow.position, TaskRow.state
    rows = db.execute(select(*columns).where(here, TaskRow.state.in_(queries.LIVE)).order_by(TaskRow.code))
    return tuple(Task(code, marker, ref, criterion, position, State(state)) for code, marker, position, state in rows)


def _had(db: Session, board: BoardId, refs: Collection[SubmissionRef]) -> dict[Answer, set[MarkerId]]:
    """Who ever had a task for each answer of these submissions: one from whom it was taken back gets it no more."""
    found: dict[Answer, set[MarkerId]] = {}
    query = select(TaskRow.ref, TaskRow.criterion, TaskRow.marker).where(TaskRow.board == board)
    for ref, criterion, marker in db.execute(query.where(TaskRow.ref.in_(list(refs))).order_by(TaskRow.code)):
        found.setdefault((ref, criterion), set()).add(marker)
    return found


def _lot(board: Board, answer: Answer) -> bytes:
    return lot(board.draw, _PURPOSE, answer[0], answer[1].encode())
