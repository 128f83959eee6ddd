"""A submission set aside while the panel marks: gone from every queue, and owed by nobody."""

import pytest
from sqlalchemy import func, select

from panel.access.roles import Role
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State, TaskRow
from panel.blind.marking import handover, own_queries, queries, service
from panel.blind.marking.models import MarkDraftRow, MarkRevisionRow, MarkRow
from panel.blind.marking.setting_aside import set_aside
from panel.blind.submissions import queries as submissions
from panel.blind.submissions import text_queries
from panel.blind.submissions.texts import flag
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId, Number, SubmissionRef
from tests.blind.scene import EVIDENCE, QUESTIONS, Scene

pytestmark = pytest.mark.vault("V15")


@pytest.fixture
def scene(db) -> Scene:  # type: ignore[no-untyped-def] # the session of tests/conftest.py
    return Scene.marking(db)


def numbered(scene: Scene) -> tuple[SubmissionRef, Number]:
    ref, number = next(iter(submissions.numbers(scene.db, scene.board_id).items()))
    return ref, number


def holder(scene: Scene, ref: SubmissionRef) -> allocation.Task:
    """Somebody's task on it that can be marked now."""
    tasks = (task for marker in scene.markers for task in allocation.tasks(scene.db, scene.board_id, marker))
    return next(task for task in tasks if task.ref == ref and task.criterion == QUESTIONS[0])


def mark(scene: Scene, task: allocation.Task) -> None:
    typed = {"score": 3, "evidence": EVIDENCE, "version": 0}
    service.record(scene.db, scene.board_id, task.marker, task.code, **typed)


def rows(scene: Scene, table: type, ref: SubmissionRef) -> int:
    return scene.db.scalar(select(func.count()).where(table.ref == ref)) or 0  # type: ignore[attr-defined]


def test_its_tasks_are_gone_and_nobody_gets_others(scene: Scene) -> None:
    ref, number = numbered(scene)
    task = holder(scene, ref)
    set_aside(scene.db, scene.board_id, number)
    with pytest.raises(Missing):
        own_queries.page(scene.db, scene.board, task.marker, task.code)
    with pytest.raises(Missing):
        mark(scene, task)
    handover.refill(scene.db, scene.board_id, scene.chair, Role.CHAIR)
    states = set(scene.db.scalars(select(TaskRow.state).where(TaskRow.ref == ref).order_by(TaskRow.code)))
    assert states == {State.WITHDRAWN}
    assert not allocation.shortfall(scene.db, scene.board)
    assert queries.completion(scene.db, scene.board).unmarked == 0


def test_what_was_not_yet_signed_of_it_is_forgotten_so_that_nobody_owes_a_signature(scene: Scene) -> None:
    ref, number = numbered(scene)
    task = holder(scene, ref)
    mark(scene, task)
    service.save_draft(scene.db, scene.board_id, task.marker, task.code, score=2, evidence="Again.", version=1)
    set_aside(scene.db, scene.board_id, number)
    assert [rows(scene, table, ref) for table in (MarkRow, MarkRevisionRow)] == [0, 0]
    assert scene.db.get(MarkDraftRow, task.code, populate_existing=True) is None
    assert not any(each.unsigned for each in queries.progress(scene.db, scene.board_id))


def test_what_was_signed_stays(scene: Scene) -> None:
    ref, number = numbered(scene)
    task = holder(scene, ref)
    mark(scene, task)
    scene.db.get(MarkRow, (ref, task.criterion, task.marker)).signed = True  # type: ignore[union-attr]
    set_aside(scene.db, scene.board_id, number)
    assert rows(scene, MarkRow, ref) == 1


def test_the_line_of_a_marker_who_stepped_aside_stays_as_it_is(scene: Scene) -> None:
    ref, number = numbered(scene)
    task = holder(scene, ref)
    handover.recognise(scene.db, scene.board_id, task.marker, task.code)
    before = lines(scene, task.marker)
    set_aside(scene.db, scene.board_id, number)
    after = lines(scene, task.marker)
    assert (str(task.code), "stepped_aside") in before & after


def lines(scene: Scene, marker: MarkerId) -> set[tuple[str, str]]:
    return {(str(each.code), each.state.value) for each in allocation.tasks(scene.db, scene.board_id, marker)}


def test_its_texts_are_no_longer_to_be_looked_at(scene: Scene) -> None:
    ref, number = numbered(scene)
    flag(scene.db, scene.board_id, ref, QUESTIONS[0])
    assert text_queries.texts_open(scene.db, scene.board_id) == 1
    set_aside(scene.db, scene.board_id, number)
    assert text_queries.texts_open(scene.db, scene.board_id) == 0
    assert text_queries.text_checks(scene.db, scene.board_id) == ()


def test_a_number_of_another_board_is_not_found(scene: Scene) -> None:
    _, number = numbered(Scene.marking(scene.db, candidates=1))
    with pytest.raises(Missing):
        set_aside(scene.db, scene.board_id, number)
