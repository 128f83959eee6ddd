"""A board with a settled dispute, and the same board locked."""

from panel.blind.merit.service import lock
from panel.blind.moderation.answers import Settlement
from panel.blind.moderation.service import settle
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number
from tests.blind.scene import Scene

#: The first submission is disputed on one criterion; the second is the strongest, the last the weakest.
GIVEN = {
    (0, CRITERION): (1, 2, 4),
    (1, CRITERION): (4, 4, 4),
    (2, CRITERION): (2, 2, 3),
    (3, CRITERION): (0, 0, 1),
}


def settled(scene: Scene) -> Scene:
    """A board on which nothing is left to settle."""
    moderated(scene, GIVEN)
    decided = Settlement(3, "Puts it right and checks that it lasted.", seen=0)
    settle(scene.db, scene.board_id, actor(scene, scene.chair), number(scene, 0), CRITERION, decided)
    return scene


def locked(scene: Scene) -> bytes:
    """Lock it as the named side does: the list and root first, then the stage. Returns the marks root."""
    settled(scene)
    root = lock(scene.db, scene.board_id)
    scene.db.get_one(BoardRow, scene.board_id).marks_root = root
    scene.move(Stage.LOCKED)
    return root
