"""Seeds stay out of what is counted of answers, and out of what is dealt once moderation runs."""

from panel.blind.allocation.further import deal_further
from panel.blind.allocation.recognised import recognised
from panel.blind.marking.handover import recognise
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from tests.blind.scene import QUESTIONS
from tests.blind.seeded import seed_tasks, seeded, stand_ins


def test_a_recognised_seed_is_no_recognised_answer(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=4, seed_every=3)
        her = scene.markers[0]
        seed = next(task for task in seed_tasks(scene, her) if task.criterion == QUESTIONS[0])
        recognise(db, scene.board_id, her, seed.code)
        assert recognised(db, scene.board_id) == {}
        real = next(task for task in scene.tasks(her, QUESTIONS[0]) if task.real)
        recognise(db, scene.board_id, her, real.code)
        assert recognised(db, scene.board_id) == {QUESTIONS[0]: 1}


def test_nothing_is_slipped_in_beside_a_further_marker_s_task(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=12, seed_every=5, repeat_every=5)
        before = stand_ins(scene).keys()
        scene.move(Stage.MODERATION)
        answers = {(ref, key) for ref in scene.refs for key in QUESTIONS}
        dealt, _lacking = deal_further(db, scene.board, answers)
        assert dealt == len(answers)
        assert stand_ins(scene).keys() == before
