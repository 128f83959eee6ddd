"""The merit list as a page shows it, by number; until the names are open, for chair, deputy and auditor alone."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.allocation.queries import excluded_leaders
from panel.blind.merit import queries
from panel.blind.merit.amendment import Amendment, Proposal, Standing, standings
from panel.blind.merit.leaders import AMENDABLE, reading
from panel.blind.merit.merit_list import Outcome
from panel.blind.submissions.queries import set_aside
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.ids import BoardId, Number

#: The kind of the entry that archiving makes, with the root of what is left.
DESTROYED_TEXTS: Final = "texts.destroyed"


@dataclass(frozen=True)
class MeritSheet:
    """The locked list with its marks root, and beside each place the one it has with every amendment.

    `unchanged` if the tables still lead to that root; amendments are no part of it. Once the texts are destroyed they
    lead to another, which the log holds since then. `aside`: numbers that were set aside; one that was so after the
    lock keeps its line on the list, and gets no result. `recordable`: whether the reader may take the board's record.
    """

    board: Board
    standings: tuple[Standing, ...]
    amendments: tuple[Amendment, ...]
    proposals: tuple[Proposal, ...]
    root: bytes
    unchanged: bool
    aside: tuple[Number, ...] = ()
    recordable: bool = False

    @property
    def passed(self) -> int:
        """How many passed when the marks were locked."""
        return sum(each.locked.outcome is Outcome.PASSED for each in self.standings)

    @property
    def passed_now(self) -> int:
        """How many pass with every amendment."""
        return sum(each.now.outcome is Outcome.PASSED for each in self.standings)

    @property
    def amendable(self) -> bool:
        """Whether a score can still be corrected."""
        return self.board.stage in AMENDABLE


def merit_sheet(db: Session, actor: Actor, board: BoardId) -> MeritSheet:
    """The merit list from the lock on. Raises WrongStage and NotLogged.

    Raises Missing for whoever may not see it: while the names are sealed a declared leader too.
    """
    held = read_board(db, board)
    reading(db, held, actor)
    if not held.stage.reached(Stage.LOCKED) or held.marks_root is None:
        raise WrongStage
    unchanged = queries.marks_root(db, board) == _bound(db, held)
    amendments = queries.amendments(db, board)
    return MeritSheet(
        board=held,
        standings=standings(held.policy, queries.merit_list(db, board), amendments),
        amendments=amendments,
        proposals=queries.proposals(db, board, amendments),
        root=held.marks_root,
        unchanged=unchanged,
        aside=set_aside(db, board),
        recordable=_recordable(db, actor, held),
    )


def _recordable(db: Session, actor: Actor, held: Board) -> bool:
    """The auditor may at once, a leader once the names are open, unless a candidate declared her."""
    opened = held.stage.reached(Stage.UNSEALED) and actor.id not in excluded_leaders(db, held.id)
    return opened or actor.may(Role.AUDITOR, held.id)


def _bound(db: Session, held: Board) -> bytes | None:
    if held.stage is not Stage.ARCHIVED:
        return held.marks_root
    destroyed = entries(db, held.id, DESTROYED_TEXTS)
    return bytes.fromhex(str(destroyed[-1].facts["marks_root"])) if destroyed else None
