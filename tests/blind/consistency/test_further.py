"""Sending an answer to a further marker: an ordinary task, a mark beside the others once signed, no lock before."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.queries import roles
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.allocation import queries as allocation
from panel.blind.allocation import reallocation
from panel.blind.allocation.models import ExclusionRow, State
from panel.blind.allocation.queries import Task
from panel.blind.consistency.service import send_further
from panel.blind.marking import handover, lead, service
from panel.blind.marking.models import MarkRow
from panel.blind.merit.service import NotSettled, lock
from panel.blind.moderation import queries as moderation
from panel.blind.submissions.queries import numbers
from panel.blind.training.practice import panel_code
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.database import Database
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId, Number
from tests.blind.consistency.judged import CRITERION, further, judged
from tests.blind.moderation.visitors import Visitor
from tests.blind.scene import EVIDENCE, Scene

Enter = Callable[[MarkerId], Visitor]


@pytest.fixture
def scene(db: Session) -> Scene:
    return judged(Scene.marking(db, candidates=4, markers=5))


def first(scene: Scene) -> Number:
    return numbers(scene.db, scene.board_id)[scene.refs[0]]


def send(scene: Scene, who: MarkerId | None = None, number: Number | None = None, criterion: str = CRITERION) -> None:
    leader = who or scene.chair
    actor = Actor(leader, roles(scene.db, leader))
    send_further(scene.db, scene.board_id, actor, number or first(scene), criterion)


def sent(scene: Scene) -> list[Task]:
    """The tasks that are open."""
    return [task for marker in scene.markers for task in scene.tasks(marker) if task.state is State.OPEN]


def mark(scene: Scene, task: Task, score: int = 3) -> None:
    service.record(scene.db, scene.board_id, task.marker, task.code, score=score, evidence=EVIDENCE, version=0)


def marks(scene: Scene) -> int:
    return len(moderation.answer(scene.db, scene.board, first(scene), CRITERION).marks)


def test_a_marker_who_had_it_not_gets_an_ordinary_task_after_her_others(scene: Scene) -> None:
    before = {
        task.marker for marker in scene.markers for task in scene.tasks(marker, CRITERION) if task.ref == scene.refs[0]
    }
    send(scene)
    (task,) = sent(scene)
    assert task.marker not in before
    assert (task.ref, task.criterion) == (scene.refs[0], CRITERION)
    assert task.position == max(each.position for each in scene.tasks(task.marker, CRITERION))


def test_its_mark_counts_once_it_is_signed_and_nobody_locks_before(scene: Scene) -> None:
    rows = select(MarkRow.marker, MarkRow.score, MarkRow.evidence).order_by(
        MarkRow.ref, MarkRow.criterion, MarkRow.marker
    )
    before = set(scene.db.execute(rows).all())
    send(scene)
    (task,) = sent(scene)
    assert (marks(scene), moderation.unsettled(scene.db, scene.board_id)) == (3, 1)
    mark(scene, task)
    assert (marks(scene), moderation.unsettled(scene.db, scene.board_id)) == (3, 1)
    with pytest.raises(NotSettled):
        lock(scene.db, scene.board_id)
    service.sign(scene.db, scene.board_id, task.marker)
    assert marks(scene) == 4
    left = moderation.answer(scene.db, scene.board, first(scene), CRITERION).discrepancy.disputed
    assert moderation.unsettled(scene.db, scene.board_id) == int(left)
    assert before <= set(scene.db.execute(rows).all())


def test_signed_marks_stay_final_while_a_further_one_is_made(scene: Scene) -> None:
    send(scene)
    (task,) = sent(scene)
    old = next(each for each in scene.tasks(task.marker) if each.state is State.DONE)
    with pytest.raises(service.MarksFinal):
        service.record(scene.db, scene.board_id, old.marker, old.code, score=0, evidence=EVIDENCE, version=1)


def test_it_is_logged_by_number_without_the_marker(scene: Scene) -> None:
    send(scene, scene.deputy)
    (entry,) = entries(scene.db, scene.board_id, "answer.sent_further")
    assert (entry.actor, entry.role) == (scene.deputy, "deputy")
    assert entry.facts == {"number": first(scene), "criterion": CRITERION}


def test_one_further_marker_is_all_an_answer_gets(scene: Scene) -> None:
    send(scene)
    with pytest.raises(handover.SentAlready):
        send(scene)
    (task,) = sent(scene)
    mark(scene, task)
    service.sign(scene.db, scene.board_id, task.marker)
    with pytest.raises(handover.SentAlready):
        send(scene)


@pytest.mark.parametrize("stage", [Stage.MARKING, Stage.LOCKED, Stage.UNSEALED, Stage.CANCELLED])
def test_it_belongs_to_moderation_alone(scene: Scene, stage: Stage) -> None:
    scene.move(stage)
    with pytest.raises(WrongStage):
        send(scene)


def test_nobody_else_sends_and_nothing_unknown_is_sent(scene: Scene) -> None:
    for who in (scene.markers[0], scene.hr, MarkerId.new()):
        with pytest.raises(Missing):
            send(scene, who)
    with pytest.raises(Missing):
        send(scene, number=Number(100_000))
    with pytest.raises(Missing):
        send(scene, criterion="we-levitate")


@pytest.mark.leak("L109")
@pytest.mark.leak("L115")
def test_who_recognises_it_passes_it_on_and_who_drops_out_too(scene: Scene) -> None:
    send(scene)
    (task,) = sent(scene)
    handover.recognise(scene.db, scene.board_id, task.marker, task.code)
    (again,) = sent(scene)
    assert again.marker != task.marker
    assert (again.ref, again.criterion) == (task.ref, task.criterion)
    chair, code = Actor(scene.chair, roles(scene.db, scene.chair)), panel_code(scene.board.draw, again.marker)
    shown = lead.leaver(scene.db, chair, scene.board_id, code)
    assert (shown.open, shown.placed) == (1, 0)
    passed = handover.relieve(scene.db, scene.board_id, again.marker, scene.chair, Role.CHAIR)
    assert (sent(scene), passed.dealt, passed.shortfall.answers) == ([], 0, 1)
    assert moderation.unsettled(scene.db, scene.board_id) == 0


def test_an_unsigned_mark_of_one_who_dropped_out_stands(scene: Scene) -> None:
    send(scene)
    (task,) = sent(scene)
    mark(scene, task)
    handover.relieve(scene.db, scene.board_id, task.marker, scene.chair, Role.CHAIR)
    assert (marks(scene), moderation.unsettled(scene.db, scene.board_id)) == (4, 0)


def test_nobody_is_free_on_a_panel_that_has_all_marked_it(db: Session) -> None:
    scene = judged(Scene.marking(db, candidates=3, markers=3))
    with pytest.raises(handover.NobodyFree):
        send(scene)
    assert not entries(db, scene.board_id, "answer.sent_further")


@pytest.mark.leak("L42")
def test_what_finds_nobody_never_points_at_one_submission(db: Session) -> None:
    """One marker is left for each answer, and one candidate declared her: others are refused with it that could go."""
    scene = Scene.closed(db, candidates=14, markers=4)
    db.add(ExclusionRow(ref=scene.refs[0], marker=scene.markers[0]))
    db.flush()
    scene.begin()
    judged(scene)
    refused = set()
    for ref, number in numbers(db, scene.board_id).items():
        try:
            send(scene, number=number)
        except handover.NobodyFree:
            refused.add(ref)
    assert scene.refs[0] in refused
    assert len(refused) >= 3


def test_several_answers_find_one_more_marker_each(scene: Scene) -> None:
    answers = [(ref, CRITERION) for ref in scene.refs]
    dealt, lacking = reallocation.further(scene.db, scene.board, answers)
    assert (dealt, lacking.answers) == (4, 0)
    assert len(allocation.still_open(scene.db, scene.board_id)) == 4


def test_chair_sends_and_the_marker_marks_and_signs_at_the_front_door(database: Database, enter: Enter) -> None:
    with database.writing() as db:
        scene = judged(Scene.marking(db, candidates=4, markers=5))
        number = first(scene)
    chair = enter(scene.chair)
    answered = chair.post(further(scene, number))
    assert answered.status_code == 303
    page = chair.get(answered.location).text
    assert "Waited for" in page
    assert "The answer is sent to a further marker." in page
    assert chair.post(further(scene, number)).status_code == 409
    with database.reading() as scene.db:
        (task,) = sent(scene)
    marker = enter(task.marker)
    home = f"/panel/{scene.board_id}/marking"
    assert f"{home}/{task.code}" in marker.get(home).text
    said = marker.get(f"{home}/{task.code}").text
    assert str(number) not in said
    assert "further" not in said
    marker.post(f"{home}/{task.code}", score="3", evidence=EVIDENCE, version="0", then="next")
    assert "Check and sign your marks" in marker.get(home).text
    assert marker.post(f"{home}/sheet").status_code == 303
    assert "Marking is finished." in marker.get(home).text
    assert "No longer waited for" in chair.get(answered.location).text
