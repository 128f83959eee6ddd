"""Chair and deputy at the texts: no number, no name, every decision one press, always as many queries."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from panel.blind.submissions import queries, text_queries, texts
from panel.blind.submissions.answers import stored
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.moderation.visitors import Visitor, counted, visit
from tests.blind.scene import Scene

CRITERION = "we-collaborate"


@pytest.fixture
def scene(db: Session) -> Scene:
    found = Scene.closed(db, candidates=4)
    for n, ref in enumerate(found.refs):
        text = f"Plain words about depot {n}. Then she rang, and Okonjo came to Ebury Bridge."
        db.get_one(SubmissionRow, ref).answers = stored({"we-take-ownership": "I kept the log.", CRITERION: text})
    db.flush()
    texts.look_at(db, found.board_id, queries.shown(db, found.board_id))
    db.commit()
    return found


@pytest.fixture
def sign_in(app: Flask, database: Database, scene: Scene) -> Callable[[MarkerId], Visitor]:
    return lambda marker: visit(app, database, marker)


def home(scene: Scene) -> str:
    return f"/panel/{scene.board_id}/texts"


def codes(page: str) -> list[str]:
    return re.findall(r'name="texts"[^>]*value="([0-9A-Z]{12})"', page)


def test_the_list_shows_what_was_found_and_no_number_or_ref(
    sign_in: Callable[[MarkerId], Visitor], scene: Scene
) -> None:
    page = sign_in(scene.chair).get(home(scene)).text
    assert len(codes(page)) == 4
    assert "Then <mark>she</mark> rang" in page
    assert "Plain words" not in page
    numbers = queries.numbers(scene.db, scene.board_id)
    scene.db.rollback()
    for ref, number in numbers.items():
        assert str(ref) not in page
        assert str(number) not in page


def test_ticked_texts_stay_as_they_are(sign_in: Callable[[MarkerId], Visitor], scene: Scene) -> None:
    chair = sign_in(scene.chair)
    first, second, *_ = codes(chair.get(home(scene)).text)
    assert chair.post(home(scene), texts=[first, second]).status_code == 303
    assert len(codes(chair.get(home(scene)).text)) == 2
    assert first[:4] in chair.get(home(scene) + "/settled").text
    nothing = chair.post(home(scene))
    assert nothing.status_code == 422
    assert "Select the texts that stay as they are" in nothing.text
    assert chair.post(home(scene), texts=[first]).status_code == 422


def test_words_found_and_words_typed_are_removed_with_a_reason(
    sign_in: Callable[[MarkerId], Visitor], scene: Scene
) -> None:
    deputy = sign_in(scene.deputy)
    address = f"{home(scene)}/{codes(deputy.get(home(scene)).text)[0]}"
    assert "Enter why you remove these words" in deputy.post(address, found="0").text
    absent = deputy.post(address, others="Harlow Mill", reason="A place.")
    assert absent.status_code == 422
    assert "‘Harlow Mill’ does not stand in the answer." in absent.text
    assert deputy.post(address, found="0", others="Okonjo\nEbury Bridge", reason="They name people.").status_code == 303
    page = deputy.get(address).text
    assert "Then [removed] rang, and [removed] came to [removed]." in page
    assert "Okonjo" not in page
    assert deputy.post(address, found="0", reason="Twice.").status_code == 409


def test_one_text_can_be_left_from_its_own_page(sign_in: Callable[[MarkerId], Visitor], scene: Scene) -> None:
    chair = sign_in(scene.chair)
    code = codes(chair.get(home(scene)).text)[0]
    token = chair.get(home(scene)).text.split('name="csrf_token" value="')[1].split('"', 1)[0]
    left = chair.client.post(f"{home(scene)}/{code}/leave", data={"csrf_token": token})
    assert left.status_code == 303
    assert code not in codes(chair.get(home(scene)).text)


def test_a_flagged_text_comes_first_and_must_be_read_whole(
    sign_in: Callable[[MarkerId], Visitor], scene: Scene
) -> None:
    scene.move(Stage.MARKING)
    texts.flag(scene.db, scene.board_id, scene.refs[2], "we-take-ownership")
    scene.db.commit()
    page = sign_in(scene.chair).get(home(scene)).text
    assert page.index("Flagged by a marker") < page.index("Leave as it is")
    assert len(codes(page)) == 4


def test_markers_and_strangers_find_nothing_here_and_no_stage_but_its_own(
    sign_in: Callable[[MarkerId], Visitor], scene: Scene, app: Flask
) -> None:
    marker, chair = sign_in(scene.markers[0]), sign_in(scene.chair)
    code = text_queries.text_checks(scene.db, scene.board_id)[0].code
    scene.db.rollback()
    for address in (home(scene), f"{home(scene)}/settled", f"{home(scene)}/{code}", f"{home(scene)}/ZZZZZZZZZZZZ"):
        assert marker.get(address).status_code == 404
    assert chair.get(f"{home(scene)}/ZZZZZZZZZZZZ").status_code == 404
    assert app.test_client().get(home(scene)).status_code == 302
    for stage in (Stage.OPEN, Stage.LOCKED):
        scene.move(stage)
        scene.db.commit()
        assert chair.get(home(scene)).status_code == 409


def test_the_list_takes_the_same_queries_whatever_it_holds(
    sign_in: Callable[[MarkerId], Visitor], scene: Scene, database: Database
) -> None:
    chair = sign_in(scene.chair)
    with counted(database) as many:
        chair.get(home(scene))
    chair.post(home(scene), texts=codes(chair.get(home(scene)).text)[:3])
    with counted(database) as few:
        chair.get(home(scene))
    assert len(many) == len(few)
