"""A marker who strays from her seeds: she pauses, the chair coaches her, her marks are made again."""

import re
from collections.abc import Callable

import pytest

from panel.audit.queries import entries
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State
from panel.blind.allocation.service import exclude
from panel.blind.marking import own_queries, service
from panel.blind.marking.models import MarkRevisionRow, MarkRow
from panel.blind.marking.pausing import standing
from panel.blind.marking.remarking import Again, send_back
from panel.blind.seeding import queries as seeding
from panel.blind.seeding.service import Paused, let_go_on
from panel.blind.training.practice import panel_code
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.marking.paths import home
from tests.blind.moderation.visitors import Visitor
from tests.blind.scene import QUESTIONS, Scene
from tests.blind.seeded import AGREED, mark, mark_until_paused, seed_tasks, seeded, stand_ins, straying

Enter = Callable[[MarkerId], Visitor]


def test_two_seeds_out_of_tolerance_pause_her_and_tell_the_chair(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=3)
        her, other = scene.markers[:2]
        done = mark_until_paused(scene, her, seeds_at=0)
        marked = [task for task in done if not task.real]
        assert len(marked) >= 2
        after_second = len(done) - 1 - done.index(marked[1])
        assert after_second <= 2, "it takes hold a little later at most"
        assert seeding.running(db, scene.board_id).keys() == {her}
        left = next(task for task in scene.tasks(her) if task.state is State.OPEN)
        for act in (
            lambda: mark(scene, left, 3),
            lambda: mark(scene, done[0], 3, version=1),
            lambda: service.flag(db, scene.board_id, her, left.code),
            lambda: service.sign(db, scene.board_id, her),
        ):
            with pytest.raises((Paused, service.NotAllMarked)):
                act()
        assert len(mark_until_paused(scene, other, seeds_at=AGREED)) == len(scene.tasks(other)), "nobody else stops"
        last = entries(db, scene.board_id, "marker.paused")
        assert [each.facts for each in last] == [{"marker": str(her)}]


def test_one_seed_out_of_tolerance_pauses_nobody(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=16, seeds=6, seed_every=3)
        her = scene.markers[0]
        for n, task in enumerate(seed_tasks(scene, her)[:3]):
            mark(scene, task, 0 if n == 1 else AGREED)
        assert not seeding.paused(db, scene.board_id, her)


def test_changing_a_seed_while_paused_ends_nothing(database: Database) -> None:
    """Were it so, she would learn which task it was."""
    scene, her = straying(database)
    with database.writing() as scene.db:
        for task in seed_tasks(scene, her):
            if task.state is State.DONE:
                with pytest.raises(Paused):
                    mark(scene, task, AGREED, version=1)
        assert seeding.paused(scene.db, scene.board_id, her)


def test_her_marks_since_the_last_good_seed_are_listed(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=12, seeds=6, seed_every=3)
        her = scene.markers[0]
        seeds = {task.code for task in seed_tasks(scene, her)}
        own = {task.code: task for task in scene.tasks(her)}
        done, bad = [], False
        while code := own_queries.queue(db, scene.board, her).next():
            bad = bad or (code in seeds and bool(done) and any(each in seeds for each in done))
            mark(scene, own[code], 0 if code in seeds and bad else AGREED)
            done.append(code)
        good = max(n for n, code in enumerate(done) if code in seeds and n <= _first_good(done, seeds))
        found = standing(db, scene.board, her)
        again = {task.code for task in (*found.marks, *found.along)}
        assert again in [set(done[max(0, good + 1 - back) :]) for back in range(3)], "a few from before, by lot"
        assert {task.code for task in found.along} == again & seeds


def _first_good(done: list[str], seeds: set[str]) -> int:
    return next(n for n, code in enumerate(done) if code in seeds)


def test_marks_made_again_by_her_open_empty_and_keep_their_revisions(database: Database) -> None:
    scene, her = straying(database)
    with database.writing() as scene.db:
        db, board = scene.db, scene.board_id
        found = standing(db, scene.board, her)
        codes = [task.code for task in found.marks]
        send_back(db, board, her, codes, Again.HERSELF, scene.chair, "chair")
        states = {task.code: task.state for task in scene.tasks(her)}
        assert {states[code] for code in codes} == {State.OPEN}
        assert {states[task.code] for task in found.along} == {State.OPEN}, "left marked, they would show as seeds"
        let_go_on(db, board, her, "Read the anchors again.", scene.chair, "chair")
        order = [*QUESTIONS, "courage"]
        first = min(found.marks, key=lambda task: (order.index(task.criterion), task.position))
        assert own_queries.saved(db, first).score is None
        mark(scene, first, 4, version=own_queries.saved(db, first).version)
        kept = [db.get(MarkRevisionRow, (first.ref, first.criterion, her, version)) for version in (1, 2)]
        assert [row.score for row in kept if row] == [2, 4]
        assert entries(db, board, "marks.returned")[-1].facts == {
            "marker": str(her),
            "marks": len(codes),
            "dealt": 0,
            "lacking": 0,
        }


