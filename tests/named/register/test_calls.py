"""Who is written to about work on a board: further markers who were given answers, leaders when a marker pauses."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from panel.access.models import PersonRow
from panel.access.roles import Role
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.service import exclude
from panel.blind.marking.handover import recognise
from panel.blind.seeding.service import let_go_on
from panel.board.conduct import Conduct
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, MarkerId
from panel.named.accounts.models import Outgoing
from panel.named.register import calls
from tests.blind.moderation.sent import give, given_out, mark, scene_with, send, sign
from tests.blind.scene import Scene
from tests.blind.seeded import straying
from tests.named.setup.staff import person


def _accounts(scene: Scene, db: Session) -> dict[AccountId, MarkerId]:
    """An account for everybody of the scene."""
    found = {}
    for n, who in enumerate((scene.chair, scene.deputy, *scene.markers)):
        account = person(db, f"Person {n}")
        db.execute(update(PersonRow).where(PersonRow.account == account).values(marker=who))
        found[account] = who
    return found


def _left_out(scene: Scene) -> tuple[MarkerId, Answer, Answer]:
    """A marker, and answers of two submissions that she does not mark."""
    had = {(task.ref, task.criterion, task.marker) for marker in scene.markers for task in scene.tasks(marker)}
    for her in scene.markers:
        free = {ref: key for ref in scene.refs for key in scene.policy.keys if (ref, key, her) not in had}
        if len(free) > 1:
            one, other, *_rest = free.items()
            return her, one, other
    raise AssertionError("no marker is left out of two submissions")


def _round(db: Session, people: dict[AccountId, MarkerId]) -> set[MarkerId]:
    """One daily round: who was written to. Every letter is the one that says that something has changed."""
    count = calls.call(db)
    letters = db.execute(select(Outgoing.account, Outgoing.letter)).all()
    db.execute(delete(Outgoing))
    assert {letter for _account, letter in letters} <= {"changed"}
    assert len(letters) == count
    return {people[account] for account, _letter in letters}


@pytest.mark.leak("L01")
def test_a_further_marker_is_written_to_once_for_what_she_was_given(database: Database) -> None:
    with database.writing() as db:
        scene = scene_with(db, Conduct(), markers=4)
        people = _accounts(scene, db)
        assert _round(db, people) == set(), "nobody was given anything"
        assert send(scene)
        (task,) = given_out(scene)
        assert _round(db, people) == {task.marker}
        assert _round(db, people) == set()
        mark(scene, task, 2)
        sign(scene, task)
        assert send(scene, 1)
        (other,) = given_out(scene)
        assert _round(db, people) == {other.marker}, "another answer, another letter"


@pytest.mark.parametrize("way", ["signed", "stepped aside"])
def test_whoever_is_done_with_one_is_written_to_about_the_next(database: Database, way: str) -> None:
    with database.writing() as db:
        # fifteen answers leave a fourth marker out of four of them, and so out of two submissions
        scene = scene_with(db, Conduct(), candidates=5, markers=4)
        people, (her, one, other) = _accounts(scene, db), _left_out(scene)
        give(scene, one)
        assert _round(db, people) == {her}
        (task,) = given_out(scene)
        if way == "signed":
            mark(scene, task, 2)
            sign(scene, task)
        else:
            recognise(db, scene.board_id, her, task.code)
        assert _round(db, people) == set(), "what is done with needs no letter"
        give(scene, other)
        assert _round(db, people) == {her}


@pytest.mark.leak("L01")
def test_leaders_are_written_to_once_for_each_pause_unless_they_stand_aside(database: Database) -> None:
    scene, her = straying(database)
    with database.writing() as db:
        scene.db = db
        exclude(db, scene.refs[0], [scene.deputy])
        people = _accounts(scene, db)
        assert _round(db, people) == {scene.chair}
        assert _round(db, people) == set()
        let_go_on(db, scene.board_id, her, "We read it again.", scene.chair, Role.CHAIR)
        assert _round(db, people) == set()
