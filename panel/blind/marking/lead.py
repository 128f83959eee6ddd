"""What chair and deputy read before they act on tasks while the panel marks. Counts only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.allocation import queries as allocation
from panel.blind.allocation import reallocation
from panel.blind.allocation.leaders import leads
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.training.queries import marker_of
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId


@dataclass(frozen=True)
class Leaver:
    """A panel member under her panel code, and what passing on her tasks would do just now."""

    board: Board
    code: str
    marker: MarkerId
    open: int
    done: int
    placed: int
    shortfall: Shortfall
    relieved: bool


@dataclass(frozen=True)
class Shortage:
    """How many answers of a board lack how many markers."""

    board: Board
    shortfall: Shortfall


def leaver(db: Session, actor: Actor, board: BoardId, code: str) -> Leaver:
    """The panel member behind a panel code. Raises Missing and WrongStage."""
    held = led(db, actor, board)
    marker = marker_of(db, board, code)
    load = allocation.loads(db, board, real=True).get(marker, allocation.Load())
    planned = reallocation.trial(db, held, marker)
    relieved = marker in allocation.relieved(db, board)
    return Leaver(held, code.upper(), marker, load.open, load.done, planned.dealt, planned.shortfall, relieved)


def shortage(db: Session, actor: Actor, board: BoardId) -> Shortage:
    """What a board lacks. Raises Missing and WrongStage."""
    held = led(db, actor, board)
    return Shortage(held, allocation.shortfall(db, held))


def led(db: Session, actor: Actor, board: BoardId) -> Board:
    """The board in marking. A leader who stands aside finds nothing here: the others lead alone."""
    held = read_board(db, board)
    if actor.id not in leads(db, board):
        raise Missing
    if held.stage is not Stage.MARKING:
        raise WrongStage
    return held
