"""Which leaders of the panel may act on a locked score, while the names are sealed and once they are open."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.queries import late_on, lateness
from panel.access.roles import LEADERS, Role
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.leaders import asked, enough
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef

#: The stages in which a locked score can be amended: between the lock and the archive.
AMENDABLE: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
#: One who proposes a change and one who confirms it.
_TWO: Final = 2


def reading(db: Session, board: Board, actor: Actor) -> None:
    """Let the auditor see the list, and every leader who, while names are sealed, may act on it. Raises Missing."""
    if actor.may(Role.AUDITOR, board.id):
        return
    _part(board, actor)
    if not board.stage.reached(Stage.UNSEALED) and actor.id not in asked(db, board.id, least=_TWO):
        raise Missing


def deciding(db: Session, board: Board, actor: Actor, number: Number) -> Role:
    """The part in which this leader may act on that number. Raises Missing, for a number that is not there too."""
    if actor.id not in able(db, board, number):
        raise Missing
    return _part(board, actor)


def able(db: Session, board: Board, number: Number) -> frozenset[MarkerId]:
    """The leaders who may act on a number.

    While names are sealed nobody whom any candidate declared, since one missing number would itself name that
    candidate; afterwards everybody but those whom this candidate declared. Who took the seat after the close could not
    be declared, and is one of the two only where two others are not left. Raises Missing.
    """
    if not board.stage.reached(Stage.UNSEALED):
        return asked(db, board.id, least=_TWO)
    late = lateness(db, board.id, *LEADERS)
    declared = allocation.declared_by(db, ref_of(db, board, number))
    return enough(late.keys() - declared, {who for who in late if late[who]}, _TWO)


def stands_by(db: Session, actor: MarkerId, boards: Iterable[Board]) -> frozenset[BoardId]:
    """Those of the boards on which a leader who took the seat after the close leaves the deciding to others."""
    late_here = late_on(db, actor)
    return frozenset(each.id for each in boards if each.id in late_here and actor not in _deciding_on(db, each))


def _deciding_on(db: Session, board: Board) -> frozenset[MarkerId]:
    # all there is to decide about a locked board is a change of a score, which takes two
    return asked(db, board.id, least=_TWO if board.stage is Stage.LOCKED else 1)


def gone(db: Session, board: Board, number: Number) -> bool:
    """Whether a number was set aside: it gets no result, so nobody changes its scores any more."""
    return number in submissions.set_aside(db, board.id)


def ref_of(db: Session, board: Board, number: Number) -> SubmissionRef:
    """The submission behind a number, set aside or not. Raises Missing."""
    found = next((card.ref for card in submissions.cards(db, board.id) if card.number == number), None)
    if found is None:
        raise Missing
    return found


def _part(board: Board, actor: Actor) -> Role:
    part = next((role for role in LEADERS if actor.may(role, board.id)), None)
    if part is None:
        raise Missing
    return part
