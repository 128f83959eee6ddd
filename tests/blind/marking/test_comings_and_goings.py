"""Tasks that leave a marker and come back, by every way there is: nothing is lost, and nothing stands in its way."""

import pytest

from panel.blind.allocation import pool_queries, resharing
from panel.blind.allocation.queries import Task
from panel.blind.allocation.rows_check import Change
from panel.blind.marking import handover, own_queries
from panel.blind.marking.models import MarkRevisionRow, MarkRow
from panel.blind.marking.pausing import standing
from panel.blind.marking.remarking import Again, send_back
from panel.blind.marking.service import drop_drafts
from panel.blind.seeding.service import let_go_on
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.scene import QUESTIONS, Scene
from tests.blind.seeded import mark, seeded, stand_ins, straying


def holders(scene: Scene, task: Task) -> set[MarkerId]:
    """Who has a task for the same answer."""
    every = [each for marker in scene.markers for each in scene.tasks(marker)]
    return {each.marker for each in every if (each.ref, each.criterion) == (task.ref, task.criterion)}


def free_for(scene: Scene, task: Task) -> MarkerId:
    return next(marker for marker in scene.markers if marker not in holders(scene, task))


def give(scene: Scene, task: Task, taker: MarkerId) -> Task:
    """The chair's list hands one task over; whose it is then."""
    answer = task.ref, task.criterion
    assert resharing.hand_over(scene.db, scene.board, [Change(task.code, answer, task.marker, taker)]) == 1
    drop_drafts(scene.db, [task.code])
    return next(each for each in scene.tasks(taker) if (each.ref, each.criterion) == answer)


@pytest.mark.leak("L110")
def test_an_answer_that_was_marked_left_and_came_back_can_be_marked(database: Database) -> None:
    """Opened again for her, handed to another before she came to it, and handed back: her old revisions stay."""
    scene, her = straying(database)
    with database.writing() as scene.db:
        db, board = scene.db, scene.board_id
        marks = standing(db, scene.board, her).marks
        send_back(db, board, her, [task.code for task in marks], Again.HERSELF, scene.chair, "chair")
        let_go_on(db, board, her, "Read the anchors again.", scene.chair, "chair")
        order = [*QUESTIONS, "courage"]
        task = min(marks, key=lambda each: (order.index(each.criterion), each.position))
        again = give(scene, give(scene, task, free_for(scene, task)), her)
        saved = own_queries.saved(db, again)
        assert (saved.score, saved.evidence) == (None, "")
        mark(scene, again, 4, version=saved.version)
        assert db.get_one(MarkRow, (task.ref, task.criterion, her)).score == 4
        kept = [db.get(MarkRevisionRow, (task.ref, task.criterion, her, version)) for version in (1, 2)]
        assert [row.score for row in kept if row] == [2, 4]


@pytest.mark.leak("L109")
def test_who_recognises_a_writer_at_a_repeat_gets_nothing_more_of_that_writer(database: Database) -> None:
    """Even where the answer that it repeats has left her: the chair's list does not show which tasks are repeats."""
    with database.writing() as db:
        scene = seeded(db, candidates=8, markers=6, seeds=0, repeat_every=4)
        her, (repeat, row) = next(
            (marker, next((ref, row) for ref, row in stand_ins(scene, marker).items() if row.criterion == QUESTIONS[0]))
            for marker in scene.markers
        )
        own = {(task.ref, task.criterion): task for task in scene.tasks(her)}
        original = own[row.original, QUESTIONS[0]]
        others = holders(scene, original) - {her}
        give(scene, original, free_for(scene, original))
        handover.recognise(db, scene.board_id, her, own[repeat, QUESTIONS[0]].code)
        assert her in pool_queries.aside(db, scene.board_id)[original.ref]
        assert original.ref not in {task.ref for task in scene.tasks(her)}, "nothing of it came back to her at once"
        handover.relieve(db, scene.board_id, next(iter(others)), scene.chair, "chair")
        assert original.ref not in {task.ref for task in scene.tasks(her)}
