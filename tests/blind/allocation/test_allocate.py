"""Tasks are dealt to the panel, and pass on."""

from collections import Counter
from itertools import pairwise

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.blind.allocation import pool_queries, queries, reallocation, service
from panel.blind.allocation.forecast import forecast
from panel.blind.allocation.models import ExclusionRow, State, TaskRow
from panel.blind.training.queries import qualified_by_criterion
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.clock import today
from panel.kernel.ids import MarkerId, TaskCode
from tests.blind.scene import Scene, everybody


def loads(scene: Scene) -> list[int]:
    return sorted(load.live for load in queries.loads(scene.db, scene.board_id).values())


def holders(scene: Scene) -> Counter[int]:
    held = Counter((task.ref, task.criterion) for task in everybody(scene) if task.state in queries.LIVE)
    return Counter(held.values())


def test_every_answer_gets_its_markers_as_tasks(db: Session) -> None:
    scene = Scene.marking(db)
    assert holders(scene) == {3: 6 * 3}
    assert loads(scene) == [10, 11, 11, 11, 11]
    assert not queries.shortfall(db, scene.board)


def test_allocation_is_logged_as_counts(db: Session) -> None:
    scene = Scene.marking(db)
    (entry,) = entries(db, scene.board_id)
    assert (entry.kind, entry.actor, entry.facts) == (
        "tasks.allocated",
        scene.hr,
        {"answers": 18, "markers": 5, "tasks": 54, "lacking": 0},
    )


def test_a_marker_gets_only_answers_to_the_criteria_she_has_qualified_for(db: Session) -> None:
    scene = Scene.closed(db, markers=4)
    part = scene.join(qualified=False)
    scene.qualify(part, "we-collaborate")
    assert not scene.begin()
    assert {task.criterion for task in scene.tasks(part)} == {"we-collaborate"}
    assert holders(scene) == {3: 6 * 3}


def test_tasks_pass_on_only_to_those_who_have_qualified_for_them(db: Session) -> None:
    scene = Scene.marking(db, markers=4)
    late = scene.join(qualified=False)
    scene.qualify(late, "courage")
    reallocation.relieve(db, scene.board, scene.markers[0])
    assert {task.criterion for task in scene.tasks(late)} == {"courage"}
    assert holders(scene)[3] == 6 * 3


def test_foreseen_counts_those_who_have_qualified_criterion_by_criterion(db: Session) -> None:
    scene = Scene.closed(db, markers=2)
    scene.qualify(scene.join(qualified=False), "courage")
    able = qualified_by_criterion(db, scene.board_id, today())
    assert queries.foreseen(db, scene.board, able).sentences == ("12 answers lack 1 marker.",)
    assert scene.begin().sentences == ("12 answers lack 1 marker.",)


def test_what_is_forecast_is_what_is_dealt_though_some_have_qualified_for_one_criterion_only(db: Session) -> None:
    scene = Scene.closed(db, markers=3)
    scene.qualify(scene.join(qualified=False), "courage")
    told = forecast(db, scene.board)
    scene.begin()
    assert told == queries.shares(db, scene.board_id)


def test_what_is_passed_on_is_placed_in_the_same_order_in_whatever_order_it_comes(db: Session) -> None:
    scene = Scene.marking(db)
    one, other = (list(reallocation.lacking(scene.board, refs, {})) for refs in (scene.refs, scene.refs[::-1]))
    assert one == other


@pytest.mark.leak("L12")
def test_codes_are_fresh_for_every_marker_and_answer(db: Session) -> None:
    first, second = Scene.marking(db), Scene.marking(db)
    codes = [task.code for scene in (first, second) for task in everybody(scene)]
    assert len(set(codes)) == len(codes) == 2 * 54
    assert all(len(code) == TaskCode.LENGTH for code in codes)
    shown = [{task.code for task in first.tasks(marker)} for marker in first.markers]
    assert not set.intersection(*shown)


@pytest.mark.leak("L14")
def test_codes_tell_neither_their_marker_nor_her_order(db: Session) -> None:
    scene = Scene.marking(db, candidates=40, markers=4)
    for key in scene.policy.keys:
        own = [task.code for task in scene.tasks(scene.markers[0], key)]
        others = [task.code for task in scene.tasks(scene.markers[1], key)]
        rises = sum(a < b for a, b in pairwise(own))
        assert rises < len(own) - 1
        assert min(own) < max(others)
        assert min(others) < max(own)


