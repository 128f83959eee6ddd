"""What a marker's pages never show, whatever others do; and the chair's pages of passing tasks on."""

import re
from collections.abc import Callable

import pytest

from panel.blind.allocation.queries import Task
from panel.blind.allocation.service import exclude
from panel.blind.marking import service
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.marking.paths import address, home, mark_all, tasks
from tests.blind.moderation.visitors import Visitor, counted
from tests.blind.scene import Scene

Enter = Callable[[MarkerId], Visitor]


@pytest.mark.leak("L19")
@pytest.mark.leak("L20")
@pytest.mark.leak("L24")
def test_no_page_of_hers_holds_a_ref_a_number_or_an_id(board: Scene, database: Database, enter: Enter) -> None:
    marker = board.markers[0]
    mark_all(board, database, marker)
    first = tasks(board, database, marker)[0]
    with database.reading() as board.db:
        numbers = board.dealt()
    secret = [*map(str, board.refs), *map(str, numbers), *map(str, board.markers), str(board.chair), str(marker)]
    her = enter(marker)
    for where in pages(board, first):
        text = her.get(where).text
        assert not [each for each in secret if each in text], where


@pytest.mark.leak("L39")
@pytest.mark.leak("L45")
@pytest.mark.leak("L107")
def test_her_pages_are_the_same_whatever_others_do(board: Scene, database: Database, enter: Enter) -> None:
    me, other = board.markers[:2]
    her, first = enter(me), tasks(board, database, me)[0]
    before = [her.get(where).text for where in pages(board, first)]
    mark_all(board, database, other)
    assert [her.get(where).text for where in pages(board, first)] == before
    with database.writing() as board.db:
        service.sign(board.db, board.board_id, other)
    assert [her.get(where).text for where in pages(board, first)] == before


@pytest.mark.leak("L16")
def test_no_parameter_changes_the_order(board: Scene, database: Database, enter: Enter) -> None:
    her = enter(board.markers[0])
    plain = her.get(f"{home(board)}/tasks").text
    for sort in ("?sort=ref", "?order=number", "?sort=name&dir=desc", "?page=2"):
        assert her.get(f"{home(board)}/tasks{sort}").text == plain


@pytest.mark.leak("L12")
def test_two_markers_never_see_the_same_code(board: Scene, enter: Enter) -> None:
    code = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
    seen = [set(code.findall(enter(marker).get(f"{home(board)}/tasks").text)) for marker in board.markers[:2]]
    assert all(seen)
    assert not seen[0] & seen[1]


def test_queries_stay_the_same_however_large_the_board(database: Database, enter: Enter) -> None:
    statements = []
    for candidates in (4, 16):
        with database.writing() as db:
            scene = Scene.marking(db, candidates=candidates)
        first = tasks(scene, database, scene.markers[0])[0]
        her = enter(scene.markers[0])
        counts = []
        for where in pages(scene, first):
            with counted(database) as heard:
                assert her.get(where).status_code == 200
            counts.append(len(heard))
        statements.append(counts)
    assert statements[0] == statements[1]


def pages(scene: Scene, task: Task) -> list[str]:
    """Every page of a marker."""
    own = [address(scene, task, *more) for more in ((), ("recognise",), ("flag",))]
    return ["/panel/marking", home(scene), *(f"{home(scene)}/{part}" for part in ("tasks", "marks", "sheet")), *own]


def test_chair_passes_on_the_tasks_of_one_who_drops_out(board: Scene, database: Database, enter: Enter) -> None:
    chair = enter(board.chair)
    progress = chair.get(f"/panel/{board.board_id}/moderation").text
    where = re.findall(r'href="([^"]+/pass-on)"', progress)[0]
    page = chair.get(where).text
    assert "can no longer change" in page
    sent = chair.post(where)
    assert "The panel goes on without this member." in chair.get(sent.location).text
    assert "has already dropped out" in chair.get(where).text
    assert enter(board.markers[0]).get(where).status_code == 404


def test_chair_goes_on_without_a_signature(board: Scene, database: Database, enter: Enter) -> None:
    for marker in board.markers:
        mark_all(board, database, marker)
    chair, progress = enter(board.chair), f"/panel/{board.board_id}/moderation"
    for where in re.findall(r'href="([^"]+/pass-on)"', chair.get(progress).text):
        assert "Go on without panel member" in chair.get(where).text
        chair.post(where)
    assert "Start moderation" in chair.get(progress).text


def test_chair_looks_for_markers_again(database: Database, enter: Enter) -> None:
    with database.writing() as db:
        scene = Scene.closed(db, candidates=2, markers=3)
        exclude(db, scene.refs[0], scene.markers[:1])
        scene.begin()
    chair, where = enter(scene.chair), f"{home(scene)}/look-again"
    assert "3 answers lack 1 marker." in chair.get(where).text
    assert "No panel member is free" in chair.get(chair.post(where).location).text
    with database.writing() as scene.db:
        scene.join()
    assert "Markers were found" in chair.get(chair.post(where).location).text
    assert "Every answer has its markers." in chair.get(where).text


@pytest.mark.leak("L70")
def test_a_declared_leader_finds_nothing_here(database: Database, enter: Enter) -> None:
    with database.writing() as db:
        scene = Scene.closed(db)
        exclude(db, scene.refs[0], [scene.chair])
        scene.begin()
    assert enter(scene.chair).get(f"{home(scene)}/look-again").status_code == 404
    assert enter(scene.deputy).get(f"{home(scene)}/look-again").status_code == 200
