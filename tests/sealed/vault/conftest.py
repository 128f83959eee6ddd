"""A scene in which what belongs to one board or one keyholder can be told from what belongs to another."""

import pytest
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel import clock
from panel.kernel.ids import BoardId
from panel.sealed.vault import service
from panel.sealed.vault.custody import Kind
from panel.sealed.vault.sharing import Seat, Sharing, Side
from tests.sealed.vault.two_boards import NOON, Holder, Scene, found


@pytest.fixture
def scene(db: Session) -> Scene:
    anne, bob, gone = Holder(1), Holder(2), Holder(3)
    made = Scene(anne, bob, gone, *sorted([BoardId.new(), BoardId.new()]))
    for board in (made.one, made.other):
        db.add(BoardRow(id=board, title="Inspector", stage=Stage.OPEN.value, draw=bytes(32)))
    db.flush()
    for holder in (anne, bob, gone):
        service.enrol(db, holder.account, holder.id, holder.public, [holder.slot(kind) for kind in Kind])
    with clock.set_to(NOON):
        found(
            db, made.one, {Seat(Side.HR, 1, anne.id): 1, Seat(Side.PANEL, 1, bob.id): 3, Seat(Side.HR, 2, gone.id): 2}
        )
        found(db, made.other, {Seat(Side.HR, 1, anne.id): 4}, Sharing(3, 4))
    service.retire(db, gone.id)
    return made
