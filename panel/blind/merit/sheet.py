"""The merit list as a page shows it, by number; until the names are open, for chair, deputy and auditor alone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.blind.merit import queries
from panel.blind.merit.merit_list import Outcome, Place
from panel.blind.moderation.queries import leading
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.ids import BoardId


@dataclass(frozen=True)
class MeritSheet:
    """The locked list with its marks root. `unchanged` if the tables still lead to that root."""

    board: Board
    places: tuple[Place, ...]
    root: bytes
    unchanged: bool

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(place.outcome is Outcome.PASSED for place in self.places)


def merit_sheet(db: Session, actor: Actor, board: BoardId) -> MeritSheet:
    """The merit list from the lock on. Raises Missing (a declared leader too) and WrongStage."""
    if not actor.may(Role.AUDITOR, board):
        leading(db, board, actor)
    held = read_board(db, board)
    if not held.stage.reached(Stage.LOCKED) or held.marks_root is None:
        raise WrongStage
    unchanged = queries.marks_root(db, board) == held.marks_root
    return MeritSheet(held, queries.merit_list(db, board), held.marks_root, unchanged)
