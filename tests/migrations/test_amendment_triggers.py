"""What the database itself refuses about amendments: to whoever asks, on both databases, on both sides."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.dml import UpdateBase

from panel.blind.merit.models import AmendmentProposalRow, AmendmentRow
from panel.board.lifecycle import Stage
from panel.kernel.database import Database, Side
from panel.kernel.ids import MarkerId, Number
from tests.blind.merit.amended import amend, propose
from tests.blind.merit.locked import locked
from tests.blind.scene import Scene
from tests.migrations.test_triggers import SIDES, copied, refused

pytestmark = [pytest.mark.vault("V16"), pytest.mark.vault("V18"), pytest.mark.leak("L102")]


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    """A locked board with an amendment and a proposal, committed."""
    with database.writing() as db:
        scene = Scene.marking(db, candidates=4)
        locked(scene)
        amend(scene)
        propose(scene, place=1, score=1)
    with database.reading() as db:
        scene.db = db
        yield scene


def move(database: Database, scene: Scene, stage: Stage) -> None:
    with database.writing() as db:
        scene.db = db
        scene.move(stage)


@pytest.mark.parametrize("side", SIDES)
def test_amendment_is_never_changed_replaced_or_taken_away(database: Database, scene: Scene, side: Side) -> None:
    again = copied(database, AmendmentRow, after="1/1")
    changes: tuple[UpdateBase, ...] = (
        update(AmendmentRow).values(after="1/1"),
        update(AmendmentRow).values(number=Number(100_000)),
        update(AmendmentRow).values(confirmed_by=MarkerId.new()),
        update(AmendmentRow).values(reason="Another reason."),
        delete(AmendmentRow),
        again.prefix_with("OR REPLACE") if database.is_sqlite else again,
    )
    assert all(refused(database, side, change) for change in changes)
    assert not refused(database, side, copied(database, AmendmentRow, seq=2))
    assert not refused(database, side, delete(AmendmentProposalRow))


def test_amendment_is_made_between_lock_and_archive_and_by_two(database: Database, scene: Scene) -> None:
    new = copied(database, AmendmentRow, seq=2)
    assert refused(database, "blind", copied(database, AmendmentRow, seq=2, confirmed_by=scene.chair))
    for stage in (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED):
        move(database, scene, stage)
        assert not refused(database, "blind", new)
        assert refused(database, "blind", update(AmendmentRow).values(reason="[destroyed]"))
    for stage in (Stage.MODERATION, Stage.CANCELLED, Stage.ARCHIVED):
        move(database, scene, stage)
        assert refused(database, "blind", new)
    assert not refused(database, "named", update(AmendmentRow).values(reason="[destroyed]"))
    assert refused(database, "named", update(AmendmentRow).values(after="1/1"))


def test_truncating_is_refused(database: Database, scene: Scene) -> None:
    with database.session("named", writes=True) as db, pytest.raises(DatabaseError):
        db.execute(text("TRUNCATE blind.amendment"))
