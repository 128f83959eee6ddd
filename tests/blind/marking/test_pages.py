"""The pages of marking as a panel member meets them, without JavaScript."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from panel.blind.marking import queries
from panel.blind.training.models import QualificationRow
from panel.board.lifecycle import Stage
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId, TaskCode
from tests.blind.marking.paths import address, home, mark_all, tasks, version
from tests.blind.moderation.visitors import Visitor
from tests.blind.scene import EVIDENCE, QUESTIONS, Scene

Enter = Callable[[MarkerId], Visitor]


def test_she_starts_marks_and_goes_on_to_the_next_answer(board: Scene, database: Database, enter: Enter) -> None:
    marker = board.markers[0]
    first, second, *_ = tasks(board, database, marker)
    her = enter(marker)
    assert f'href="{address(board, first)}"' in her.get(home(board)).text
    page = her.get(address(board, first)).text
    assert board.answer(first.ref, first.criterion) in page
    assert all(point.anchor in page for point in board.policy.scale.points)
    assert all(each in page for each in board.policy.criterion(first.criterion).descriptors)
    sent = her.post(address(board, first), version="0", score="3", evidence=EVIDENCE, then="next")
    assert sent.status_code == 303
    assert sent.location.startswith(address(board, second))
    assert "Your mark is saved. This is the next answer." in her.get(sent.location).text
    assert EVIDENCE in her.get(f"{home(board)}/marks").text


def test_she_may_stay_with_the_answer(board: Scene, database: Database, enter: Enter) -> None:
    task = tasks(board, database, board.markers[0])[0]
    her = enter(board.markers[0])
    sent = her.post(address(board, task), version="0", score="3", evidence="She did it all herself.", then="stay")
    page = her.get(sent.location).text
    assert "Your mark is saved." in page
    assert "Your evidence says ‘She’, ‘herself’." in page


@pytest.mark.parametrize(
    ("score", "evidence", "sentence"),
    [
        ("", EVIDENCE, "Select a score for ‘We take ownership’"),
        ("9", EVIDENCE, "Select a score for ‘We take ownership’"),
        ("x", EVIDENCE, "Select a score for ‘We take ownership’"),
        ("2", "", "Enter the evidence for your score for ‘We take ownership’"),
        ("2", "too short", "Evidence must be at least 3 words"),
        ("2", "word " * 301, "Evidence must be 300 words or fewer. It has 301"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_is_kept(
    board: Scene, database: Database, enter: Enter, score: str, evidence: str, sentence: str
) -> None:
    task = tasks(board, database, board.markers[0])[0]
    her = enter(board.markers[0])
    fields = {"score": score} if score else {}
    sent = her.post(address(board, task), version="0", evidence=evidence, **fields)
    assert sent.status_code == 422
    assert sentence in sent.text
    assert "<title>Error: " in sent.text
    assert evidence.strip() in sent.text
    with database.reading() as db:
        assert queries.marks(db, board.board_id) == ()


@pytest.mark.leak("L81")
@pytest.mark.leak("L112")
def test_a_stale_page_hands_her_own_text_back_and_saves_over_it_knowingly(
    board: Scene, database: Database, enter: Enter
) -> None:
    task = tasks(board, database, board.markers[0])[0]
    her = enter(board.markers[0])
    her.post(address(board, task), version="0", score="3", evidence=EVIDENCE, then="stay")
    other = "What she wrote in the other tab of her browser."
    refused = her.post(address(board, task), version="0", score="1", evidence=other)
    assert refused.status_code == 409
    assert other in refused.text
    assert f"Score 3\n{EVIDENCE}" in refused.text
    again = her.post(address(board, task), version=version(refused), score="1", evidence=other)
    assert again.status_code == 303
    with database.reading() as db:
        assert [mark.score for mark in queries.marks(db, board.board_id)] == [1]


def test_autosave_keeps_what_is_typed_and_tells_the_new_version(board: Scene, database: Database, enter: Enter) -> None:
    task = tasks(board, database, board.markers[0])[0]
    her = enter(board.markers[0])
    page = her.get(address(board, task)).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    draft = address(board, task, "draft")
    assert f'data-autosave="{draft}"' in page
    typed = {"csrf_token": token, "version": "0", "evidence": "half a"}
    assert her.client.post(draft, data=typed).json == {"version": 1}
    assert her.client.post(draft, data=typed | {"evidence": "other"}).status_code == 409
    long = her.client.post(draft, data=typed | {"version": "1", "evidence": "word " * 301})
    assert (long.status_code, long.json) == (422, {"error": "Evidence must be 300 words or fewer. It has 301"})
    assert "half a</textarea>" in her.get(address(board, task)).text


def test_autosave_of_a_text_flagged_meanwhile_says_so_and_tells_of_no_conflict(
    board: Scene, database: Database, enter: Enter
) -> None:
    task = tasks(board, database, board.markers[0])[0]
    her = enter(board.markers[0])
    token = her.get(address(board, task)).text.split('name="csrf_token" value="')[1].split('"')[0]
    typed = {"csrf_token": token, "version": "0", "evidence": "half a"}
    assert her.post(address(board, task, "flag")).status_code == 303
    late = her.client.post(address(board, task, "draft"), data=typed)
    assert late.status_code == 403
    assert late.json == {"error": "The chair or a deputy is looking at this text. You can mark it when that is done."}


@pytest.mark.leak("L36")
def test_anothers_task_an_absent_one_and_a_malformed_one_look_alike(
    board: Scene, database: Database, enter: Enter
) -> None:
    her = enter(board.markers[0])
    theirs = tasks(board, database, board.markers[1])[0]
    addresses = [address(board, theirs), f"{home(board)}/{TaskCode.new()}", f"{home(board)}/nothing"]
    answers = [her.get(where) for where in addresses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    for verb in ("recognise", "flag"):
        assert her.get(address(board, theirs, verb)).data == answers[0].data


def test_only_panel_members_find_these_pages(board: Scene, database: Database, enter: Enter) -> None:
    task = tasks(board, database, board.markers[0])[0]
    for stranger in (enter(MarkerId.new()), enter(board.chair), enter(board.hr)):
        for where in (home(board), "/panel/marking", address(board, task), f"{home(board)}/sheet"):
            assert stranger.get(where).status_code == 404


def test_without_qualification_no_task_opens_and_she_is_led_to_training(
    board: Scene, database: Database, enter: Enter
) -> None:
    marker = board.markers[0]
    task = tasks(board, database, marker)[0]
    with database.writing() as db:
        db.execute(delete(QualificationRow).where(QualificationRow.marker == marker))
    her = enter(marker)
    page = her.get(home(board)).text
    assert "Before you can mark" in page
    assert 'href="/panel/training"' in page
    refused = her.get(address(board, task))
    assert refused.status_code == 409
    assert board.answer(task.ref, task.criterion) not in refused.text


def test_later_questions_wait_for_their_turn(board: Scene, database: Database, enter: Enter) -> None:
    later = tasks(board, database, board.markers[0], QUESTIONS[1])[0]
    her = enter(board.markers[0])
    assert her.get(address(board, later)).status_code == 409
    assert address(board, later) not in her.get(f"{home(board)}/tasks").text


@pytest.mark.leak("L109")
@pytest.mark.leak("L115")
def test_stepping_aside_takes_one_button_and_no_words(board: Scene, database: Database, enter: Enter) -> None:
    first, second, *_ = tasks(board, database, board.markers[0])
    her = enter(board.markers[0])
    page = her.get(address(board, first, "recognise")).text
    form = page.split("<main")[1].split("<form")[1]
    assert "textarea" not in form
    assert form.count("<input") == 1
    sent = her.post(address(board, first, "recognise"))
    assert sent.location.startswith(address(board, second))
    assert her.get(address(board, first)).status_code == 404
    assert "Stepped aside" in her.get(f"{home(board)}/tasks").text


def test_a_text_that_names_somebody_waits(board: Scene, database: Database, enter: Enter) -> None:
    first, second, *_ = tasks(board, database, board.markers[0])
    her = enter(board.markers[0])
    sent = her.post(address(board, first, "flag"))
    assert sent.location.startswith(address(board, second))
    page = her.get(address(board, first)).text
    assert "is looking at this text" in page
    assert board.answer(first.ref, first.criterion) not in page


def test_on_the_whole_submission_she_says_which_answer(board: Scene, database: Database, enter: Enter) -> None:
    marker = board.markers[0]
    mark_all(board, database, marker)
    whole = tasks(board, database, marker, "courage")[0]
    her = enter(marker)
    page = her.get(address(board, whole)).text
    assert all(board.answer(whole.ref, key) in page for key in QUESTIONS)
    refused = her.post(address(board, whole, "flag"))
    assert refused.status_code == 422
    assert "Select the answer that names somebody" in refused.text
    assert her.post(address(board, whole, "flag"), answer=QUESTIONS[1]).status_code == 303


def test_she_signs_when_all_is_marked_and_cannot_change_a_mark_after(
    board: Scene, database: Database, enter: Enter
) -> None:
    marker = board.markers[0]
    her = enter(marker)
    assert "You can sign once every answer is marked" in her.get(f"{home(board)}/sheet").text
    mark_all(board, database, marker)
    assert "Check and sign your marks" in her.get(home(board)).text
    sent = her.post(f"{home(board)}/sheet")
    assert "Your marks are signed." in her.get(sent.location).text
    task = tasks(board, database, marker)[0]
    assert "This mark is final" in her.get(address(board, task)).text
    assert "There is nothing more for you to do." in her.get(home(board)).text


@pytest.mark.parametrize(("stage", "sentence"), [(Stage.OPEN, "not started yet"), (Stage.LOCKED, "is finished")])
def test_outside_marking_no_task_opens(
    board: Scene, database: Database, enter: Enter, stage: Stage, sentence: str
) -> None:
    task = tasks(board, database, board.markers[0])[0]
    with database.writing() as board.db:
        board.move(stage)
    her = enter(board.markers[0])
    assert sentence in her.get(home(board)).text
    assert her.get(address(board, task)).status_code == 409
