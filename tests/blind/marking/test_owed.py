"""On which boards a marker still has something to do."""

from sqlalchemy.orm import Session

from panel.blind.allocation.reallocation import relieve
from panel.blind.marking.owed import owed
from panel.board.conduct import Conduct
from tests.blind.moderation.sent import given_out, mark, scene_with, send, sign


def test_a_further_marker_owes_her_mark_and_then_her_signature(db: Session) -> None:
    scene = scene_with(db, Conduct(), markers=4)
    assert send(scene)
    (task,) = given_out(scene)
    assert owed(db, task.marker).to_mark == {scene.board_id}
    mark(scene, task, 2)
    assert owed(db, task.marker).to_mark == {scene.board_id}
    sign(scene, task)
    done = owed(db, task.marker)
    assert (done.to_mark, done.signed) == (set(), {scene.board_id})


def test_whoever_has_dropped_out_owes_nothing(db: Session) -> None:
    scene = scene_with(db, Conduct(), markers=4)
    assert send(scene)
    (task,) = given_out(scene)
    mark(scene, task, 2)
    relieve(db, scene.board, task.marker)
    assert not owed(db, task.marker).to_mark