@pytest.mark.leak("L116")
def test_where_the_chair_leaves_some_marks_some_seeds_stay_too(database: Database) -> None:
    """All of them left, or all of them gone, would be known by it."""
    seen = set()
    for _ in range(12):
        scene, her = straying(database, repeat_every=3)
        with database.writing() as scene.db:
            found = standing(scene.db, scene.board, her)
            half = [task.code for task in found.marks][::2]
            send_back(scene.db, scene.board_id, her, half, Again.HERSELF, scene.chair, "chair")
            states = {task.code: task.state for task in scene.tasks(her)}
            assert {states[code] for code in half} == {State.OPEN}
            seen |= {states[task.code] for task in found.along}
        if len(seen) == 2:
            return
    raise AssertionError(seen)


def test_marks_given_to_others_leave_her_for_good(database: Database) -> None:
    scene, her = straying(database, load_cap=None)
    with database.writing() as scene.db:
        db, board = scene.db, scene.board_id
        found = standing(db, scene.board, her)
        one, *more = found.marks
        send_back(db, board, her, [one.code], Again.OTHERS, scene.chair, "chair")
        assert one.code not in {task.code for task in scene.tasks(her)}
        assert db.get(MarkRow, (one.ref, one.criterion, her)) is None
        assert db.get(MarkRevisionRow, (one.ref, one.criterion, her, 1)), "what it was stays"
        assert not allocation.shortfall(db, scene.board)
        holders = [m for m in scene.markers for t in scene.tasks(m) if (t.ref, t.criterion) == (one.ref, one.criterion)]
        assert len(holders) == 3
        assert her not in holders
        assert {task.code for task in standing(db, scene.board, her).marks} == {task.code for task in more}


@pytest.mark.thorough
def test_after_coaching_her_seeds_count_anew(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=16, seeds=6, seed_every=3)
        her = scene.markers[0]
        mark_until_paused(scene, her, seeds_at=0)
        let_go_on(db, scene.board_id, her, "Read the anchors again.", scene.chair, "chair")
        assert not seeding.paused(db, scene.board_id, her)
        seeds, own = {task.code for task in seed_tasks(scene, her)}, {task.code: task for task in scene.tasks(her)}
        code = own_queries.queue(db, scene.board, her).next()
        while code not in seeds:
            mark(scene, own[code], 2)
            code = own_queries.queue(db, scene.board, her).next()
        mark(scene, own[code], 0)
        assert not seeding.running(db, scene.board_id), "one bad seed after coaching is one bad seed"
        mark_until_paused(scene, her, seeds_at=0)
        assert [each.round for each in seeding.pauses(db, scene.board_id, her)] == [1, 2]


@pytest.mark.thorough
def test_the_pages_of_a_pause(database: Database, enter: Enter) -> None:
    scene, her = straying(database)
    with database.reading() as scene.db:
        code = panel_code(scene.board.draw, her).lower()
        left = next(task for task in scene.tasks(her) if task.state is State.OPEN)
        marks = standing(scene.db, scene.board, her).marks
        refs = [*map(str, scene.refs), *map(str, stand_ins(scene)), str(her)]
    marker, chair = enter(her), enter(scene.chair)
    page = marker.get(home(scene)).text
    assert "Your marking is paused" in page
    assert "seed" not in page.lower()
    assert f"/marking/{left.code}" not in page + marker.get(f"{home(scene)}/tasks").text
    assert marker.get(f"{home(scene)}/{left.code}").status_code == 409
    assert marker.get(f"{home(scene)}/seeds").status_code == 404
    assert "1 panel member is paused" in chair.get(f"/panel/{scene.board_id}/moderation").text
    assert code.upper() in chair.get(f"{home(scene)}/seeds").text
    where = f"{home(scene)}/seeds/{code}"
    listed = chair.get(where).text
    assert "3 points below (severe), outside the tolerance" in listed
    assert all(task.code.grouped in listed for task in marks)
    assert not [each for each in refs if each in listed]
    assert chair.post(where).status_code == 422
    assert chair.post(where, tasks=marks[0].code, again="others").status_code == 303
    chair.post(where, tasks=[task.code for task in marks[1:]], again="herself")
    late = chair.post(where, tasks=marks[0].code, again="herself")
    assert (late.status_code, "None of these marks is left" in late.text) == (409, True)
    assert chair.post(f"{where}/go-on", note="").status_code == 422
    assert chair.post(f"{where}/go-on", note="Read the anchors again.").status_code == 303
    assert "goes on marking: another leader has ended the pause" in chair.get(where).text
    assert "Read the anchors again." in marker.get(home(scene)).text
    assert re.search("(Start|Continue) marking", marker.get(home(scene)).text)


def test_a_leader_whom_a_candidate_declared_sees_nothing_of_it(database: Database, enter: Enter) -> None:
    with database.writing() as db:
        scene: Scene = seeded(db, seed_every=3)
        exclude(db, scene.refs[0], [scene.chair])
    for where in ("seeds", "shares", "shares.csv"):
        assert enter(scene.chair).get(f"{home(scene)}/{where}").status_code == 404
        assert enter(scene.deputy).get(f"{home(scene)}/{where}").status_code == 200
