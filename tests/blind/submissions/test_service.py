"""Answers are lodged whole or not at all, under a ref that knows nobody."""

import secrets

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.blind.submissions import queries, service
from panel.blind.submissions.answers import AnswersRefused
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.encoding import digest_of
from panel.kernel.errors import Missing
from panel.kernel.ids import SubmissionRef
from tests.blind.scene import QUESTIONS, Scene

ANSWERS = {key: f"What I did about {key}." for key in QUESTIONS}


@pytest.fixture
def scene(db: Session) -> Scene:
    found = Scene.closed(db, candidates=0)
    found.move(Stage.OPEN)
    db.commit()
    return found


def lodge(scene: Scene, answers: dict[str, str] = ANSWERS, tag: bytes | None = None) -> tuple[SubmissionRef, bytes]:
    ref, tag = SubmissionRef.new(), tag or secrets.token_bytes(32)
    assert service.lodge(scene.db, scene.board_id, ref, answers, tag) == digest_of(answers)
    return ref, tag


def test_a_submission_is_found_by_its_tag_alone(scene: Scene) -> None:
    ref, tag = lodge(scene)
    found = queries.by_code(scene.db, scene.board_id, tag)
    assert (found.ref, found.answers, found.answers_digest) == (ref, ANSWERS, digest_of(ANSWERS))
    with pytest.raises(Missing):
        queries.by_code(scene.db, scene.board_id, bytes(32))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({QUESTIONS[0]: "One."}, "Answer the question for ‘We collaborate’."),
        ({**ANSWERS, QUESTIONS[1]: ""}, "Answer the question for ‘We collaborate’."),
        ({**ANSWERS, QUESTIONS[1]: "word " * 301}, "Shorten it to 300 or fewer."),
        ({**ANSWERS, QUESTIONS[1]: "x" * 8000}, "is not ordinary text"),
        ({**ANSWERS, QUESTIONS[1]: "– …"}, "is not ordinary text"),
        ({**ANSWERS, QUESTIONS[1]: "a signal\u200b"}, "is not ordinary text"),
        ({**ANSWERS, "courage": "Over all."}, "belongs to no question"),
    ],
)
def test_what_is_missing_too_long_or_odd_is_refused(scene: Scene, answers: dict[str, str], said: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        service.lodge(scene.db, scene.board_id, SubmissionRef.new(), answers, bytes(32))
    assert said in " ".join(refused.value.details)


@pytest.mark.leak("L13")
def test_one_tag_or_ref_cannot_stand_for_two_submissions(scene: Scene) -> None:
    ref, tag = lodge(scene)
    scene.db.commit()
    with pytest.raises(IntegrityError):
        lodge(scene, tag=tag)
    scene.db.rollback()
    with pytest.raises(IntegrityError):
        service.lodge(scene.db, scene.board_id, ref, ANSWERS, secrets.token_bytes(32))
    scene.db.rollback()


def test_taking_back_leaves_nothing(scene: Scene) -> None:
    ref, tag = lodge(scene)
    assert service.take_back(scene.db, scene.board_id, tag) == ref
    assert queries.count(scene.db, scene.board_id) == 0
    with pytest.raises(Missing):
        service.take_back(scene.db, scene.board_id, tag)


@pytest.mark.leak("L11")
def test_nothing_is_lodged_or_taken_back_once_the_board_is_closed(scene: Scene) -> None:
    _, tag = lodge(scene)
    scene.move(Stage.CLOSED)
    with pytest.raises(WrongStage):
        lodge(scene)
    with pytest.raises(WrongStage):
        service.take_back(scene.db, scene.board_id, tag)


@pytest.mark.leak("L48")
def test_withdrawing_after_the_close_shows_nowhere_before_the_lock(scene: Scene) -> None:
    ref, tag = lodge(scene)
    lodge(scene)
    service.rewrite(scene.db, scene.board_id)
    scene.move(Stage.MARKING)
    before = (queries.refs(scene.db, scene.board_id), queries.cards(scene.db, scene.board_id))
    service.withdraw(scene.db, scene.board_id, tag)
    assert (queries.refs(scene.db, scene.board_id), queries.cards(scene.db, scene.board_id)) == before
    assert queries.withdrawn(scene.db, scene.board_id) == {ref}
    scene.move(Stage.UNSEALED)
    with pytest.raises(WrongStage):
        service.withdraw(scene.db, scene.board_id, tag)


def test_rewriting_deals_each_submission_a_number_of_its_own(scene: Scene) -> None:
    refs = {lodge(scene)[0] for _ in range(8)}
    assert service.rewrite(scene.db, scene.board_id) == 8
    numbers = queries.numbers(scene.db, scene.board_id)
    assert set(numbers) == refs
    assert len(set(numbers.values())) == 8
