"""Who marks what as a list: taken away, tried, and acted on."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator

import pytest

from panel.audit.queries import entries
from panel.blind.allocation import queries as allocation
from panel.blind.allocation import resharing
from panel.blind.allocation.assignment import UNMARKED
from panel.blind.allocation.models import State
from panel.blind.allocation.queries import Task
from panel.blind.allocation.service import exclude
from panel.blind.marking import dealing
from panel.blind.training.practice import panel_code
from panel.board.conduct import Sharing
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.marking.paths import home
from tests.blind.moderation.visitors import Visitor
from tests.blind.scene import QUESTIONS, Scene, everybody
from tests.blind.seeded import mark, policy, seeded, stand_ins

Enter = Callable[[MarkerId], Visitor]
HEADING = "task,criterion,panel member"


def member(scene: Scene, marker: MarkerId) -> str:
    return f"PM-{panel_code(scene.board.draw, marker)}"


def refused(scene: Scene, *rows: str) -> tuple[str, ...]:
    return resharing.trial(scene.db, scene.board, "\n".join((HEADING, *rows))).errors


def test_the_list_holds_every_task_and_nothing_that_a_spreadsheet_runs(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=4, repeat_every=6)
        rows = list(csv.reader(io.StringIO(resharing.listed(db, scene.board))))
        assert rows[0] == HEADING.split(",")
        assert {row[0] for row in rows[1:]} == {task.code.grouped for task in everybody(scene)}, "seeds among them"
        assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
        for code, criterion, who in rows[1:]:
            assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
            assert re.fullmatch(r"[a-z][a-z0-9-]*", criterion)
            assert re.fullmatch(r"PM-[0-9A-Z]{6}", who)


def test_a_list_taken_away_and_brought_back_changes_nothing(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=4)
        again = resharing.trial(db, scene.board, resharing.listed(db, scene.board))
        assert (again.changes, again.errors) == ((), ())


@pytest.mark.leak("L110")
def test_a_trial_names_every_row_that_is_wrong_and_changes_nothing(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=4)
        one, two, gone = scene.markers[:3]
        unqualified = scene.join(qualified=False)
        task, other, done = scene.tasks(one, QUESTIONS[0])[:3]
        mark(scene, done, 3)
        rows = (
            f"{task.code.grouped},{task.criterion}",
            f"not a code,{task.criterion},{member(scene, two)}",
            f"0000-0000-0000,{task.criterion},{member(scene, two)}",
            f"{task.code.grouped},{task.criterion},nobody",
            f"{task.code.grouped},{task.criterion},PM-000000",
            f"{task.code.grouped},{QUESTIONS[1]},{member(scene, two)}",
            f"{done.code.grouped},{done.criterion},{member(scene, two)}",
            f"{task.code.grouped},{task.criterion},{member(scene, unqualified)}",
            f"{other.code.grouped},{other.criterion},{member(scene, one)}",
            f"{other.code.grouped},{other.criterion},{member(scene, one)}",
        )
        assert refused(scene, *rows) == (
            "Line 2: a row has 3 cells, and this one has 2.",
            "Line 3: the first cell is no task code.",
            "Line 5: a panel member is written PM- and the panel code.",
            "Line 4: this task is not on this board, or has changed hands since the list was taken.",
            "Line 6: there is no panel member with this code.",
            f"Line 7: this task is for ‘{task.criterion}’.",
            "Line 8: this task is marked already, and stays with its panel member.",
            "Line 9: there is no panel member with this code.",
            "Line 11: this task stands on line 10 already.",
        )
        assert refused(scene) == ("There are no rows.",)
        assert resharing.trial(db, scene.board, "a,b,c\n1,2,3").errors == (f"Line 1: the heading must be {HEADING}.",)
        assert scene.tasks(one, QUESTIONS[0])[0] == task
        with pytest.raises(dealing.BadList):
            dealing.hand_over(db, scene.board_id, "\n".join((HEADING, *rows)), scene.chair, "chair")
        assert gone


@pytest.mark.leak("L42")
def test_a_refusal_does_not_tell_who_declared_whom(database: Database) -> None:
    """A seed, an answer she has, one she is kept from, one closed to her for company: the same words."""
    counts = []
    for declared in (False, True):
        with database.writing() as db:
            scene = seeded(db, candidates=16, markers=10, seeds=1, begun=False, seed_every=20)
            her = scene.markers[0]
            if declared:
                exclude(db, scene.refs[0], [her])
            scene.begin()
            hers = {(task.ref, task.criterion) for task in scene.tasks(her)}
            free = {(t.ref, t.criterion): t for t in everybody(scene, scene.markers[1:])}
            others = [task for answer, task in free.items() if answer not in hers]
            rows = [f"{task.code.grouped},{task.criterion},{member(scene, her)}" for task in others]
            said = refused(scene, *rows)
            assert {each.split(": ")[1] for each in said} == {"this task cannot go to this panel member."}
            real = [task for task in others if task.real]
            at = {int(each.split(":")[0].removeprefix("Line ")) - 2 for each in said}
            closed = {others[n].ref for n in at if others[n].real}
            counts.append(len(closed))
            assert real
            assert all(n in at for n, task in enumerate(others) if not task.real)
    # of those closed to her she may have every answer already, and then no row shows it
    assert all(1 <= count <= UNMARKED for count in counts), counts


def test_the_chair_hands_tasks_over_by_a_list(database: Database, enter: Enter) -> None:
    with database.writing() as scene_db:
        scene = seeded(scene_db, seed_every=4)
        one, two, free = next(_free(scene, scene.markers))
        row = f"{free.code.grouped},{free.criterion},{member(scene, two)}"
        text = f"{HEADING}\n{row}"
    chair, where = enter(scene.chair), f"{home(scene)}/shares"
    page = chair.post(where, rows=text, then="try").text
    assert "1 task would change hands" in page
    with database.reading() as scene.db:
        assert free in scene.tasks(one)
    wrong = chair.post(where, rows=f"{HEADING}\nx,y,z", then="act")
    assert wrong.status_code == 422
    assert "Line 2: the first cell is no task code." in wrong.text
    assert chair.post(where, rows=text, then="act").status_code == 303
    with database.reading() as scene.db:
        assert free.code not in {task.code for task in scene.tasks(one)}
        taken = [task for task in scene.tasks(two) if (task.ref, task.criterion) == (free.ref, free.criterion)]
        assert [task.state for task in taken] == [State.OPEN]
        assert taken[0].code != free.code
        assert not allocation.shortfall(scene.db, scene.board)
        assert entries(scene.db, scene.board_id)[-1].facts == {"tasks": 1, "dealt": 1, "lacking": 0}
    file = chair.get(f"{where}.csv")
    assert file.headers["Content-Disposition"] == f'attachment; filename="tasks-{scene.board_id}.csv"'
    assert enter(one).get(where).status_code == 404
    assert enter(scene.hr).get(f"{where}.csv").status_code == 404


def test_nobody_is_handed_more_than_the_cap_and_submissions_stay_whole(database: Database) -> None:
    with database.writing() as db:
        scene = Scene.marking(db, policy=policy(load_cap=11))
        full = [each for each in scene.markers if len(scene.tasks(each)) == 11]
        _two, one, task = next(_free(scene, full))
        row = f"{task.code.grouped},{task.criterion},{member(scene, one)}"
        assert refused(scene, row) == (
            f"{member(scene, one)} would have more than 11 answers, the most on this board.",
        )
        whole = Scene.marking(db, policy=policy(sharing=Sharing.SUBMISSION))
        assert refused(whole, row)[0].startswith("This board deals out whole submissions")


def _free(scene: Scene, takers: Iterable[MarkerId]) -> Iterator[tuple[MarkerId, MarkerId, Task]]:
    """Who may give what to one of these: by lot, all that one marker has may be what the other has too."""
    hidden = stand_ins(scene)
    for taker, giver in ((taker, giver) for taker in takers for giver in scene.markers if giver != taker):
        for task in scene.tasks(giver):
            row = f"{task.code.grouped},{task.criterion},{member(scene, taker)}"
            if task.ref not in hidden and not [each for each in refused(scene, row) if "cannot go" in each]:
                yield giver, taker, task


@pytest.mark.vault("V25")
def test_rows_that_no_reader_takes_are_refused_in_words(database: Database, enter: Enter) -> None:
    with database.writing() as db:
        scene = Scene.marking(db)
    chair, where = enter(scene.chair), f"{home(scene)}/shares"
    for rows in (f'{HEADING}\n"{"a" * 200_000}', f"{HEADING}\n{'a' * 200_000},b,c"):
        answer = chair.post(where, rows=rows, then="act")
        assert answer.status_code == 422
        assert "The rows cannot be read. Is a quotation mark left open?" in answer.text
    many = chair.post(where, rows=HEADING + "\nx,y,z" * 5_000, then="try").text
    assert "And 4950 more faults further down." in many
    assert "Line 52:" not in many
