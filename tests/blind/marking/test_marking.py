"""Marks are kept, changed until they are signed, and not after."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.allocation.models import State
from panel.blind.allocation.queries import Task
from panel.blind.marking import own_queries, queries, service
from panel.blind.marking.models import MarkDraftRow, MarkRevisionRow
from panel.blind.marking.page import StaleMark
from panel.blind.marking.scorecard import BadMark
from panel.blind.submissions.text_queries import text_checks, undecided
from panel.blind.submissions.texts import leave
from panel.blind.training.gate import NotQualified
from panel.blind.training.models import QualificationRow
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.clock import today
from panel.kernel.database import Database
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId, TaskCode
from tests.blind.scene import EVIDENCE, QUESTIONS, Scene


@pytest.fixture
def scene(db: Session) -> Scene:
    return Scene.marking(db)


def first(scene: Scene, marker: MarkerId | None = None, criterion: str = QUESTIONS[0]) -> Task:
    return scene.tasks(marker or scene.markers[0], criterion)[0]


def record(scene: Scene, task: Task, score: int = 3, evidence: str = EVIDENCE, version: int = 0) -> int:
    return service.record(
        scene.db, scene.board_id, task.marker, task.code, score=score, evidence=evidence, version=version
    )


def save(scene: Scene, task: Task, score: int | None, evidence: str, version: int = 0) -> int:
    return service.save_draft(
        scene.db, scene.board_id, task.marker, task.code, score=score, evidence=evidence, version=version
    )


def mark_all(scene: Scene, marker: MarkerId) -> None:
    for part in own_queries.queue(scene.db, scene.board, marker).parts:
        for item in part.to_mark:
            record(scene, next(task for task in scene.tasks(marker) if task.code == item.code))


def test_a_mark_is_kept_with_the_position_it_was_met_at(scene: Scene) -> None:
    task = scene.tasks(scene.markers[0], QUESTIONS[0])[1]
    assert record(scene, task) == 1
    (mark,) = queries.marks(scene.db, scene.board_id)
    assert (mark.ref, mark.criterion, mark.marker) == (task.ref, task.criterion, task.marker)
    assert (mark.score, mark.evidence, len(mark.evidence_digest)) == (3, EVIDENCE, 32)
    (own,) = own_queries.own_marks(scene.db, scene.board, task.marker)
    assert (own.code, own.position, own.label) == (task.code, task.position, "Label 3")


def test_a_mark_may_change_and_every_revision_is_kept(scene: Scene) -> None:
    task = first(scene)
    version = record(scene, task, 3)
    assert record(scene, task, 1, version=version) == 2
    assert [mark.score for mark in queries.marks(scene.db, scene.board_id)] == [1]
    revisions = scene.db.execute(
        select(MarkRevisionRow.version, MarkRevisionRow.score).order_by(MarkRevisionRow.version)
    ).all()
    assert [tuple(row) for row in revisions] == [(1, 3), (2, 1)]


def test_a_bad_mark_is_refused_and_nothing_is_kept(scene: Scene) -> None:
    for score, evidence in ((9, EVIDENCE), (2, "")):
        with pytest.raises(BadMark):
            record(scene, first(scene), score, evidence)
    assert queries.marks(scene.db, scene.board_id) == ()


def test_what_is_typed_is_kept_apart_from_the_mark(scene: Scene) -> None:
    task = first(scene)
    version = save(scene, task, None, "half a")
    assert queries.marks(scene.db, scene.board_id) == ()
    assert own_queries.saved(scene.db, task).evidence == "half a"
    version = record(scene, task, version=version)
    save(scene, task, 1, "thinking again", version)
    assert [mark.score for mark in queries.marks(scene.db, scene.board_id)] == [3]
    kept = own_queries.saved(scene.db, task)
    assert (kept.score, kept.evidence, kept.recorded, kept.version) == (1, "thinking again", False, 3)


@pytest.mark.leak("L81")
@pytest.mark.leak("L112")
def test_a_stale_page_saves_nothing(scene: Scene) -> None:
    task = first(scene)
    save(scene, task, 2, "from one tab")
    for verb in (record, save):
        with pytest.raises(StaleMark):
            verb(scene, task, 4, "From the other tab of her browser.", 0)
    assert own_queries.saved(scene.db, task).evidence == "from one tab"
    assert queries.marks(scene.db, scene.board_id) == ()


def test_the_same_form_sent_twice_is_no_conflict(scene: Scene) -> None:
    task = first(scene)
    record(scene, task)
    record(scene, task)
    assert [mark.score for mark in queries.marks(scene.db, scene.board_id)] == [3]


@pytest.mark.leak("L36")
@pytest.mark.leak("L81")
def test_somebody_elses_task_is_as_missing_as_none(scene: Scene) -> None:
    theirs = first(scene, scene.markers[1])
    for code in (theirs.code, TaskCode.new()):
        task = Task(code, scene.markers[0], theirs.ref, theirs.criterion, 1, State.OPEN)
        for verb in (record, save):
            with pytest.raises(Missing):
                verb(scene, task, 3, EVIDENCE)
        with pytest.raises(Missing):
            own_queries.page(scene.db, scene.board, scene.markers[0], code)


def test_an_unqualified_marker_marks_nothing(scene: Scene) -> None:
    task = first(scene)
    row = scene.db.get_one(
        QualificationRow, {"board": scene.board_id, "marker": task.marker, "criterion": task.criterion}
    )
    scene.db.delete(row)
    scene.db.flush()
    for verb in (record, save):
        with pytest.raises(NotQualified):
            verb(scene, task, 3, EVIDENCE)


def test_qualification_for_another_criterion_lets_nobody_mark_this_one(scene: Scene) -> None:
    task = first(scene)
    kept = {key for key in scene.policy.keys if key != task.criterion}
    scene.db.execute(delete(QualificationRow).where(QualificationRow.criterion.not_in(kept)))
    with pytest.raises(NotQualified):
        record(scene, task, 3, EVIDENCE)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in {Stage.MARKING, Stage.MODERATION}])
def test_nothing_is_marked_in_another_stage(scene: Scene, stage: Stage) -> None:
    task = first(scene)
    scene.move(stage)
    for verb in (record, save):
        with pytest.raises(WrongStage):
            verb(scene, task, 3, EVIDENCE)
    with pytest.raises(WrongStage):
        service.sign(scene.db, scene.board_id, task.marker)
    with pytest.raises(WrongStage):
        service.flag(scene.db, scene.board_id, task.marker, task.code)


def test_questions_are_marked_one_after_the_other(scene: Scene) -> None:
    for later in (first(scene, criterion=QUESTIONS[1]), first(scene, criterion="courage")):
        with pytest.raises(service.NotReached):
            record(scene, later)
    for task in scene.tasks(scene.markers[0], QUESTIONS[0]):
        record(scene, task)
    record(scene, first(scene, criterion=QUESTIONS[1]))


def test_a_question_shows_one_answer_and_a_value_the_whole_submission(scene: Scene) -> None:
    task = first(scene)
    (text,) = own_queries.page(scene.db, scene.board, task.marker, task.code).texts
    assert text.answer == scene.answer(task.ref, task.criterion)
    whole = first(scene, criterion="courage")
    texts = own_queries.page(scene.db, scene.board, whole.marker, whole.code).texts
    assert [text.answer for text in texts] == [scene.answer(whole.ref, key) for key in QUESTIONS]


def test_a_signed_sheet_is_logged_by_count_and_digest_and_final(scene: Scene) -> None:
    marker = scene.markers[0]
    with pytest.raises(service.NotAllMarked):
        service.sign(scene.db, scene.board_id, marker)
    mark_all(scene, marker)
    service.sign(scene.db, scene.board_id, marker)
    service.sign(scene.db, scene.board_id, marker)
    (entry,) = entries(scene.db, scene.board_id, "sheet.signed")
    assert entry.actor == marker
    assert entry.facts["marks"] == len(scene.tasks(marker))
    assert set(entry.facts) == {"marks", "digest"}
    assert own_queries.signed_on(scene.db, scene.board_id, marker) == today()
    for verb in (record, save):
        with pytest.raises(service.MarksFinal):
            verb(scene, first(scene), 0, EVIDENCE)


def test_a_board_is_complete_when_everyone_has_marked_and_signed(scene: Scene) -> None:
    for marker in scene.markers:
        assert queries.completion(scene.db, scene.board).owed
        mark_all(scene, marker)
        owed = queries.completion(scene.db, scene.board)
        service.sign(scene.db, scene.board_id, marker)
        assert owed.sheets == 1
        assert queries.completion(scene.db, scene.board).owed == owed.owed - 1
    assert not queries.completion(scene.db, scene.board).owed
    assert len(queries.marks(scene.db, scene.board_id)) == 54


def test_a_flagged_text_waits_for_everyone_until_it_is_settled(scene: Scene) -> None:
    task = first(scene)
    service.flag(scene.db, scene.board_id, task.marker, task.code)
    service.flag(scene.db, scene.board_id, task.marker, task.code)
    page = own_queries.page(scene.db, scene.board, task.marker, task.code)
    assert page.texts == ()
    with pytest.raises(service.TextUndecided):
        record(scene, task)
    others = [t for m in scene.markers[1:] for t in scene.tasks(m, QUESTIONS[0]) if t.ref == task.ref]
    for other in others:
        with pytest.raises(service.TextUndecided):
            record(scene, other)
    (check,) = text_checks(scene.db, scene.board_id)
    chair = Actor(scene.chair, frozenset({(scene.board_id, Role.CHAIR)}))
    leave(scene.db, chair, scene.board_id, [check.code])
    record(scene, task)


def test_a_flag_on_the_whole_submission_says_which_answer(scene: Scene) -> None:
    marker = scene.markers[0]
    for key in QUESTIONS:
        for task in scene.tasks(marker, key):
            record(scene, task)
    whole = first(scene, criterion="courage")
    with pytest.raises(service.WhichAnswer):
        service.flag(scene.db, scene.board_id, marker, whole.code)
    service.flag(scene.db, scene.board_id, marker, whole.code, QUESTIONS[1])
    assert undecided(scene.db, scene.board_id) == {(whole.ref, QUESTIONS[1])}
    assert own_queries.page(scene.db, scene.board, marker, whole.code).texts == ()


def test_the_blind_role_is_right_enough_to_mark_and_sign(scene: Scene, database: Database) -> None:
    scene.db.commit()
    with database.writing("blind") as blind:
        scene.db = blind
        mark_all(scene, scene.markers[0])
        service.sign(blind, scene.board_id, scene.markers[0])
    with database.reading("blind") as blind:
        assert queries.marks(blind, scene.board_id)
        assert not blind.scalars(select(MarkDraftRow).order_by(MarkDraftRow.code)).all()
