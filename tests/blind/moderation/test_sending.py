"""Further markers: who gets an answer, what waits for her, and what counts then."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.audit.queries import entries, rebuild
from panel.blind.allocation.models import ExclusionRow
from panel.blind.marking import handover, own_queries
from panel.blind.marking.models import MarkRow
from panel.blind.marking.service import MarksFinal
from panel.blind.merit.service import NotSettled, lock
from panel.blind.moderation import queries, sending
from panel.blind.moderation.answers import Standing
from panel.blind.moderation.deciding import (
    FurtherFirst,
    HadFurther,
    NothingToLookAt,
    OutWithMarker,
)
from panel.blind.moderation.models import FurtherRow
from panel.blind.moderation.sending import NoReason
from panel.blind.moderation.service import StaleScore, destroy_reasons, settle
from panel.board.conduct import Conduct, Settling
from panel.board.lifecycle import Stage, WrongStage
from panel.board.retention import DESTROYED
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId
from tests.blind.moderation.moderated import CRITERION, actor, number
from tests.blind.moderation.sent import (
    DECIDED,
    WHY,
    answer,
    given_out,
    mark,
    markers_of,
    scene_with,
    send,
    sign,
)
from tests.blind.scene import Scene


@pytest.fixture
def plain(db: Session) -> Scene:
    """A board without any of these rules; the marks of its first answer disagree."""
    return scene_with(db, Conduct())


@pytest.fixture
def first(db: Session) -> Scene:
    """A board whose rules send what disagrees to a further marker first."""
    return scene_with(db, Conduct(settling=Settling.FURTHER))


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
    seen = replace(DECIDED, seen=answer(plain, 1).version)
    settle(plain.db, plain.board_id, actor(plain, plain.chair), number(plain, 1), CRITERION, seen)
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


@pytest.mark.leak("L112")
@pytest.mark.parametrize("settled_before", [False, True])
def test_a_page_from_before_the_further_mark_settles_nothing(plain: Scene, settled_before: bool) -> None:
    """In another tab, or on the deputy's desk: whoever opened it has not seen the mark that came."""
    chair, deputy = actor(plain, plain.chair), actor(plain, plain.deputy)
    where = plain.board_id, number(plain, 0), CRITERION

    def say(who: Actor, seen: int) -> None:
        settle(plain.db, where[0], who, *where[1:], replace(DECIDED, seen=seen))

    if settled_before:
        say(chair, 0)
    before = answer(plain).version
    send(plain)
    (task,) = given_out(plain)
    mark(plain, task, 4)
    sign(plain, task)
    with pytest.raises(StaleScore):
        say(chair, before)
    say(deputy, answer(plain).version)
    for old in range(before + 2):
        with pytest.raises(StaleScore):
            say(chair, old)
    found = answer(plain)
    assert found.agreed
    assert found.agreed.marker == plain.deputy


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
    seen = replace(DECIDED, seen=answer(first).version)
    settle(first.db, first.board_id, chair, number(first, 0), CRITERION, seen)
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
    with pytest.raises(sending.AskedMeanwhile):
        sending.ask_another(plain.db, plain.board_id, actor(plain, plain.deputy), number(plain, 1), CRITERION, seen=4)
    assert given_out(plain) == [again], "a form sent twice takes nothing from whoever was asked instead"
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
    with pytest.raises(MarksFinal):
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
