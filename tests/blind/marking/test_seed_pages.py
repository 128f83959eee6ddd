"""Chair and deputy write seeds at their pages; nobody else finds that there are any, nor writes one once they lie in
the queues."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from panel.blind.marking import service
from panel.blind.training.seed_queries import seeds
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.moderation.visitors import Visitor
from tests.blind.scene import QUESTIONS, Scene
from tests.blind.seeded import seed_tasks, seeded, stand_ins

Enter = Callable[[MarkerId], Visitor]
LONG = "A reason that took the deputy some time to write, in another tab, and that nobody wants to lose."
SEED = {
    "version": "1",
    "answer": "I walked the viaduct and counted the lanterns.",
    "agreed": "3",
    "reason": "Names the risk.",
}


@pytest.fixture
def closed(database: Database) -> Scene:
    with database.writing() as db:
        return seeded(db, seeds=1, begun=False, seed_every=5)


def at(scene: Scene, path: str = "") -> str:
    return f"/panel/{scene.board_id}/practice/seeds{path}"


def test_the_chair_writes_changes_and_removes_a_seed(closed: Scene, enter: Enter, database: Database) -> None:
    chair = enter(closed.chair)
    assert chair.post(at(closed, f"/{QUESTIONS[0]}/add"), **SEED).status_code == 303
    assert SEED["answer"] in chair.get(at(closed)).text
    with database.reading("blind") as db:
        written = next(each for each in seeds(db, closed.board_id) if each.answer == SEED["answer"])
    edit = at(closed, f"/{written.id}/edit")
    assert chair.post(edit, **{**SEED, "reason": "Names no risk."}).status_code == 303
    stale = chair.post(edit, **{**SEED, "reason": LONG})
    assert stale.status_code == 409
    assert LONG in stale.text
    assert remove(chair, edit).status_code == 303
    shown = chair.get(at(closed)).text
    assert SEED["answer"] not in shown
    assert "Judged over the whole submission, and not watched by seeds." in shown.split("Courage</h2>")[1]
    assert chair.get(at(closed, "/courage/add")).status_code == 404


def test_a_seed_needs_an_answer_a_score_and_a_reason(closed: Scene, enter: Enter) -> None:
    told = enter(closed.chair).post(at(closed, f"/{QUESTIONS[0]}/add"), version="1")
    assert told.status_code == 422
    for sentence in ("Enter the answer", "Select the agreed score", "Enter the reason"):
        assert sentence in told.text


@pytest.mark.leak("L107")
def test_no_panel_member_finds_the_seeds_and_none_is_written_once_marking_runs(
    closed: Scene, enter: Enter, database: Database
) -> None:
    add = at(closed, f"/{QUESTIONS[0]}/add")
    assert [enter(closed.markers[0]).get(page).status_code for page in (at(closed), add)] == [404, 404]
    with database.writing() as db:
        closed.db = db
        closed.begin()
    assert enter(closed.deputy).post(add, **SEED).status_code == 409


def test_the_second_leader_is_told_that_a_flagged_seed_is_decided(database: Database, enter: Enter) -> None:
    with database.writing() as db:
        scene = seeded(db, seed_every=4)
        task = seed_tasks(scene, scene.markers[0])[0]
        service.flag(db, scene.board_id, task.marker, task.code)
        where = f"/panel/{scene.board_id}/marking/seeds/{stand_ins(scene)[task.ref].script}/flagged"
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    token = token_of(deputy, where)
    assert chair.post(where, stays="no").status_code == 303
    late = deputy.client.post(where, data={"csrf_token": token, "stays": "yes"})
    assert (late.status_code, "has decided about this seed already" in late.text) == (409, True)
    assert deputy.get(where).status_code == 404


def remove(chair: Visitor, edit: str) -> TestResponse:
    return chair.client.post(edit.replace("/edit", "/remove"), data={"csrf_token": token_of(chair, edit)})


def token_of(leader: Visitor, page: str) -> str:
    return leader.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
