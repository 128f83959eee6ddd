"""Correcting a locked score at the pages: two leaders, plain words, and what the list then shows."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from panel.access.models import RoleRow
from panel.access.roles import Role
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, MarkerId
from tests.blind.merit.amended import REASON, declare
from tests.blind.merit.locked import locked
from tests.blind.moderation.moderated import CRITERION, number, redact
from tests.blind.moderation.visitors import Visitor, visit
from tests.blind.scene import Scene

pytestmark = pytest.mark.vault("V16")

#: The number of the submission that these tests correct, by board.
ABOUT: dict[BoardId, str] = {}


@pytest.fixture
def enter(app: Flask, database: Database) -> Callable[[MarkerId], Visitor]:
    return lambda marker: visit(app, database, marker, stepped_up=True)


@pytest.fixture
def scene(database: Database) -> Scene:
    with database.writing() as db:
        scene = Scene.marking(db, candidates=4)
        locked(scene)
        ABOUT[scene.board_id] = str(number(scene, 2))  # read while the session is open
        return scene


def page(scene: Scene, *more: str) -> str:
    return "/".join((f"/panel/{scene.board_id}/merit", *more))


def score(scene: Scene, *more: str) -> str:
    return page(scene, ABOUT[scene.board_id], CRITERION, *more)


def words(response: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def amend(scene: Scene, chair: Visitor, deputy: Visitor, to: str = "4") -> None:
    assert chair.post(score(scene), score=to, reason=REASON).status_code == 303
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', deputy.get(score(scene, "confirm")).text)
    assert seen
    assert deputy.post(score(scene, "confirm"), seen=seen[1], agreed="y").status_code == 303


@pytest.mark.leak("L102")
def test_two_leaders_put_a_score_right_and_every_page_shows_both(
    scene: Scene, enter: Callable[[MarkerId], Visitor]
) -> None:
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    assert "as amended" not in chair.get(page(scene)).text
    assert chair.post(score(scene), score="4", reason=REASON).status_code == 303
    assert "You proposed this change" in chair.get(score(scene)).text
    assert chair.get(score(scene, "confirm")).status_code == 409
    assert "A change waits for another leader" in deputy.get(page(scene)).text
    assert REASON in words(deputy.get(score(scene, "confirm")))
    confirm = deputy.get(score(scene, "confirm")).text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', confirm)
    assert seen
    refused = deputy.post(score(scene, "confirm"), seen=seen[1])
    assert refused.status_code == 422
    assert "Confirm that you agree with the change" in refused.text
    assert deputy.post(score(scene, "confirm"), seen=seen[1], agreed="y").status_code == 303
    shown = words(chair.get(page(scene)))
    assert "Rank as locked" in shown
    assert "Total as amended" in shown
    assert "2.33 (7/3) now 4" in shown
    assert "from 2.33 (7/3) to 4" in shown
    assert REASON in shown
    assert "Computed again just now from the marks as they stand: the same." in shown
    one = words(deputy.get(page(scene, ABOUT[scene.board_id])))
    assert "2.33 (7/3) as locked, 4 as amended" in one
    assert str(scene.chair) not in one + shown


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(
    scene: Scene, enter: Callable[[MarkerId], Visitor]
) -> None:
    chair = enter(scene.chair)
    refused = chair.post(score(scene), reason=REASON)
    assert refused.status_code == 422
    assert "Select a new score for ‘We take ownership’" in refused.text
    assert REASON in refused.text


def test_a_proposal_can_be_dropped_by_either_leader(scene: Scene, enter: Callable[[MarkerId], Visitor]) -> None:
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    chair.post(score(scene), score="4", reason=REASON)
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', deputy.get(score(scene)).text)
    assert token
    assert deputy.client.post(score(scene, "drop"), data={"csrf_token": token[1]}).status_code == 303
    assert "A change waits" not in chair.get(page(scene)).text
    assert chair.get(score(scene, "confirm")).status_code == 409


def test_two_who_propose_at_once_do_not_overwrite_each_other(
    scene: Scene, enter: Callable[[MarkerId], Visitor]
) -> None:
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', deputy.get(score(scene)).text)
    assert token
    chair.post(score(scene), score="4", reason=REASON)
    sent = {"csrf_token": token[1], "score": "1", "reason": "Mine."}
    refused = deputy.client.post(score(scene), data=sent)
    assert refused.status_code == 409
    assert "Another leader has proposed a change of this score" in refused.text


def test_confirming_asks_for_the_password(scene: Scene, app: Flask, database: Database) -> None:
    chair = visit(app, database, scene.chair)
    chair.post(score(scene), score="4", reason=REASON)
    answer = visit(app, database, scene.deputy).get(score(scene, "confirm"))
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/confirm-password?next={score(scene, 'confirm')}",
    )


def test_auditor_reads_and_changes_nothing(
    scene: Scene, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    who = MarkerId.new()
    with database.writing() as db:
        db.add(RoleRow(marker=who, board=scene.board_id, role=Role.AUDITOR.value))
    amend(scene, enter(scene.chair), enter(scene.deputy))
    auditor = enter(who)
    shown = auditor.get(page(scene, ABOUT[scene.board_id]))
    assert "4 as amended" in words(shown)
    assert score(scene) not in shown.text
    for closed in (score(scene), score(scene, "confirm")):
        assert auditor.get(closed).status_code == 404


def test_marker_hr_and_custodian_find_none_of_these_pages(
    scene: Scene, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    custodian = MarkerId.new()
    with database.writing() as db:
        db.add(RoleRow(marker=custodian, board=scene.board_id, role=Role.CUSTODIAN.value))
    for who in (scene.markers[0], scene.hr, custodian):
        for address in (page(scene, ABOUT[scene.board_id]), score(scene), score(scene, "confirm")):
            assert enter(who).get(address).status_code == 404


@pytest.mark.leak("L70")
def test_one_leader_left_is_told_to_wait_and_a_declared_one_finds_nothing(
    scene: Scene, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    with database.writing() as db:
        scene.db = db
        declare(scene, 0, scene.deputy)
    shown = words(enter(scene.chair).get(score(scene)))
    assert "It has to wait until the names are open, or until a deputy takes over a seat." in shown
    for address in (page(scene), page(scene, ABOUT[scene.board_id]), score(scene)):
        assert enter(scene.deputy).get(address).status_code == 404


@pytest.mark.leak("L70")
def test_once_names_are_open_a_declared_leader_acts_on_every_other_number(
    scene: Scene, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    with database.writing() as db:
        scene.db = db
        declare(scene, 0, scene.deputy)
        scene.move(Stage.UNSEALED)
        hers = str(number(scene, 0))
    amend(scene, enter(scene.chair), enter(scene.deputy))
    deputy = enter(scene.deputy)
    assert "Read the answer" not in deputy.get(score(scene)).text
    assert "Read the answer" in enter(scene.chair).get(score(scene)).text
    assert deputy.get(page(scene, hers)).status_code == 200
    assert deputy.get(page(scene, hers, CRITERION)).status_code == 404
    assert "fewer than two may act on this number" in words(enter(scene.chair).get(page(scene, hers, CRITERION)))


def test_whoever_removed_words_is_told_that_another_proposes(
    database: Database, enter: Callable[[MarkerId], Visitor]
) -> None:
    with database.writing() as db:
        scene = Scene.marking(db, candidates=2)
        redact(scene, 1, scene.chair)
        locked(scene)
        about = str(number(scene, 1))
    shown = words(enter(scene.chair).get(page(scene, about, CRITERION)))
    assert "another leader proposes a change of its scores" in shown
    assert "Propose this change" not in shown


def test_after_the_archive_the_list_is_read_and_nothing_is_offered(
    scene: Scene, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    with database.writing() as db:
        scene.db = db
        scene.move(Stage.ARCHIVED)
    chair = enter(scene.chair)
    assert score(scene) not in chair.get(page(scene, ABOUT[scene.board_id])).text
    assert chair.get(score(scene)).status_code == 409
