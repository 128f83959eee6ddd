"""From a disputed answer to its further mark and the score, through the pages of leader and marker; and on paper."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from panel.blind.allocation.queries import State
from panel.board.conduct import Conduct, Settling
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId, Number
from tests.blind.moderation.moderated import CRITERION, moderated, number, rules
from tests.blind.moderation.visitors import Visitor, visit
from tests.blind.scene import EVIDENCE, POLICY, Scene

Enter = Callable[[MarkerId], Visitor]
CONDUCT = Conduct(settling=Settling.FURTHER, sample_percent=1)


@pytest.fixture
def scene(database: Database) -> Scene:
    """The first answer's marks disagree; a sample of one answer a criterion is drawn."""
    with database.writing() as db:
        scene = Scene.closed(db, candidates=4)
        rules(scene, replace(POLICY, conduct=CONDUCT))
        scene.begin()
        return moderated(scene, {(0, CRITERION): (1, 2, 4)})


@pytest.fixture
def enter(app: Flask, database: Database) -> Enter:
    return lambda marker: visit(app, database, marker)


@pytest.fixture
def disputed(scene: Scene, database: Database) -> Number:
    with database.reading() as scene.db:
        return number(scene, 0)


def home(scene: Scene) -> str:
    return f"/panel/{scene.board_id}/moderation"


def asked(scene: Scene, database: Database) -> tuple[MarkerId, str]:
    """Who has the further task, and its address."""
    with database.reading() as scene.db:
        ((marker, code),) = (
            (task.marker, task.code) for m in scene.markers for task in scene.tasks(m) if task.state is State.OPEN
        )
    return marker, f"/panel/{scene.board_id}/marking/{code}"


def test_a_disputed_answer_goes_out_comes_back_and_is_settled(
    scene: Scene, disputed: Number, enter: Enter, database: Database
) -> None:
    chair = enter(scene.chair)
    assert "Send 1 answer to further markers" in chair.get(home(scene)).text
    answer = f"{home(scene)}/{disputed}/{CRITERION}"
    assert 'name="score"' not in chair.get(answer).text
    assert chair.post(f"{home(scene)}/to-send").status_code == 303
    assert str(disputed) in chair.get(f"{home(scene)}/out").text
    assert "A further marker has this answer" in chair.get(answer).text
    marker, task = asked(scene, database)
    her = enter(marker)
    assert "Continue marking" in her.get(f"/panel/{scene.board_id}/marking").text
    page = her.get(task)
    assert "Save and go to next" in page.text
    assert "This text names somebody" not in page.text
    assert her.get(f"{task}/flag").status_code == 409
    assert her.post(task, version="0", score="2", evidence=EVIDENCE, then="next").status_code == 303
    assert len(re.findall(r"Marker [A-E]: \d", chair.get(answer).text)) == 3
    assert her.post(f"/panel/{scene.board_id}/marking/sheet").status_code == 303
    assert len(re.findall(r"Marker [A-E]: \d", chair.get(answer).text)) == 4
    words = {"score": "2", "reason": "Two of four say so."}
    assert chair.post(answer, version="0", **words).status_code == 409, "a tab from before their mark"
    assert chair.post(answer, version="1", **words).status_code == 303
    assert "2, agreed" in chair.get(f"{home(scene)}/settled").text


@pytest.mark.leak("L107")
@pytest.mark.leak("L45")
def test_nobody_else_on_the_panel_can_tell_that_an_answer_went_out(
    scene: Scene, enter: Enter, database: Database
) -> None:
    pages = ("", "/tasks", "/marks", "/sheet", "/guide")
    everyone = {m: enter(m) for m in scene.markers}
    before = {
        m: [_plain(v.get(f"/panel/{scene.board_id}/marking{p}").text) for p in pages] for m, v in everyone.items()
    }
    enter(scene.chair).post(f"{home(scene)}/to-send")
    marker, _task = asked(scene, database)
    after = {m: [_plain(v.get(f"/panel/{scene.board_id}/marking{p}").text) for p in pages] for m, v in everyone.items()}
    assert {m for m in scene.markers if before[m] != after[m]} == {marker}


def _plain(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[0-9a-f]+"', "", page)


def test_a_sampled_answer_is_read_and_stands_or_is_sent_on_with_a_reason(scene: Scene, enter: Enter) -> None:
    chair = enter(scene.chair)
    listing = chair.get(f"{home(scene)}/to-look-at").text
    addresses = re.findall(rf'href="({home(scene)}/\d{{6}}/[a-z-]+)"', listing)
    assert len(addresses) == 3
    first, second, _ = addresses
    assert "Let the marks stand" in chair.get(first).text
    token = {"csrf_token": re.findall(r'name="csrf_token" value="([0-9a-f]+)"', chair.get(first).text)[0]}
    assert chair.client.post(f"{first}/stands", data=token).status_code == 303
    assert first not in chair.get(f"{home(scene)}/to-look-at").text
    assert "Enter why a further marker is needed" in chair.post(f"{second}/further", reason=" ").text
    assert chair.post(f"{second}/further", reason="It hangs on one word.").status_code == 303
    assert "It hangs on one word." in chair.get(second).text
    assert chair.get(f"{second}/further").status_code == 409
    assert chair.post(f"{second}/another", version="x").status_code == 422
    (asked,) = re.findall(r'name="version" value="(\d+)"', chair.get(f"{second}/another").text)
    assert chair.post(f"{second}/another", version="3").status_code == 409
    assert chair.post(f"{second}/another", version=asked).status_code == 303


def test_what_is_to_settle_is_printed_whole(scene: Scene, disputed: Number, enter: Enter, database: Database) -> None:
    with database.writing() as db:
        rules(_of(scene, db), replace(POLICY, conduct=Conduct()))
    page = enter(scene.chair).get(f"{home(scene)}/paper").text
    assert f"Number {disputed}" in page
    assert page.count(EVIDENCE) == 3
    assert scene.answer(scene.refs[0], CRITERION) in page


@pytest.mark.leak("L70")
def test_the_pages_are_for_chair_and_deputy_alone(scene: Scene, disputed: Number, enter: Enter) -> None:
    answer = f"{disputed}/{CRITERION}"
    for page in ("to-send", "out", "to-look-at", "paper", f"{answer}/further", f"{answer}/another"):
        assert enter(scene.deputy).get(f"{home(scene)}/{page}").status_code in {200, 409}
        for who in (scene.markers[0], scene.hr, MarkerId.new()):
            assert enter(who).get(f"{home(scene)}/{page}").status_code == 404


def _of(scene: Scene, db: object) -> Scene:
    scene.db = db  # type: ignore[assignment]
    return scene