@pytest.mark.leak("L13")
def test_a_code_drawn_twice_is_drawn_again(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = everybody(Scene.marking(db))[0].code
    fresh = TaskCode.new
    drawn = iter([taken, taken])
    monkeypatch.setattr(TaskCode, "new", lambda: next(drawn, None) or fresh())
    scene = Scene.marking(db)
    assert len({task.code for task in everybody(scene)} | {taken}) == 55


@pytest.mark.leak("L13")
def test_the_database_refuses_a_second_task_with_the_same_code(db: Session) -> None:
    scene = Scene.marking(db)
    task = everybody(scene)[0]
    same = {"code": task.code, "board": scene.board_id, "marker": MarkerId.new(), "ref": task.ref}
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(insert(TaskRow).values(**same, criterion="courage", position=1, state=State.OPEN))


@pytest.mark.leak("L108")
def test_positions_count_from_one_for_each_marker_and_question(db: Session) -> None:
    scene = Scene.marking(db)
    for marker in scene.markers:
        for key in scene.policy.keys:
            own = scene.tasks(marker, key)
            assert [task.position for task in own] == list(range(1, len(own) + 1))


def test_only_qualified_markers_get_tasks(db: Session) -> None:
    scene = Scene.closed(db, markers=4)
    newcomer = scene.join(qualified=False)
    scene.begin()
    assert scene.tasks(newcomer) == []


def test_nothing_is_allocated_twice_or_outside_a_closed_board_or_to_nobody(db: Session) -> None:
    scene = Scene.closed(db)
    service.allocate(db, scene.board_id, scene.hr)
    with pytest.raises(service.AlreadyAllocated):
        service.allocate(db, scene.board_id, scene.hr)
    scene.move(Stage.OPEN)
    with pytest.raises(WrongStage):
        service.allocate(db, scene.board_id, scene.hr)
    with pytest.raises(service.NobodyQualified):
        Scene.closed(db, markers=0).begin()


@pytest.mark.leak("L42")
def test_declared_people_meet_nothing_of_the_submission(db: Session) -> None:
    scene = Scene.closed(db, candidates=20, markers=6)
    for n, ref in enumerate(scene.refs):
        service.exclude(db, ref, [scene.markers[n % 6], scene.chair])
    scene.begin()
    for n, ref in enumerate(scene.refs):
        assert ref not in {task.ref for task in scene.tasks(scene.markers[n % 6])}
    assert holders(scene) == {3: 20 * 3}


@pytest.mark.leak("L42")
def test_the_log_tells_of_no_exclusion(db: Session) -> None:
    scene = Scene.closed(db, candidates=2, markers=4)
    service.exclude(db, scene.refs[0], scene.markers[:2])
    assert scene.begin().lacks == ((1, 3),)
    (entry,) = entries(db, scene.board_id)
    assert entry.facts == {"answers": 6, "markers": 4, "tasks": 15, "lacking": 3}
    assert not any(marker.hex() in str(entry.facts) for marker in scene.markers)


def test_a_shortfall_is_foreseen_before_and_counted_after(db: Session) -> None:
    scene = Scene.closed(db, candidates=4, markers=4)
    service.exclude(db, scene.refs[0], scene.markers[:2])
    service.exclude(db, scene.refs[1], scene.markers)
    foreseen = queries.foreseen(db, scene.board, dict.fromkeys(scene.markers, frozenset(scene.policy.keys)))
    assert foreseen.lacks == ((1, 3), (3, 3))
    assert scene.begin() == foreseen
    assert queries.shortfall(db, scene.board) == foreseen


def test_declared_leaders_stand_back(db: Session) -> None:
    scene, other = Scene.closed(db), Scene.closed(db)
    service.exclude(db, scene.refs[0], [scene.chair, scene.markers[0]])
    service.exclude(db, other.refs[0], [other.deputy])
    assert queries.excluded_leaders(db, scene.board_id) == {scene.chair}
    assert queries.excluded_leaders(db, other.board_id) == {other.deputy}


def test_exclusions_are_forgotten_with_their_submission_and_survive_the_rewriting(db: Session) -> None:
    scene = Scene.closed(db)
    for ref in scene.refs:
        service.exclude(db, ref, scene.markers[:2])
    service.forget(db, scene.refs[0])
    service.rewrite(db, scene.board_id)
    kept = pool_queries.exclusions(db, scene.board_id)
    assert kept == {ref: set(scene.markers[:2]) for ref in scene.refs[1:]}
    assert len(db.scalars(select(ExclusionRow.ref).order_by(ExclusionRow.ref)).all()) == 10


@pytest.mark.leak("L110")
@pytest.mark.parametrize("marked", [0, 4, 10])
def test_who_drops_out_keeps_what_is_done_and_the_rest_passes_on(db: Session, marked: int) -> None:
    scene = Scene.marking(db)
    leaver = scene.markers[0]
    done = [task.code for task in scene.tasks(leaver)][:marked]
    service.set_state(db, done, State.DONE)
    passed = reallocation.relieve(db, scene.board, leaver)
    assert [task.code for task in scene.tasks(leaver)] == done
    assert passed.dealt == len(passed.codes)
    assert holders(scene) == {3: 18}
    rest = [queries.loads(db, scene.board_id)[marker].live for marker in scene.markers[1:]]
    # what the others have does not move, so a few tasks may find nobody light enough
    assert max(rest) - min(rest) <= (1 if not marked else 2)


@pytest.mark.leak("L110")
def test_passing_on_respects_exclusions_and_says_what_nobody_is_left_to_mark(db: Session) -> None:
    scene = Scene.closed(db, candidates=4, markers=4)
    service.exclude(db, scene.refs[0], scene.markers[:1])
    scene.begin()
    leaver = scene.markers[1]
    passed = reallocation.relieve(db, scene.board, leaver)
    assert passed.shortfall.lacks == ((1, 3),)
    assert queries.shortfall(db, scene.board).lacks == ((1, 3),)
    assert scene.refs[0] not in {task.ref for task in scene.tasks(scene.markers[0])}


def test_one_who_dropped_out_gets_no_more_tasks_and_a_newcomer_fills_the_gap(db: Session) -> None:
    scene = Scene.marking(db, candidates=2, markers=4)
    for marker in scene.markers[:2]:
        reallocation.relieve(db, scene.board, marker)
    assert queries.shortfall(db, scene.board).lacks == ((1, 6),)
    newcomer = scene.join()
    dealt, shortfall = reallocation.refill(db, scene.board, scene.refs)
    assert (dealt, bool(shortfall)) == (6, False)
    assert len(scene.tasks(newcomer)) == 6
    assert everybody(scene, scene.markers[:2]) == []


@pytest.mark.leak("L115")
def test_stepping_aside_passes_on_all_that_is_unmarked_of_the_submission(db: Session) -> None:
    scene = Scene.marking(db, candidates=5, markers=4)
    task = next(t for t in everybody(scene) if len([o for o in scene.tasks(t.marker) if o.ref == t.ref]) == 3)
    first, *rest = [each for each in scene.tasks(task.marker) if each.ref == task.ref]
    service.set_state(db, [rest[0].code], State.DONE)
    passed = reallocation.step_aside(db, scene.board, first)
    assert set(passed.codes) == {first.code, rest[1].code}
    states = {each.code: each.state for each in scene.tasks(task.marker) if each.ref == task.ref}
    assert states == {first.code: State.STEPPED_ASIDE, rest[0].code: State.DONE}
    again = reallocation.refill(db, scene.board, scene.refs)
    assert first.ref not in {each.ref for each in scene.tasks(task.marker) if each.state is State.OPEN}
    assert again[1] == queries.shortfall(db, scene.board)


@pytest.mark.leak("L42")
def test_passing_on_keeps_an_exclusion_among_three_unmarked_submissions(db: Session) -> None:
    scene = Scene.closed(db, candidates=24, markers=6)
    service.exclude(db, scene.refs[0], scene.markers[:1])
    scene.begin()
    for leaver in scene.markers[1:3]:
        reallocation.relieve(db, scene.board, leaver)
    met = {task.ref for task in scene.tasks(scene.markers[0])}
    assert len(set(scene.refs) - met) >= 3
    assert holders(scene) == {3: 24 * 3}


def test_passed_on_tasks_come_after_those_a_marker_has(db: Session) -> None:
    scene = Scene.marking(db)
    before = {task.code for task in everybody(scene)}
    last = {(m, key): len(scene.tasks(m, key)) for m in scene.markers for key in scene.policy.keys}
    reallocation.relieve(db, scene.board, scene.markers[0])
    new = [task for task in everybody(scene) if task.code not in before]
    assert new
    assert all(task.position > last[task.marker, task.criterion] for task in new)


def test_a_load_counts_a_task_in_whatever_state_it_is() -> None:
    load = queries.Load(open=1, done=2, stepped_aside=4, withdrawn=8, returned=16)
    assert (load.ever, load.live) == (31, 3)
