"""Chair and deputy read who marks what, and hand tasks over by a list.

They, and not HR: HR knows the roll and may meet no task code, and on the panel's side nobody knows a name.
"""

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.allocation import queries as allocation
from panel.blind.allocation import resharing
from panel.blind.allocation.resharing import Trial
from panel.blind.marking.lead import led
from panel.blind.marking.service import drop_drafts
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.errors import Invalid
from panel.kernel.ids import BoardId, MarkerId


class BadList(Invalid):
    """Some row cannot be acted on; `details` say which and why."""

    sentence = "Nothing has changed. Check the rows of the list."


def dealt(db: Session, actor: Actor, board: BoardId) -> tuple[Board, tuple[str, ...]]:
    """The board, and how far its panel can be compared. Raises Missing and WrongStage."""
    held = led(db, actor, board)
    return held, allocation.shares(db, board).sentences


def listed(db: Session, actor: Actor, board: BoardId) -> str:
    """Who marks what, as CSV. Raises Missing and WrongStage."""
    return resharing.listed(db, led(db, actor, board))


def tried(db: Session, actor: Actor, board: BoardId, text: str) -> Trial:
    """What a list would do. Raises Missing and WrongStage."""
    return resharing.trial(db, led(db, actor, board), text)


def hand_over(db: Session, board: BoardId, text: str, actor: MarkerId, role: Role) -> int:
    """Act on a list, all of it or none; what is marked stays where it is. Raises WrongStage, BadList."""
    held = take(db, board, Stage.MARKING)
    found = resharing.trial(db, held, text)
    if found.errors:
        raise BadList(details=found.errors)
    moved = resharing.hand_over(db, held, found.changes)
    drop_drafts(db, [change.code for change in found.changes])
    if moved:
        lacking = allocation.shortfall(db, held).answers
        append(db, board, "tasks.reallocated", actor, role, {"tasks": moved, "dealt": moved, "lacking": lacking})
    return moved
