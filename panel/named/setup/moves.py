"""The moves that start marking and moderation, and what HR records before them. Each looks at every fact again."""

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.blind.allocation.service import allocate
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.moderation.queries import leading
from panel.board import backups
from panel.board import service as board_service
from panel.board.lifecycle import NotReady, Stage
from panel.kernel import clock
from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId
from panel.named.setup.facts import readiness
from panel.named.setup.readiness import WEAK_BELOW


class NotWeak(Refused):
    """There is nothing to acknowledge."""

    sentence = f"This board has {WEAK_BELOW} submissions or more, or none: there is nothing to acknowledge."


def record_backups_destroyed(db: Session, actor: Person, board: BoardId) -> None:
    """HR confirms that no backup from before the close is left: such a copy would tell who wrote when.

    The log names those that `panel backup` took while the board was open, by number.
    """
    board_service.hold(db, board, Stage.CLOSED)
    board_service.write(db, board, backups_destroyed_on=clock.today())
    numbers: list[Json] = [each.number for each in backups.from_while_open(db, board)]
    named: dict[str, Json] = {"numbers": numbers} if numbers else {}
    append(db, board, "backups.destroyed", actor.id, Role.HR, {"on": clock.today().isoformat(), **named})


def acknowledge_weakness(db: Session, actor: Person, board: BoardId) -> None:
    """HR goes on knowing that with so few submissions blindness is weak. Raises NotWeak."""
    held = board_service.hold(db, board, Stage.CLOSED)
    if not 0 < (held.submissions or 0) < WEAK_BELOW:
        raise NotWeak
    board_service.write(db, board, weakness_acknowledged_on=clock.today())
    append(db, board, "weakness.acknowledged", actor.id, Role.HR, {"submissions": held.submissions})


def start_marking(db: Session, actor: Person, board: BoardId, signer: Signer) -> Shortfall:
    """closed → marking: deal every answer to its markers. Returns what could not be placed. Raises NotReady."""
    board_service.take(db, board, Stage.CLOSED)
    ready = readiness(db, board, Stage.MARKING)
    if not ready.complete:
        raise NotReady(details=[fact.sentence for fact in ready.missing])
    shortfall = allocate(db, board, actor.id)
    board_service.advance(db, board, Stage.MARKING, ready, actor.id, Role.HR)
    sign_head(db, board, signer)
    return shortfall


def start_moderation(db: Session, actor: Person, board: BoardId, signer: Signer) -> None:
    """marking → moderation, by a chair or deputy whom no candidate declared. Raises Missing and NotReady."""
    board_service.take(db, board, Stage.MARKING)
    role = leading(db, board, actor)
    board_service.advance(db, board, Stage.MODERATION, readiness(db, board, Stage.MODERATION), actor.id, role)
    sign_head(db, board, signer)
