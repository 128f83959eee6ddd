"""Tasks that leave their marker: she recognised the author, or dropped out; and the chair looks for markers again."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access.queries import markers
from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.allocation import further, reallocation
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.queries import Task
from panel.blind.allocation.reallocation import Passed
from panel.blind.marking import own_queries
from panel.blind.marking.apart import EVERYTHING
from panel.blind.marking.service import MARKED_IN, MarksFinal, drop_drafts
from panel.blind.seeding.service import demand_running
from panel.blind.submissions.queries import refs
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.encoding import Json
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, TaskCode


def recognise(db: Session, board: BoardId, marker: MarkerId, code: TaskCode) -> None:
    """The marker thinks she knows whose answer this is: no mark of it is kept, and it passes to somebody else.

    What she has not yet marked of the same submission passes on too. The log says that tasks passed on, not why and
    not from whom. It is all the same for a seed or a repeat. Raises WrongStage, Missing, MarksFinal, Paused.
    """
    held = take(db, board, *MARKED_IN)
    demand_running(db, board, marker)
    task = allocation.task(db, board, marker, code, lock=True)
    if own_queries.saved(db, task).signed or marker in allocation.relieved(db, board):
        raise MarksFinal
    for same in reallocation.same_submission(db, board, task):
        if same.criterion == task.criterion:
            _forget(db, same)
    passes_on = further.step_aside if held.stage is Stage.MODERATION else reallocation.step_aside
    passed = passes_on(db, held, task)
    drop_drafts(db, passed.codes)
    append(db, board, "tasks.reallocated", None, "system", _facts(passed))


def relieve(db: Session, board: BoardId, marker: MarkerId, actor: MarkerId, role: Role) -> Passed:
    """The chair passes on the open tasks of a marker who dropped out. What she has marked stands, signed or not.

    Raises WrongStage, and Missing unless she is on the panel.
    """
    held = take(db, board, Stage.MARKING)
    if marker not in _panel(db, board):
        raise Missing
    again = marker in allocation.relieved(db, board)
    passed = reallocation.relieve(db, held, marker)
    drop_drafts(db, passed.codes)
    if not again:
        append(db, board, "marker.relieved", actor, role, {"marker": str(marker), **_facts(passed)})
    return passed


def refill(db: Session, board: BoardId, actor: MarkerId, role: Role) -> Passed:
    """The chair looks again for markers of the answers that lack some: somebody may have qualified since.

    Raises WrongStage.
    """
    held = take(db, board, Stage.MARKING)
    dealt, shortfall = reallocation.refill(db, held, refs(db, board))
    passed = Passed((), dealt, shortfall)
    if dealt:
        append(db, board, "tasks.reallocated", actor, role, _facts(passed))
    return passed


def pass_on_further(db: Session, board: Board, answer: Answer) -> int:
    """The further mark of an answer has not come: what is kept of it is forgotten, and somebody else is asked.

    How many found another marker; none of it is logged here. Hold the board alone, in moderation.
    """
    gone = allocation.relieved(db, board.id)
    owed = [task for task in further.live_tasks(db, board.id, answer) if task.marker not in gone]
    owed = [task for task in owed if not own_queries.saved(db, task).signed]
    for task in owed:
        _forget(db, task)
    drop_drafts(db, [task.code for task in owed])
    return further.take_back(db, board, owed) if owed else 0


def _panel(db: Session, board: BoardId) -> Collection[MarkerId]:
    return {*markers(db, board, Role.MARKER), *allocation.loads(db, board)}


def _forget(db: Session, task: Task) -> None:
    for table in EVERYTHING:
        mine = (table.ref == task.ref) & (table.criterion == task.criterion) & (table.marker == task.marker)
        db.execute(delete(table).where(mine).execution_options(synchronize_session="fetch"))


def _facts(passed: Passed) -> dict[str, Json]:
    return {"tasks": len(passed.codes), "dealt": passed.dealt, "lacking": passed.shortfall.answers}
