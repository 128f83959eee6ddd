"""Marks made since the last good seed are made again, by her or by somebody else. Every mark stays as a revision."""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.allocation import reallocation
from panel.blind.allocation.lots import lot
from panel.blind.allocation.models import State
from panel.blind.allocation.queries import Task
from panel.blind.allocation.service import set_state
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.allocation.stand_in_queries import not_answers
from panel.blind.marking.apart import mark_table
from panel.blind.marking.models import MarkDraftRow
from panel.blind.marking.own_queries import saved
from panel.blind.marking.pausing import HeldUp, standing
from panel.blind.marking.service import drop_drafts
from panel.blind.seeding.service import forget_turns
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId, MarkerId, TaskCode

#: How many bytes of a lot make a share: enough that all of them go where all marks do, and none where none does.
_DRAWN: Final = 8


class Again(StrEnum):
    """Who marks them again."""

    HERSELF = "herself"
    OTHERS = "others"


class DroppedOut(Refused):
    """She marks no more on this board."""

    sentence = "This panel member has dropped out. Give the answers to others of the panel."


def send_back(
    db: Session,
    board: BoardId,
    marker: MarkerId,
    codes: Collection[TaskCode],
    again: Again,
    actor: MarkerId,
    role: Role,
) -> Shortfall:
    """Have a paused marker's unsigned marks since her last good seed made anew; what found nobody to mark it.

    Marked by herself they open again, empty; given to others they leave her, and never come back to her. Codes that
    are none of these marks change nothing. Raises WrongStage, Missing, GoesOn, DroppedOut.
    """
    held = take(db, board, Stage.MARKING)
    found = standing(db, held, marker)
    if found.relieved and again is Again.HERSELF:
        raise DroppedOut
    chosen = [task for task in found.marks if task.code in codes]
    if not chosen:
        return Shortfall()
    everything = [*chosen, *_along(found, len(chosen))]
    dealt, shortfall = _reopen(db, everything) if again is Again.HERSELF else _give_away(db, held, everything)
    forget_turns(db, [task.code for task in everything])
    facts: dict[str, Json] = {"marker": str(marker), "marks": len(chosen), "dealt": dealt, "lacking": shortfall.answers}
    append(db, board, "marks.returned", actor, role, facts)
    return shortfall


def _along(found: HeldUp, chosen: int) -> Iterator[Task]:
    """Each seed or repeat among the marks goes too, by lot and as often as the marks: gone or left, none stands out."""
    for task in found.along:
        drawn = int.from_bytes(lot(found.board.draw, b"along", task.ref)[:_DRAWN])
        if drawn * len(found.marks) < chosen << 8 * _DRAWN:
            yield task


def _reopen(db: Session, tasks: Sequence[Task]) -> tuple[int, Shortfall]:
    for task in tasks:
        # an empty draft goes on counting versions where the mark stopped: its revisions keep theirs
        db.merge(MarkDraftRow(code=task.code, score=None, evidence="", version=saved(db, task).version))
        _forget(db, task)
    set_state(db, [task.code for task in tasks], State.OPEN)
    db.flush()
    return 0, Shortfall()


def _give_away(db: Session, board: Board, tasks: Sequence[Task]) -> tuple[int, Shortfall]:
    for task in tasks:
        _forget(db, task)
    codes = [task.code for task in tasks]
    drop_drafts(db, codes)
    set_state(db, codes, State.RETURNED)
    return reallocation.refill(db, board, {task.ref for task in tasks} - not_answers(db, board.id))


def _forget(db: Session, task: Task) -> None:
    table = mark_table(task)
    mine = (table.ref == task.ref) & (table.criterion == task.criterion) & (table.marker == task.marker)
    db.execute(delete(table).where(mine).execution_options(synchronize_session="fetch"))
