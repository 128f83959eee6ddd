"""Seeds and repeats in a marker's queue: what they change, and all that they do not."""

import pytest
from sqlalchemy import select

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State, TaskRow
from panel.blind.allocation.reallocation import same_submission
from panel.blind.marking import handover, own_queries, queries, service
from panel.blind.marking.models import MarkRevisionRow, MarkRow, SheetRow
from panel.blind.marking.repeat_queries import repeats
from panel.blind.merit.queries import marks_root
from panel.blind.moderation.queries import answers
from panel.blind.seeding import queries as seeding
from panel.blind.seeding.models import StandInMarkRow
from panel.blind.seeding.service import decide_flag
from panel.blind.submissions.text_queries import text_checks, texts_open
from panel.blind.submissions.texts import leave
from panel.board.models import BoardRow
from panel.kernel.database import Database
from tests.blind.scene import QUESTIONS, Scene, everybody
from tests.blind.seeded import AGREED, mark, mark_until_paused, seed_tasks, seeded, stand_ins


def mark_everything(scene: Scene) -> None:
    for marker in scene.markers:
        mark_until_paused(scene, marker, seeds_at=AGREED)


def test_every_queue_holds_its_seeds_and_the_counts_that_matter_do_not(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=10, markers=5, seeds=2, seed_every=6, repeat_every=6)
        hidden = stand_ins(scene)
        for marker in scene.markers:
            own = [task for task in scene.tasks(marker) if task.ref in hidden]
            seeds = [task for task in own if hidden[task.ref].script]
            assert {task.criterion for task in seeds} == set(QUESTIONS), "one for each question, none for the whole"
            assert not any(task.real for task in own)
            queue = own_queries.queue(db, scene.board, marker)
            assert queue.total == 18 + len(own)
            for part in queue.parts:
                assert [item.position for item in part.items] == list(range(1, part.total + 1))
        assert sum(load.live for load in allocation.loads(db, scene.board_id, real=True).values()) == 90
        assert not allocation.shortfall(db, scene.board)
        kinds = {each.kind: each.facts for each in entries(db, scene.board_id)}
        assert kinds["tasks.allocated"]["tasks"] == 90
        assert kinds["seeds.dealt"] == {"seeds": 10, "repeats": len(hidden) - 10}


def test_no_mark_of_a_seed_or_repeat_reaches_moderation_the_sheet_or_the_marks_root(database: Database) -> None:
    roots = set()
    with database.writing() as db:
        scene = seeded(db, candidates=4, markers=4, seeds=2, seed_every=2, repeat_every=2)
        db.get_one(BoardRow, scene.board_id).lodged_root = bytes(32)
        mark_everything(scene)
        for marker in scene.markers:
            service.sign(db, scene.board_id, marker)
        for score in (AGREED, AGREED + 1):
            for row in db.scalars(select(StandInMarkRow).order_by(StandInMarkRow.ref)):
                row.score, row.evidence = score, "Something else entirely."
            db.flush()
            roots.add(marks_root(db, scene.board_id))
        assert len(roots) == 1
        hidden = set(stand_ins(scene))
        assert not hidden & {row.ref for row in db.scalars(select(MarkRow).order_by(MarkRow.ref))}
        assert not hidden & {row.ref for row in db.scalars(select(MarkRevisionRow).order_by(MarkRevisionRow.ref))}
        assert len(queries.marks(db, scene.board_id)) == 4 * 3 * 3
        assert {each.ref for each in answers(db, scene.board)} == set(scene.refs)
        marker = scene.markers[0]
        own = own_queries.own_marks(db, scene.board, marker)
        assert len(own) == len(scene.tasks(marker)), "her list holds them all alike"
        service.sign(db, scene.board_id, marker)
        assert db.get_one(SheetRow, (scene.board_id, marker)).marks == sum(t.real for t in scene.tasks(marker))
        assert all(each.signed for each in own_queries.own_marks(db, scene.board, marker))
        assert own_queries.unsigned(db, scene.board_id, marker) == 0


