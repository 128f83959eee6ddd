"""Chair and deputy settle one answer in the same moment: one wins, the other is told. Both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from panel.access.actor import Actor
from panel.audit.queries import entries
from panel.blind.moderation import queries
from panel.blind.moderation.answers import Settlement
from panel.blind.moderation.service import StaleScore, settle
from panel.kernel.database import Database
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number
from tests.blind.scene import Scene


@pytest.mark.leak("L112")
@pytest.mark.parametrize("settled_before", [False, True])
def test_two_leaders_at_once_never_overwrite_each_other(database: Database, settled_before: bool) -> None:
    with database.writing() as db:
        scene = moderated(Scene.marking(db, candidates=2), {(0, CRITERION): (0, 2, 4)})
        which, leaders = number(scene, 0), [actor(scene, scene.chair), actor(scene, scene.deputy)]
        if settled_before:
            settle(db, scene.board_id, leaders[0], which, CRITERION, Settlement(1, "A first reading.", seen=0))
    together = Barrier(2)

    def decide(leader: Actor) -> bool:
        together.wait()
        try:
            with database.writing("blind") as db:
                decided = Settlement(leaders.index(leader) + 2, "A reason.", seen=int(settled_before))
                settle(db, scene.board_id, leader, which, CRITERION, decided)
        except StaleScore:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, leaders))
    assert sorted(outcomes) == [False, True]
    with database.reading() as db:
        scene.db = db
        found = queries.answer(db, scene.board, which, CRITERION)
        assert found.version == 1 + settled_before
        assert found.score == outcomes.index(True) + 2
        assert len(entries(db, scene.board_id, "score.agreed")) == 1 + settled_before
