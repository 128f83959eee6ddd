"""Which chair and deputies lead a panel: whom candidates know stands aside, and so does whom they could not declare."""

from collections.abc import Set as AbstractSet

from sqlalchemy.orm import Session

from panel.access.queries import lateness
from panel.access.roles import Role
from panel.blind.allocation.queries import declared
from panel.kernel.ids import BoardId, MarkerId


def leads(db: Session, board: BoardId) -> frozenset[MarkerId]:
    """The chair and deputies who lead the panel now.

    Nobody whom a candidate declared. Who took the seat after the close could not be declared by anybody, and so leads
    only where no other is left.
    """
    return asked(db, board, least=1)


def asked(db: Session, board: BoardId, *, least: int) -> frozenset[MarkerId]:
    """The leaders for a decision that takes at least so many: those seated late only where others are too few."""
    late = lateness(db, board, Role.CHAIR, Role.DEPUTY)
    return enough(late.keys() - declared(db, board, late), {who for who in late if late[who]}, least)


def enough(free: AbstractSet[MarkerId], late: AbstractSet[MarkerId], least: int) -> frozenset[MarkerId]:
    """Those of the free who were not seated late, if they are so many; else all of the free."""
    return frozenset(free - late if len(free - late) >= least else free)