@pytest.mark.thorough
def test_what_is_given_to_seeds_and_repeats_can_be_compared(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=10, markers=4, seeds=2, seed_every=8, repeat_every=6)
        marker, hidden = scene.markers[0], stand_ins(scene, scene.markers[0])
        mark_until_paused(scene, marker, seeds_at=2)
        found = seeding.seeds(db, scene.board)
        assert {(each.marker, each.distance.given, each.distance.agreed) for each in found} == {(marker, 2, AGREED)}
        assert [each.turn for each in found] == sorted(each.turn for each in found)
        pairs = repeats(db, scene.board_id)
        assert len(pairs) == sum(row.original is not None for row in hidden.values()) > 0
        assert {(pair.marker, pair.first, pair.second) for pair in pairs} == {(marker, 2, 2)}
        later = next(task for task in scene.tasks(marker) if task.ref in hidden and hidden[task.ref].original)
        mark(scene, later, 4, version=1)
        again = {(pair.first, pair.second) for pair in repeats(db, scene.board_id)}
        assert again == {(2, 2), (2, 4)}, "what was saved last is the second"


def test_whoever_recognises_a_seed_is_answered_as_for_any_answer(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=4)
        marker = scene.markers[0]
        seed = seed_tasks(scene, marker)[0]
        before = allocation.loads(db, scene.board_id, real=True)
        mark(scene, seed, 1)
        handover.recognise(db, scene.board_id, marker, seed.code)
        assert {task.code: task.state for task in scene.tasks(marker)}[seed.code] is State.STEPPED_ASIDE
        assert seeding.seeds(db, scene.board) == ()
        assert allocation.loads(db, scene.board_id, real=True) == before
        assert entries(db, scene.board_id)[-1].facts == {"tasks": 1, "dealt": 0, "lacking": 0}


def test_whoever_recognises_a_repeat_steps_aside_from_the_answer_behind_it(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=0, repeat_every=4)
        marker = scene.markers[0]
        ref, row = next((r, each) for r, each in stand_ins(scene, marker).items() if each.criterion == QUESTIONS[0])
        for task in scene.tasks(marker, QUESTIONS[0]):
            mark(scene, task, 2)
        own = {(task.ref, task.criterion): task for task in scene.tasks(marker)}
        handover.recognise(db, scene.board_id, marker, own[ref, QUESTIONS[0]].code)
        left = [task for task in scene.tasks(marker) if task.ref in {ref, row.original}]
        assert {task.state for task in left} == {State.STEPPED_ASIDE}
        assert len(left) == 2
        assert db.get(MarkRow, (row.original, QUESTIONS[0], marker)) is None
        assert not allocation.shortfall(db, scene.board), "somebody else marks it"


def test_a_flagged_seed_waits_until_the_chair_has_looked(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=4)
        marker = scene.markers[0]
        seed = seed_tasks(scene, marker)[0]
        script = stand_ins(scene)[seed.ref].script
        service.flag(db, scene.board_id, marker, seed.code)
        assert own_queries.queue(db, scene.board, marker).waiting == 1
        assert texts_open(db, scene.board_id) == 0
        with pytest.raises(service.TextUndecided):
            mark(scene, seed, 3)
        decide_flag(db, scene.board_id, script, scene.chair, "chair", stays=True)
        mark(scene, seed, 3)
        decide_flag(db, scene.board_id, script, scene.chair, "chair", stays=False)
        assert [each.facts for each in entries(db, scene.board_id, "seed.decided")] == [
            {"stays": True},
            {"stays": False},
        ]
        same = [ref for ref, row in stand_ins(scene).items() if row.script == script]
        states = select(TaskRow.state).where(TaskRow.ref.in_(same)).order_by(TaskRow.code)
        assert sorted(db.scalars(states)) == [State.DONE, *[State.WITHDRAWN] * (len(same) - 1)]


@pytest.mark.leak("L116")
def test_a_flagged_seed_waits_for_everybody_as_an_answer_would(database: Database) -> None:
    """Else two markers who have the same text would learn by a flag that no candidate wrote it."""
    with database.writing() as db:
        scene = seeded(db, candidates=12, markers=5, seeds=2, seed_every=6)
        hidden = stand_ins(scene)
        script = next(row.script for row in hidden.values() if row.criterion == QUESTIONS[0])
        one, *others = [t for t in everybody(scene) if t.ref in hidden and hidden[t.ref].script == script]
        assert others
        service.flag(db, scene.board_id, one.marker, one.code)
        for task in others:
            assert own_queries.turn(db, scene.board, task).waits
            with pytest.raises(service.TextUndecided):
                mark(scene, task, AGREED)
        newcomer = scene.join()
        handover.relieve(db, scene.board_id, others[0].marker, scene.chair, "chair")
        met = {row.script: row.flagged for row in stand_ins(scene, newcomer).values()}
        assert met.get(script, True), "whoever is dealt it meanwhile waits too"
        decide_flag(db, scene.board_id, script, scene.chair, "chair", stays=True)
        assert not any(row.flagged for row in stand_ins(scene).values())


