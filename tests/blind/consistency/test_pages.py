"""The pages on consistency as chair and deputy meet them, and as nobody else does."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask, render_template
from sqlalchemy import insert

from panel.access.actor import Actor
from panel.access.queries import roles
from panel.blind.allocation.models import ExclusionRow
from panel.blind.consistency import desk
from panel.blind.consistency.known import known_lines
from panel.blind.moderation.queries import marker_letters
from panel.blind.submissions.queries import numbers
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId, Number
from tests.blind.consistency.judged import CRITERION, judged, pages
from tests.blind.moderation.visitors import Visitor, counted
from tests.blind.scene import Scene

Enter = Callable[[MarkerId], Visitor]


def board(database: Database, *, candidates: int = 16, unsigned: int | None = None) -> Scene:
    with database.writing() as db:
        scene = judged(Scene.marking(db, candidates=candidates, markers=4), unsigned=unsigned)
        scene.letters = marker_letters(db, scene.board)  # type: ignore[attr-defined]
    return scene


def shown_as(name: str, **shown: object) -> str:
    return render_template(f"blind/consistency/{name}.html", **shown)


def addresses(scene: Scene) -> list[str]:
    return pages(scene)


def rows(page: str, table: str) -> dict[str, list[str]]:
    """The rows of a table by their heads, as text."""
    body = unescape(page).split(f'aria-label="{table}"')[1].split("</table>")[0].split("<tbody")[1]
    found = {}
    for row in body.split("<tr")[1:]:
        cells = [
            " ".join(re.sub("<[^>]+>", "", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        found[cells[0]] = cells[1:]
    return found


def test_chair_finds_the_severe_marker_and_what_it_means(database: Database, enter: Enter) -> None:
    scene = board(database)
    chair = enter(scene.chair)
    assert f'href="{addresses(scene)[0]}"' in chair.get(f"/panel/{scene.board_id}/moderation").text
    severe = scene.letters[scene.markers[0]]  # type: ignore[attr-defined]
    words = {
        letter: cells[2]
        for letter, cells in rows(chair.get(addresses(scene)[0]).text, "Markers over all criteria").items()
    }
    assert words == {letter: "Severe" if letter == severe else "Lenient" for letter in "ABCD"}
    page = chair.get(f"{addresses(scene)[0]}/criterion/{CRITERION}").text
    assert rows(page, "Beside co-markers on the same answers")[severe][1] == "−1.00 (−1.00 to −1.00)"
    assert page.count("<svg") == 4
    assert "Krippendorff’s alpha" in page


def test_outcomes_that_severity_decided_are_shown_with_their_answers(database: Database, enter: Enter) -> None:
    scene = board(database)
    with database.reading() as scene.db:
        met = Counter(task.ref for task in scene.tasks(scene.markers[0]))
        severe = {number for ref, number in numbers(scene.db, scene.board_id).items() if met[ref] == 3}
    page = unescape(enter(scene.chair).get(addresses(scene)[1]).text)
    assert severe
    assert {
        Number(int(found)) for found in re.findall(r"Number (\d{6}): not passed as it stands, passed", page)
    } == severe
    assert page.count("Beyond the error</strong>") == len(severe)
    assert "Total 8, place" in page
    assert "16 submissions compared." in page
    assert all(f"/moderation/{number}/{CRITERION}" in page for number in severe)
    assert rows(page, f"Scores of {min(severe)}")["Courage of " + str(min(severe))][1] == "+0.08"


@pytest.mark.leak("L113")
def test_too_few_answers_show_no_figure(database: Database, enter: Enter) -> None:
    scene = board(database, candidates=5)
    page = enter(scene.chair).get(f"{addresses(scene)[0]}/criterion/{CRITERION}").text
    assert "<svg" not in page
    assert "Too few answers to say." in page
    for table in ("Beside co-markers on the same answers", "Severity", "Drift"):
        assert {cell for cells in rows(page, table).values() for cell in cells} <= {
            "Too few to say",
            "–",
            "",
            "3",
            "4",
            "5",
        }


@pytest.mark.leak("L107")
def test_marks_without_signature_are_in_no_figure(database: Database, enter: Enter) -> None:
    scene = board(database, unsigned=0)
    unseen = scene.letters[scene.markers[0]]  # type: ignore[attr-defined]
    page = enter(scene.chair).get(addresses(scene)[0]).text
    assert sorted(rows(page, "Markers over all criteria")) == [letter for letter in "ABCD" if letter != unseen]


@pytest.mark.leak("L107")
@pytest.mark.leak("L114")
def test_before_moderation_there_is_nothing(database: Database, enter: Enter) -> None:
    scene = board(database)
    with database.writing() as scene.db:
        scene.move(Stage.MARKING)
    assert {enter(scene.chair).get(address).status_code for address in addresses(scene)} == {409}


@pytest.mark.leak("L36")
@pytest.mark.leak("L70")
def test_declared_chair_markers_and_others_find_nothing(database: Database, enter: Enter) -> None:
    scene = board(database, candidates=4)
    with database.writing() as db:
        db.execute(insert(ExclusionRow).values(ref=scene.refs[1], marker=scene.chair))
    for who in (scene.chair, scene.markers[0], scene.hr):
        visitor = enter(who)
        assert {visitor.get(address).status_code for address in addresses(scene)} == {404}
    deputy = enter(scene.deputy)
    assert {deputy.get(address).status_code for address in addresses(scene)} == {200}
    assert deputy.get(f"{addresses(scene)[0]}/criterion/we-levitate").status_code == 404


@pytest.mark.leak("L20")
@pytest.mark.leak("L43")
def test_pages_hold_no_ref_no_person_and_no_style(database: Database, enter: Enter) -> None:
    scene = board(database)
    chair = enter(scene.chair)
    said = "".join(chair.get(address).text for address in addresses(scene))
    assert str(scene.board_id) in said
    assert not [each for each in (*scene.refs, *scene.markers) if str(each) in said]
    assert not re.search(r"\sstyle=|<style|\son\w+=", said)


def test_after_the_lock_the_pages_stay_and_act_no_more(database: Database, enter: Enter) -> None:
    scene = board(database, candidates=4)
    with database.writing() as scene.db:
        scene.move(Stage.LOCKED)
    assert [enter(scene.chair).get(address).status_code for address in addresses(scene)] == [200] * 5


def test_pages_ask_the_same_number_of_questions_whatever_the_size(database: Database, enter: Enter) -> None:
    asked: list[list[int]] = []
    for candidates in (3, 12):
        scene = board(database, candidates=candidates)
        chair, counts = enter(scene.chair), []
        for address in addresses(scene):
            with counted(database) as statements:
                assert chair.get(address).status_code == 200
            counts.append(len(statements))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 20


def test_seeds_and_repeats_are_shown_where_there_are_any(database: Database, app: Flask) -> None:
    scene = board(database, candidates=3)
    lines = known_lines({"A": [(2, 3)] * 6, "B": [(2, 2)]}, tolerance=1)
    with database.reading() as db, app.test_request_context():
        chair = Actor(scene.chair, roles(db, scene.chair))
        whole = desk.overview(db, chair, scene.board_id)
        one = desk.of_criterion(db, chair, scene.board_id, CRITERION)
        plain = [shown_as("overview", overview=whole), shown_as("criterion", page=one)]
        whole, one = (replace(each, seeds=lines, repeats=lines[1:]) for each in (whole, one))
        known = [shown_as("overview", overview=whole), shown_as("criterion", page=one)]
    assert not [page for page in plain if "Seeds" in page or "Hidden repeats" in page]
    for page in known:
        assert rows(page, "Seeds")["A"] == ["6", "6", "−1.00 (−1.00 to −1.00)", "0.00"]
        assert rows(page, "Hidden repeats") == {"B": ["1", *["Too few to say"] * 3]}
