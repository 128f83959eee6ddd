"""Further markers: who gets an answer, what waits for her, and what counts then. Looks, and who may let marks stand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit.queries import entries, rebuild
from panel.blind.allocation.models import ExclusionRow
from panel.blind.allocation.queries import State, Task
from panel.blind.marking import handover, own_queries, service
from panel.blind.marking.models import MarkRow
from panel.blind.marking.service import MarksFinal
from panel.blind.merit.service import NotSettled, lock
from panel.blind.moderation import queries, sending
from panel.blind.moderation.answers import Answer, Settlement, Standing
from panel.blind.moderation.deciding import (
    DecidedRedaction,
    FurtherFirst,
    HadFurther,
    NothingToLookAt,
    OutWithMarker,
)
from panel.blind.moderation.looks import Cause
from panel.blind.moderation.models import FurtherRow
from panel.blind.moderation.sending import NoReason
from panel.blind.moderation.service import destroy_reasons, settle
from panel.board.conduct import Conduct, Settling
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import PassRule
from panel.board.retention import DESTROYED
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number, redact, rules
from tests.blind.scene import EVIDENCE, POLICY, Scene

WHY = "One marker reads the second paragraph otherwise."
DECIDED = Settlement(2, "It says what was done and not what followed.", seen=0)


def scene_with(db: Session, conduct: Conduct, *, markers: int = 5, given: tuple[int, ...] = (1, 2, 3)) -> Scene:
    scene = Scene.closed(db, candidates=4, markers=markers)
    rules(scene, replace(POLICY, conduct=conduct))
    scene.begin()
    return moderated(scene, {(0, CRITERION): given})


@pytest.fixture
def plain(db: Session) -> Scene:
    """A board without any of these rules; the marks of its first answer disagree."""
    return scene_with(db, Conduct())


@pytest.fixture
def first(db: Session) -> Scene:
    """A board whose rules send what disagrees to a further marker first."""
    return scene_with(db, Conduct(settling=Settling.FURTHER))


def answer(scene: Scene, place: int = 0) -> Answer:
    return queries.answer(scene.db, scene.board, number(scene, place), CRITERION)


def send(scene: Scene, place: int = 0, by: MarkerId | None = None, reason: str = WHY) -> bool:
    who = actor(scene, by or scene.chair)
    return sending.further(scene.db, scene.board_id, scene.refs[place], CRITERION, who, reason=reason)


def given_out(scene: Scene) -> list[Task]:
    every = [task for marker in scene.markers for task in scene.tasks(marker)]
    return [task for task in every if task.state is State.OPEN]


def mark(scene: Scene, task: Task, score: int) -> None:
    service.record(scene.db, scene.board_id, task.marker, task.code, score=score, evidence=EVIDENCE, version=0)


def markers_of(scene: Scene, place: int) -> set[MarkerId]:
    here = (MarkRow.ref == scene.refs[place]) & (MarkRow.criterion == CRITERION)
    return set(scene.db.scalars(select(MarkRow.marker).where(here).order_by(MarkRow.marker)))


def sign(scene: Scene, task: Task) -> None:
    service.sign(scene.db, scene.board_id, task.marker)


def test_a_further_marker_never_had_the_answer_and_is_asked_by_a_task_like_any_other(plain: Scene) -> None:
    had = markers_of(plain, 1)
    assert send(plain, 1)
    (task,) = given_out(plain)
    assert (task.ref, task.criterion) == (plain.refs[1], CRITERION)
    assert task.marker not in had


def test_her_mark_counts_once_it_is_signed_and_then_the_mean_is_of_all(plain: Scene) -> None:
    send(plain, 1)
    (task,) = given_out(plain)
    assert answer(plain, 1).standing is Standing.WAITING
    mark(plain, task, 4)
    assert answer(plain, 1).standing is Standing.WAITING
    assert len(answer(plain, 1).marks) == 3
    sign(plain, task)
    found = answer(plain, 1)
    assert (found.standing, len(found.marks)) == (Standing.AGREES, 4)
    assert found.score == Fraction(sum(mark.score for mark in found.marks), 4)


def test_a_further_mark_outside_the_tolerance_leaves_it_to_the_chair(plain: Scene) -> None:
    send(plain, 1)
    (task,) = given_out(plain)
    mark(plain, task, 1)
    sign(plain, task)
    assert answer(plain, 1).standing is Standing.TO_SETTLE
    settle(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 1), CRITERION, DECIDED)
    assert answer(plain, 1).score == 2


def test_nothing_is_decided_while_an_answer_is_out_and_nobody_locks(plain: Scene) -> None:
    settle(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 0), CRITERION, DECIDED)
    assert queries.unsettled(plain.db, plain.board_id) == 0
    send(plain, 1)
    with pytest.raises(OutWithMarker):
        settle(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 1), CRITERION, DECIDED)
    assert queries.unsettled(plain.db, plain.board_id) == 1
    with pytest.raises(NotSettled):
        lock(plain.db, plain.board_id)


def test_an_agreed_score_falls_away_when_a_mark_comes_that_nobody_had_seen(plain: Scene) -> None:
    settle(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 0), CRITERION, DECIDED)
    send(plain)
    (task,) = given_out(plain)
    mark(plain, task, 2)
    sign(plain, task)
    assert (answer(plain).standing, answer(plain).agreed) == (Standing.TO_SETTLE, None)


def test_rules_that_want_a_further_mark_first_refuse_the_chair_until_it_is_there(first: Scene) -> None:
    chair = actor(first, first.chair)
    assert answer(first).standing is Standing.TO_SEND
    with pytest.raises(FurtherFirst):
        settle(first.db, first.board_id, chair, number(first, 0), CRITERION, DECIDED)
    assert sending.send_disputed(first.db, first.board_id, chair) == 1
    assert sending.send_disputed(first.db, first.board_id, chair) == 0
    (task,) = given_out(first)
    mark(first, task, 2)
    sign(first, task)
    settle(first.db, first.board_id, chair, number(first, 0), CRITERION, DECIDED)
    assert answer(first).standing is Standing.SETTLED
    assert len(answer(first).marks) == 4


def test_where_nobody_is_left_to_mark_it_the_chair_settles_without(db: Session) -> None:
    scene = scene_with(db, Conduct(settling=Settling.FURTHER), markers=3)
    assert sending.send_disputed(db, scene.board_id, actor(scene, scene.chair)) == 0
    assert answer(scene).standing is Standing.TO_SETTLE


def test_nobody_whom_the_candidate_declared_is_asked(db: Session) -> None:
    scene = scene_with(db, Conduct(), markers=4)
    (left,) = set(scene.markers) - markers_of(scene, 0)
    db.add(ExclusionRow(ref=scene.refs[0], marker=left))
    db.flush()
    assert not send(scene)
    assert not given_out(scene)


def test_an_answer_is_sent_once(plain: Scene) -> None:
    send(plain, 1)
    with pytest.raises(OutWithMarker):
        send(plain, 1)
    (task,) = given_out(plain)
    mark(plain, task, 3)
    sign(plain, task)
    with pytest.raises(HadFurther):
        send(plain, 1)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 4001])
def test_whoever_sends_it_says_why(plain: Scene, reason: str) -> None:
    with pytest.raises(NoReason):
        send(plain, 1, reason=reason)
    assert not given_out(plain)


def test_another_is_asked_when_the_mark_does_not_come_and_what_was_written_is_forgotten(plain: Scene) -> None:
    send(plain, 1)
    (task,) = given_out(plain)
    mark(plain, task, 0)
    assert sending.ask_another(plain.db, plain.board_id, actor(plain, plain.deputy), number(plain, 1), CRITERION)
    (again,) = given_out(plain)
    assert again.marker != task.marker
    assert (
        len(
            list(
                plain.db.scalars(
                    select(MarkRow.score)
                    .where(MarkRow.ref == plain.refs[1], MarkRow.criterion == CRITERION)
                    .order_by(MarkRow.marker)
                )
            )
        )
        == 3
    )
    assert not sending.ask_another(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 1), CRITERION)
    assert answer(plain, 1).standing is Standing.AGREES
    with pytest.raises(NothingToLookAt):
        sending.ask_another(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 1), CRITERION)


@pytest.mark.leak("L115")
def test_a_further_marker_who_recognises_the_writer_steps_aside_and_another_is_asked(plain: Scene) -> None:
    send(plain, 1)
    (task,) = given_out(plain)
    handover.recognise(plain.db, plain.board_id, task.marker, task.code)
    (again,) = given_out(plain)
    assert again.marker != task.marker
    assert answer(plain, 1).standing is Standing.WAITING


def test_what_was_signed_before_moderation_stays_as_it_is(plain: Scene) -> None:
    her = plain.markers[0]
    old = plain.tasks(her, CRITERION)[0]
    with pytest.raises(WrongStage):
        mark(plain, old, 0)
    with pytest.raises(MarksFinal):
        handover.recognise(plain.db, plain.board_id, her, old.code)


@pytest.mark.leak("L107")
def test_the_page_of_a_further_marker_says_nothing_of_why(plain: Scene) -> None:
    send(plain, 1)
    (task,) = given_out(plain)
    page = own_queries.page(plain.db, plain.board, task.marker, task.code)
    assert page.saved == own_queries.Saved()
    assert page.in_turn
    assert WHY not in repr(page)


def test_sending_is_logged_by_number_without_the_reason(plain: Scene, first: Scene) -> None:
    send(plain, 1, by=plain.deputy)
    (entry,) = entries(plain.db, plain.board_id, "answer.sent_on")
    assert (entry.actor, entry.facts["number"], entry.facts["found"]) == (plain.deputy, number(plain, 1), 1)
    sending.send_disputed(first.db, first.board_id, actor(first, first.chair))
    (batch,) = entries(first.db, first.board_id, "answers.sent_on")
    assert batch.facts == {"criterion": CRITERION, "numbers": [number(first, 0)]}
    assert WHY not in str(entry.facts)
    assert rebuild(plain.db, plain.board_id).sound


def test_the_reason_is_destroyed_with_the_others(plain: Scene) -> None:
    send(plain, 1)
    destroy_reasons(plain.db, plain.board_id)
    assert plain.db.scalar(select(FurtherRow.reason).where(FurtherRow.ref == plain.refs[1])) == DESTROYED


def test_a_sample_is_looked_at_before_the_lock(db: Session) -> None:
    scene = scene_with(db, Conduct(sample_percent=100))
    chair = actor(scene, scene.chair)
    found = answer(scene, 1)
    assert (found.standing, found.course.causes) == (Standing.TO_LOOK_AT, (Cause.SAMPLE,))
    left = queries.unsettled(db, scene.board_id)
    sending.let_stand(db, scene.board_id, chair, number(scene, 1), CRITERION)
    assert answer(scene, 1).standing is Standing.AGREES
    assert queries.unsettled(db, scene.board_id) == left - 1
    (entry,) = entries(db, scene.board_id, "answer.looked_at")
    assert entry.facts == {"number": number(scene, 1), "criterion": CRITERION}
    with pytest.raises(NothingToLookAt):
        sending.let_stand(db, scene.board_id, chair, number(scene, 1), CRITERION)


def test_sending_it_on_is_a_look_too(db: Session) -> None:
    scene = scene_with(db, Conduct(sample_percent=100))
    send(scene, 1)
    (task,) = given_out(scene)
    mark(scene, task, 3)
    sign(scene, task)
    assert answer(scene, 1).standing is Standing.AGREES


def test_marks_across_the_pass_mark_are_looked_at(db: Session) -> None:
    scene = Scene.closed(db, candidates=2)
    rules(scene, replace(POLICY, conduct=Conduct(pass_line=True), pass_rule=PassRule(PassRule().total + 11)))
    scene.begin()
    moderated(scene, {(1, key): (3, 3, 3) for key in POLICY.keys})
    assert answer(scene, 0).course.causes == (Cause.CROSSING,)
    assert answer(scene, 1).standing is Standing.AGREES


def test_whoever_decided_a_redaction_leaves_looking_and_sending_to_another(db: Session) -> None:
    scene = scene_with(db, Conduct(sample_percent=100))
    redact(scene, 1, scene.chair)
    with pytest.raises(DecidedRedaction):
        sending.let_stand(db, scene.board_id, actor(scene, scene.chair), number(scene, 1), CRITERION)
    with pytest.raises(DecidedRedaction):
        send(scene, 1)
    send(scene, 1, by=scene.deputy)


@pytest.mark.leak("L70")
def test_nobody_else_sends_or_looks_and_only_in_moderation(plain: Scene) -> None:
    for who in (plain.markers[0], plain.hr, MarkerId.new()):
        with pytest.raises(Missing):
            send(plain, 1, by=who)
        with pytest.raises(Missing):
            sending.send_disputed(plain.db, plain.board_id, actor(plain, who))
    plain.move(Stage.LOCKED)
    with pytest.raises(WrongStage):
        send(plain, 1)


@pytest.mark.leak("L111")
def test_no_mark_is_touched_and_nobodys_maximum_wins(plain: Scene) -> None:
    def marks() -> dict[tuple[object, ...], int]:
        columns = MarkRow.ref, MarkRow.criterion, MarkRow.marker
        rows = plain.db.execute(select(*columns, MarkRow.score).order_by(*columns))
        return {tuple(row[:3]): row[3] for row in rows}

    before = marks()
    send(plain, 1)
    (task,) = given_out(plain)
    mark(plain, task, 4)
    sign(plain, task)
    assert before.items() <= marks().items()
    assert answer(plain, 1).score < max(each.score for each in answer(plain, 1).marks)
