"""Which leaders of the panel may act on a locked score, while the names are sealed and once they are open."""

from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.queries import markers
from panel.access.roles import LEADERS, Role
from panel.blind.allocation import queries as allocation
from panel.blind.moderation.queries import leading
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId, Number, SubmissionRef

#: The stages in which a locked score can be amended: between the lock and the archive.
AMENDABLE: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)


def reading(db: Session, board: Board, actor: Actor) -> None:
    """Let the auditor see the list, and every leader but those declared while names are sealed. Raises Missing."""
    if actor.may(Role.AUDITOR, board.id):
        return
    if board.stage.reached(Stage.UNSEALED):
        _part(board, actor)
    else:
        leading(db, board.id, actor)


def deciding(db: Session, board: Board, actor: Actor, number: Number) -> Role:
    """The part in which this leader may act on that number. Raises Missing, for a number that is not there too."""
    if actor.id not in able(db, board, number):
        raise Missing
    return _part(board, actor)


def able(db: Session, board: Board, number: Number) -> frozenset[MarkerId]:
    """The leaders who may act on a number.

    While names are sealed nobody whom any candidate declared, since one missing number would itself name that
    candidate; afterwards everybody but those whom this candidate declared. Raises Missing.
    """
    leaders = frozenset(markers(db, board.id, *LEADERS))
    if board.stage.reached(Stage.UNSEALED):
        return leaders - allocation.declared_by(db, ref_of(db, board, number))
    return leaders - allocation.excluded_leaders(db, board.id)


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
