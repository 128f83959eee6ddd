"""A marker recognises an author, or drops out."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State
from panel.blind.marking import handover, own_queries, queries, service
from panel.blind.marking.models import MarkDraftRow, MarkRevisionRow
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId
from tests.blind.scene import EVIDENCE, QUESTIONS, Scene


@pytest.fixture
def scene(db: Session) -> Scene:
    return Scene.marking(db)


def record(scene: Scene, marker: MarkerId, count: int) -> None:
    for task in scene.tasks(marker, QUESTIONS[0])[:count]:
        service.record(scene.db, scene.board_id, marker, task.code, score=2, evidence=EVIDENCE, version=0)


def mark_all(scene: Scene, marker: MarkerId) -> None:
    for part in own_queries.queue(scene.db, scene.board, marker).parts:
        for item in part.to_mark:
            service.record(scene.db, scene.board_id, marker, item.code, score=2, evidence=EVIDENCE, version=0)


@pytest.mark.leak("L109")
@pytest.mark.leak("L115")
def test_recognising_leaves_no_mark_and_finds_another_marker_at_once(scene: Scene) -> None:
    marker = scene.markers[0]
    record(scene, marker, 1)
    task = scene.tasks(marker, QUESTIONS[0])[0]
    handover.recognise(scene.db, scene.board_id, marker, task.code)
    assert queries.marks(scene.db, scene.board_id) == ()
    assert not scene.db.scalars(select(MarkRevisionRow).order_by(MarkRevisionRow.ref)).all()
    assert not allocation.shortfall(scene.db, scene.board)
    for refused in (service.record, service.save_draft):
        with pytest.raises(Missing):
            refused(scene.db, scene.board_id, marker, task.code, score=2, evidence=EVIDENCE, version=1)
    assert task.ref not in {each.ref for each in scene.tasks(marker) if each.state is State.OPEN}


@pytest.mark.leak("L115")
def test_the_log_says_neither_who_recognised_nor_whom(scene: Scene) -> None:
    task = scene.tasks(scene.markers[0])[0]
    handover.recognise(scene.db, scene.board_id, task.marker, task.code)
    entry = entries(scene.db, scene.board_id)[-1]
    assert (entry.kind, entry.actor) == ("tasks.reallocated", None)
    assert set(entry.facts) == {"tasks", "dealt", "lacking"}


def test_what_was_typed_is_forgotten_with_the_task(scene: Scene) -> None:
    marker = scene.markers[0]
    for task in scene.tasks(marker, QUESTIONS[0])[:2]:
        service.save_draft(scene.db, scene.board_id, marker, task.code, score=None, evidence="half a", version=0)
    gone, kept = scene.tasks(marker, QUESTIONS[0])[:2]
    handover.recognise(scene.db, scene.board_id, marker, gone.code)
    assert scene.db.scalars(select(MarkDraftRow.code).order_by(MarkDraftRow.code)).all() == [kept.code]


def test_when_nobody_is_left_the_chair_is_told_a_number(db: Session) -> None:
    scene = Scene.marking(db, candidates=1, markers=3)
    task = scene.tasks(scene.markers[0], QUESTIONS[0])[0]
    handover.recognise(db, scene.board_id, task.marker, task.code)
    assert allocation.shortfall(db, scene.board).sentences == ("3 answers lack 1 marker.",)
    assert entries(db, scene.board_id)[-1].facts == {"tasks": 3, "dealt": 0, "lacking": 3}


def test_a_signed_mark_is_not_taken_back_by_recognising(scene: Scene) -> None:
    marker = scene.markers[0]
    mark_all(scene, marker)
    service.sign(scene.db, scene.board_id, marker)
    with pytest.raises(service.MarksFinal):
        handover.recognise(scene.db, scene.board_id, marker, scene.tasks(marker)[0].code)


def test_tasks_that_come_after_signing_are_marked_and_signed_too(scene: Scene) -> None:
    early, leaver = scene.markers[:2]
    mark_all(scene, early)
    service.sign(scene.db, scene.board_id, early)
    handover.relieve(scene.db, scene.board_id, leaver, scene.chair, Role.CHAIR)
    assert own_queries.queue(scene.db, scene.board, early).next() is not None
    mark_all(scene, early)
    service.sign(scene.db, scene.board_id, early)
    first, second = entries(scene.db, scene.board_id, "sheet.signed")
    assert second.facts["marks"] == len(scene.tasks(early)) > first.facts["marks"]


@pytest.mark.leak("L110")
def test_marks_of_one_who_dropped_out_stand_and_are_final(scene: Scene) -> None:
    leaver = scene.markers[0]
    record(scene, leaver, 2)
    passed = handover.relieve(scene.db, scene.board_id, leaver, scene.chair, Role.CHAIR)
    assert passed.dealt == len(passed.codes)
    assert len(queries.marks(scene.db, scene.board_id)) == 2
    task = scene.tasks(leaver)[0]
    with pytest.raises(service.MarksFinal):
        service.record(scene.db, scene.board_id, leaver, task.code, score=0, evidence=EVIDENCE, version=1)
    for marker in scene.markers[1:]:
        mark_all(scene, marker)
        service.sign(scene.db, scene.board_id, marker)
    assert not queries.completion(scene.db, scene.board).owed
    by_marker = {each.marker: each for each in queries.progress(scene.db, scene.board_id)}
    assert (by_marker[leaver].relieved, by_marker[leaver].owes_signature) == (True, False)


def test_dropping_out_is_logged_once_with_who_decided(scene: Scene) -> None:
    for _ in range(2):
        handover.relieve(scene.db, scene.board_id, scene.markers[0], scene.deputy, Role.DEPUTY)
    (entry,) = entries(scene.db, scene.board_id, "marker.relieved")
    assert (entry.actor, entry.role) == (scene.deputy, "deputy")
    assert entry.facts["marker"] == str(scene.markers[0])


def test_only_panel_members_drop_out_and_only_in_marking(scene: Scene) -> None:
    with pytest.raises(Missing):
        handover.relieve(scene.db, scene.board_id, MarkerId.new(), scene.chair, Role.CHAIR)
    scene.move(Stage.MODERATION)
    with pytest.raises(WrongStage):
        handover.relieve(scene.db, scene.board_id, scene.markers[0], scene.chair, Role.CHAIR)
    with pytest.raises(WrongStage):
        handover.refill(scene.db, scene.board_id, scene.chair, Role.CHAIR)
    scene.move(Stage.LOCKED)
    with pytest.raises(WrongStage):
        handover.recognise(scene.db, scene.board_id, scene.markers[0], scene.tasks(scene.markers[0])[0].code)


def test_the_chair_looks_again_when_somebody_has_qualified_since(db: Session) -> None:
    scene = Scene.marking(db, candidates=2, markers=3)
    handover.relieve(db, scene.board_id, scene.markers[0], scene.chair, Role.CHAIR)
    before = len(entries(db, scene.board_id))
    assert handover.refill(db, scene.board_id, scene.chair, Role.CHAIR).shortfall.lacks == ((1, 6),)
    assert len(entries(db, scene.board_id)) == before
    scene.join()
    assert not handover.refill(db, scene.board_id, scene.chair, Role.CHAIR).shortfall
    assert entries(db, scene.board_id)[-1].facts == {"tasks": 0, "dealt": 6, "lacking": 0}
