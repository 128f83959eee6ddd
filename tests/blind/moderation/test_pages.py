"""The pages of moderation as chair and deputy meet them, and as everybody else does not."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert

from panel.blind.allocation.models import ExclusionRow
from panel.blind.moderation import queries
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.moderation.moderated import CRITERION, moderated, number, redact
from tests.blind.moderation.visitors import Visitor, counted, visit
from tests.blind.scene import EVIDENCE, Scene

GIVEN = {(0, CRITERION): (1, 2, 4), (1, "we-collaborate"): (0, 2, 2)}

Prepared = Callable[..., Scene]


@pytest.fixture
def prepared(database: Database) -> Prepared:
    """A board, committed, in moderation unless said otherwise."""

    def prepare(stage: Stage = Stage.MODERATION, candidates: int = 4, redacted: bool = False) -> Scene:
        with database.writing() as db:
            scene = Scene.marking(db, candidates=candidates)
            if stage is not Stage.MARKING:
                moderated(scene, GIVEN)
                scene.move(stage)
            if redacted:
                redact(scene, 0, scene.chair)
            scene.numbers = [number(scene, place) for place in range(candidates)]  # type: ignore[attr-defined]
        return scene

    return prepare


@pytest.fixture
def enter(app: Flask, database: Database) -> Callable[[MarkerId], Visitor]:
    return lambda marker: visit(app, database, marker)


def addresses(scene: Scene) -> list[str]:
    """Every address of moderation."""
    home = f"/panel/{scene.board_id}/moderation"
    answer = f"{home}/{scene.numbers[0]}/{CRITERION}"  # type: ignore[attr-defined]
    return [home, f"{home}/to-settle", f"{home}/settled", f"{home}/criterion/{CRITERION}", answer]


def answer_page(scene: Scene, place: int = 0, criterion: str = CRITERION) -> str:
    return f"/panel/{scene.board_id}/moderation/{scene.numbers[place]}/{criterion}"  # type: ignore[attr-defined]


def test_chair_sees_what_is_to_settle_and_settles_it(prepared: Prepared, enter: Callable[[MarkerId], Visitor]) -> None:
    scene = prepared()
    chair = enter(scene.chair)
    listing = chair.get(addresses(scene)[1]).text
    assert "0 of 2 settled" in listing
    assert answer_page(scene) in listing
    sent = chair.post(answer_page(scene), version="0", score="2", reason="Puts it right, but nothing lasted.")
    assert sent.status_code == 303
    after = chair.get(sent.location).text
    assert "The agreed score is saved." in after
    assert "1 of 2 settled" in after
    assert answer_page(scene) not in after
    assert answer_page(scene) in chair.get(addresses(scene)[2]).text


def test_answer_page_shows_text_marks_and_evidence_under_letters(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene = prepared()
    page = enter(scene.chair).get(answer_page(scene)).text
    assert scene.answer(scene.refs[0], CRITERION) in page
    assert page.count(EVIDENCE) == 3
    assert len(set(re.findall(r"Marker ([A-E]): \d", page))) == 3
    assert "3 points apart; the tolerance is 1" in page


@pytest.mark.leak("L20")
def test_pages_hold_no_ref_and_no_person(prepared: Prepared, enter: Callable[[MarkerId], Visitor]) -> None:
    scene = prepared()
    chair = enter(scene.chair)
    pages = "".join(chair.get(address).text for address in addresses(scene))
    assert str(scene.board_id) in pages
    assert not [each for each in (*scene.refs, *scene.markers, scene.chair, scene.deputy) if str(each) in pages]


def test_whole_criterion_shows_all_answers(prepared: Prepared, enter: Callable[[MarkerId], Visitor]) -> None:
    scene = prepared()
    page = enter(scene.chair).get(answer_page(scene, criterion="courage")).text
    assert all(scene.answer(scene.refs[0], key) in page for key in ("we-take-ownership", "we-collaborate"))
    assert "Save the agreed score" not in page


@pytest.mark.leak("L114")
def test_before_moderation_there_are_counts_for_each_panel_member_and_no_number(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene = prepared(Stage.MARKING)
    chair = enter(scene.chair)
    page = chair.get(addresses(scene)[0])
    assert page.status_code == 200
    assert page.text.count('scope="row"') == len(scene.markers)
    assert not [each for each in scene.numbers if str(each) in page.text]  # type: ignore[attr-defined]
    assert [chair.get(address).status_code for address in addresses(scene)[1:]] == [409] * 4


@pytest.mark.leak("L70")
def test_declared_chair_gets_404_everywhere_and_the_deputy_goes_on(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    scene = prepared()
    with database.writing() as db:
        db.execute(insert(ExclusionRow).values(ref=scene.refs[3], marker=scene.chair))
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    nowhere = chair.get(f"/panel/{MarkerId.new()}/moderation").data
    for address in addresses(scene):
        refused = chair.get(address)
        assert (refused.status_code, refused.data) == (404, nowhere)
        assert deputy.get(address).status_code == 200


@pytest.mark.leak("L36")
def test_others_unknown_numbers_and_malformed_addresses_are_all_404(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene = prepared()
    chair = enter(scene.chair)
    home = addresses(scene)[0]
    strange = [f"{home}/123456/{CRITERION}", f"{home}/12345/{CRITERION}", f"{home}/criterion/we-levitate", f"{home}/x"]
    assert {chair.get(address).status_code for address in strange} == {404}
    assert len({chair.get(address).data for address in strange}) == 1
    for who in (scene.markers[0], scene.hr):
        visitor = enter(who)
        assert {visitor.get(address).status_code for address in addresses(scene)} == {404}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"score": "2", "reason": ""}, "Enter a reason for the agreed score"),
        ({"reason": "A reason."}, "Select an agreed score for ‘We take ownership’"),
        ({"score": "9", "reason": "A reason."}, "Select an agreed score for ‘We take ownership’"),
        ({"score": "2", "reason": "word " * 301}, "Reason must be 300 words or fewer"),
        ({"score": "2", "reason": "A reason.", "version": "x"}, "This page is incomplete"),
    ],
)
def test_bad_input_is_told_and_kept(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor], fields: dict[str, str], sentence: str
) -> None:
    scene = prepared()
    answered = enter(scene.chair).post(answer_page(scene), **{"version": "0", **fields})
    assert answered.status_code == 422
    assert sentence in answered.text
    assert "Error: " in answered.text
    assert fields["reason"][:9] in answered.text


def test_stale_page_is_told_and_the_text_is_kept(prepared: Prepared, enter: Callable[[MarkerId], Visitor]) -> None:
    scene = prepared()
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    deputy.post(answer_page(scene), version="0", score="3", reason="The deputy was first.")
    late = chair.post(answer_page(scene), version="0", score="1", reason="The chair came second.")
    assert late.status_code == 409
    assert "Somebody else settled this answer" in late.text
    assert "The deputy was first." in late.text
    assert "The chair came second." in late.text
    assert 'name="version" value="1"' in late.text
    again = chair.post(answer_page(scene), version="1", score="1", reason="The chair came second.")
    assert again.status_code == 303


def test_leader_who_redacted_is_shown_why_there_is_no_form(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene = prepared(redacted=True)
    chair, deputy = enter(scene.chair), enter(scene.deputy)
    assert "another leader of the panel settles" in chair.get(answer_page(scene)).text
    assert "Save the agreed score" in deputy.get(answer_page(scene)).text


def test_settling_what_is_not_open_is_refused_before_the_form_is_read(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene = prepared()
    chair = enter(scene.chair)
    token = chair.get(answer_page(scene)).text.split('name="csrf_token" value="')[1].split('"')[0]
    agreeing = chair.client.post(answer_page(scene, 2), data={"csrf_token": token})
    assert agreeing.status_code == 409
    assert "There is nothing to settle" in agreeing.text


def test_after_the_lock_the_pages_stay_and_the_form_is_gone(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor]
) -> None:
    scene = prepared(Stage.LOCKED)
    chair = enter(scene.chair)
    assert "The marks are locked." in chair.get(addresses(scene)[0]).text
    assert "Save the agreed score" not in chair.get(answer_page(scene)).text


def test_pages_ask_the_same_number_of_questions_whatever_the_size(
    prepared: Prepared, enter: Callable[[MarkerId], Visitor], database: Database
) -> None:
    asked = []
    for candidates in (3, 9):
        scene = prepared(candidates=candidates)
        chair = enter(scene.chair)
        for address in addresses(scene):
            with counted(database) as statements:
                assert chair.get(address).status_code == 200
            asked.append(len(statements))
    assert asked[:5] == asked[5:]
    assert max(asked) <= 18


def test_letters_stand_for_the_same_markers_on_every_page(prepared: Prepared, database: Database) -> None:
    scene = prepared()
    with database.reading() as db:
        scene.db = db
        letters = queries.marker_letters(db, scene.board)
    assert sorted(letters.values()) == ["A", "B", "C", "D", "E"]
    assert set(letters) == set(scene.markers)
