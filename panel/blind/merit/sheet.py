"""The merit list as a page shows it, by number; until the names are open, for chair, deputy and auditor alone."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.merit import queries
from panel.blind.merit.merit_list import Outcome, Place
from panel.blind.moderation.queries import leading
from panel.blind.submissions.queries import set_aside
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.ids import BoardId, Number

#: The kind of the entry that archiving makes, with the root of what is left.
DESTROYED_TEXTS: Final = "texts.destroyed"


@dataclass(frozen=True)
class MeritSheet:
    """The locked list with its marks root. `unchanged` if the tables still lead to that root.

    `aside`: numbers that were set aside; one that was so after the lock keeps its line on the list, and gets no result.
    Once the texts are destroyed they lead to another, which the log holds since then.
    """

    board: Board
    places: tuple[Place, ...]
    root: bytes
    unchanged: bool
    aside: tuple[Number, ...] = ()

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
    unchanged = queries.marks_root(db, board) == _bound(db, held)
    aside = set_aside(db, board)
    return MeritSheet(held, queries.merit_list(db, board), held.marks_root, unchanged, aside)


def _bound(db: Session, held: Board) -> bytes | None:
    if held.stage is not Stage.ARCHIVED:
        return held.marks_root
    destroyed = entries(db, held.id, DESTROYED_TEXTS)
    return bytes.fromhex(str(destroyed[-1].facts["marks_root"])) if destroyed else None