def test_a_seed_that_was_taken_out_is_never_dealt_again(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=12, markers=5, seeds=1, seed_every=6)
        scripts = {row.criterion: row.script for row in stand_ins(scene).values()}
        newcomer = scene.join()
        decide_flag(db, scene.board_id, scripts[QUESTIONS[0]], scene.chair, "chair", stays=False)
        handover.relieve(db, scene.board_id, scene.markers[0], scene.chair, "chair")
        dealt = {row.script for row in stand_ins(scene, newcomer).values()}
        assert {task.criterion for task in scene.tasks(newcomer)} >= set(QUESTIONS)
        assert dealt == {scripts[QUESTIONS[1]]}


@pytest.mark.leak("L116")
def test_a_pair_that_a_flag_showed_her_says_nothing_of_her(database: Database) -> None:
    """A flag on an answer makes its repeat wait: she could then give both one score, and seem to agree with herself."""
    with database.writing() as db:
        scene = seeded(db, candidates=10, markers=4, seeds=0, repeat_every=5)
        marker = scene.markers[0]
        ref, row = next((r, each) for r, each in stand_ins(scene, marker).items() if each.criterion == QUESTIONS[0])
        task = next(each for each in scene.tasks(marker) if each.ref == row.original and each.criterion == QUESTIONS[0])
        before = len(stand_ins(scene, marker))
        service.flag(db, scene.board_id, marker, task.code)
        queue = own_queries.queue(db, scene.board, marker)
        assert queue.waiting >= 2, "this is how she would learn of it"
        (check,) = text_checks(db, scene.board_id)
        leave(db, Actor(scene.chair, frozenset({(scene.board_id, Role.CHAIR)})), scene.board_id, [check.code])
        mark_until_paused(scene, marker, seeds_at=AGREED)
        assert len(repeats(db, scene.board_id)) < before
        assert ref


def test_a_flagged_repeat_is_looked_at_as_the_answer_it_is(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=0, repeat_every=4)
        marker = scene.markers[0]
        ref = next(r for r, each in stand_ins(scene, marker).items() if each.criterion == QUESTIONS[0])
        task = next(each for each in scene.tasks(marker) if each.ref == ref)
        service.flag(db, scene.board_id, marker, task.code)
        assert texts_open(db, scene.board_id) == 1
        waiting = {
            item.code
            for part in own_queries.queue(db, scene.board, marker).parts
            for item in part.items
            if item.status.value == "Waiting for a text check"
        }
        behind = {each.code for each in same_submission(db, scene.board_id, task)}
        assert len({each.ref for each in scene.tasks(marker) if each.code in behind}) >= 2
        assert task.code in waiting
        assert waiting <= behind


def test_answers_that_come_later_bring_their_seeds_along(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=12, markers=5, seeds=6, seed_every=2)
        handover.relieve(db, scene.board_id, scene.markers[0], scene.chair, "chair")
        hidden = stand_ins(scene)
        for marker in scene.markers[1:]:
            for key in QUESTIONS:
                own = [task for task in scene.tasks(marker, key) if task.real]
                seeds = [row for row in hidden.values() if row.marker == marker and row.criterion == key]
                assert len(seeds) == min(6, -(-len(own) // 2))
        assert not [task for task in everybody(scene, scene.markers[:1]) if task.state is State.OPEN]


@pytest.mark.thorough
def test_a_board_without_seeds_writes_nothing_of_them(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=0)
        mark_everything(scene)
        assert stand_ins(scene) == {}
        assert seeding.turns(db, scene.board_id, scene.markers[0]) == {}
        kinds = {each.kind for each in entries(db, scene.board_id)}
        assert not kinds & {"seeds.dealt", "marker.paused"}
