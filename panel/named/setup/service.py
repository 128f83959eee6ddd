"""HR drafts a board's rules and dates. Every change is lawful only while the board is a draft, but for what says so."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.service import append
from panel.board import service as board_service
from panel.board.lifecycle import Stage
from panel.board.policy import Custody, Policy
from panel.board.queries import Board
from panel.kernel import clock
from panel.kernel.encoding import canonical
from panel.kernel.errors import Invalid
from panel.kernel.ids import BoardId


class DeadlinePassed(Invalid):
    """A deadline was set that lies in the past."""

    sentence = "Deadline must be in the future"


class DeadlineEarlier(Invalid):
    """An open board's deadline may only be moved on."""

    sentence = "New deadline must be later than the one candidates were given"


def create(db: Session, actor: Person, title: str) -> BoardId:
    """Begin a board in draft; its maker runs it for HR."""
    board = board_service.create(db, title)
    board_service.write(db, board, policy=_text(Policy(title=title, custody=Custody(n=0))))
    access.grant(db, board, actor.account, Role.HR)
    append(db, board, "board.drafted", actor.id, Role.HR, {})
    return board


def revise(db: Session, board: BoardId, change: Callable[[Policy], Policy]) -> Policy:
    """Change a draft's rules. Raises WrongStage once they are fixed."""
    held = board_service.take(db, board, Stage.DRAFT)
    policy = change(held.policy)
    board_service.write(db, board, policy=_text(policy), title=policy.title)
    return policy


def set_deadline(db: Session, board: BoardId, deadline: datetime) -> None:
    """Set when a draft's candidates must be done (UTC). Raises DeadlinePassed."""
    board_service.take(db, board, Stage.DRAFT)
    _ahead(deadline)
    board_service.write(db, board, deadline=deadline)


def extend(db: Session, actor: Person, board: BoardId, deadline: datetime) -> Board:
    """Move an open board's deadline on, for all candidates alike. Raises DeadlinePassed and DeadlineEarlier."""
    held = board_service.take(db, board, Stage.OPEN)
    _ahead(deadline)
    if held.deadline is not None and deadline <= held.deadline:
        raise DeadlineEarlier
    board_service.write(db, board, deadline=deadline)
    until = deadline.astimezone(clock.UK).date().isoformat()
    append(db, board, "extension.granted", actor.id, Role.HR, {"until": until})
    return held


def _ahead(deadline: datetime) -> None:
    if deadline <= clock.now():
        raise DeadlinePassed


def _text(policy: Policy) -> str:
    return canonical(policy.to_json()).decode()
