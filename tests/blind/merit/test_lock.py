"""The lock: the list is written once, and the root is that of the tables."""

from fractions import Fraction

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from panel.blind.allocation.models import ExclusionRow
from panel.blind.marking.models import MarkRow
from panel.blind.merit import queries
from panel.blind.merit.merit_list import Outcome
from panel.blind.merit.service import NotSettled, lock
from panel.blind.merit.sheet import merit_sheet
from panel.blind.moderation.models import AgreedScoreRow
from panel.blind.submissions.models import State, SubmissionRow
from panel.board.lifecycle import Stage, WrongStage
from panel.board.models import BoardRow
from panel.kernel.errors import Missing
from panel.kernel.ids import SubmissionRef
from tests.blind.merit.locked import locked, settled
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number
from tests.blind.scene import EVIDENCE, Scene


@pytest.fixture
def scene(db: Session) -> Scene:
    """Four submissions in marking."""
    return Scene.marking(db, candidates=4)


def test_lock_writes_the_list_in_order(scene: Scene) -> None:
    locked(scene)
    order = queries.merit_list(scene.db, scene.board_id)
    assert [place.number for place in order] == [number(scene, place) for place in (1, 0, 2, 3)]
    assert [place.rank for place in order] == [1, 2, 3, 4]


def test_lock_takes_the_mean_where_marks_agree_and_the_agreed_score_where_not(scene: Scene) -> None:
    locked(scene)
    scores = {place.number: place.scores for place in queries.merit_list(scene.db, scene.board_id)}
    assert scores[number(scene, 0)] == {
        CRITERION: Fraction(3),
        "courage": Fraction(10, 3),
        "we-collaborate": Fraction(10, 3),
    }
    assert scores[number(scene, 2)][CRITERION] == Fraction(7, 3)


def test_lock_returns_the_root_of_the_tables(scene: Scene) -> None:
    root = locked(scene)
    assert len(root) == 32
    assert queries.marks_root(scene.db, scene.board_id) == root


def test_lock_gives_everyone_the_outcome_of_the_policy(scene: Scene) -> None:
    locked(scene)
    assert {place.outcome for place in queries.merit_list(scene.db, scene.board_id)} == {Outcome.PASSED}


@pytest.mark.leak("L48")
def test_withdrawn_submission_gets_no_place_and_keeps_its_marks(scene: Scene) -> None:
    settled(scene)
    scene.db.execute(
        update(SubmissionRow).where(SubmissionRow.ref == scene.refs[1]).values(state=State.WITHDRAWN.value)
    )
    lock(scene.db, scene.board_id)
    bound = queries.locked(scene.db, scene.board_id)
    gone = number(scene, 1)
    assert gone not in {place.number for place in bound.places}
    assert gone in {mark.number for mark in bound.marks}
    assert gone in {card.number for card in bound.submissions}


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.SET_ASIDE])
def test_state_of_a_submission_may_change_after_the_lock_and_the_root_does_not(scene: Scene, state: State) -> None:
    root = locked(scene)
    scene.db.execute(update(SubmissionRow).where(SubmissionRow.ref == scene.refs[1]).values(state=state.value))
    assert queries.marks_root(scene.db, scene.board_id) == root


def test_seeds_and_repeats_never_enter_the_root(scene: Scene) -> None:
    settled(scene)
    before = queries.marks_root(scene.db, scene.board_id)
    seed = MarkRow(ref=SubmissionRef.new(), criterion=CRITERION, marker=scene.markers[0], board=scene.board_id)
    seed.score, seed.evidence, seed.position, seed.version = 1, EVIDENCE, 1, 1
    scene.db.add(seed)
    scene.db.flush()
    assert queries.marks_root(scene.db, scene.board_id) == before


@pytest.mark.vault("V06")
def test_root_moves_with_a_mark_an_agreed_score_and_a_reason(scene: Scene) -> None:
    settled(scene)
    seen = {queries.marks_root(scene.db, scene.board_id)}
    first = MarkRow.ref == scene.refs[0]
    for change in (
        update(MarkRow).where(first, MarkRow.criterion == "courage").values(score=0),
        update(MarkRow).where(first, MarkRow.criterion == "courage").values(evidence="Other evidence altogether."),
        update(AgreedScoreRow).values(score=4),
        update(AgreedScoreRow).values(reason="Another reason."),
        update(SubmissionRow).where(SubmissionRow.ref == scene.refs[0]).values(answers_digest=bytes(32)),
    ):
        scene.db.execute(change)
        seen.add(queries.marks_root(scene.db, scene.board_id))
    assert len(seen) == 6


def test_unsettled_board_is_not_locked(scene: Scene) -> None:
    moderated(scene, {(0, CRITERION): (0, 2, 4)})
    with pytest.raises(NotSettled):
        lock(scene.db, scene.board_id)
    assert queries.merit_list(scene.db, scene.board_id) == ()


@pytest.mark.parametrize("stage", [Stage.MARKING, Stage.LOCKED, Stage.UNSEALED])
def test_lock_belongs_to_moderation_alone(scene: Scene, stage: Stage) -> None:
    settled(scene)
    scene.move(stage)
    with pytest.raises(WrongStage):
        lock(scene.db, scene.board_id)


def test_sheet_is_for_leaders_and_only_from_the_lock_on(scene: Scene) -> None:
    settled(scene)
    with pytest.raises(WrongStage):
        merit_sheet(scene.db, actor(scene, scene.chair), scene.board_id)
    root = lock(scene.db, scene.board_id)
    _fix(scene, root)
    sheet = merit_sheet(scene.db, actor(scene, scene.deputy), scene.board_id)
    assert (sheet.root, sheet.unchanged, sheet.passed) == (root, True, 4)
    with pytest.raises(Missing):
        merit_sheet(scene.db, actor(scene, scene.hr), scene.board_id)


@pytest.mark.leak("L70")
def test_declared_chair_does_not_see_the_list(scene: Scene) -> None:
    _fix(scene, locked(scene))
    scene.db.execute(insert(ExclusionRow).values(ref=scene.refs[0], marker=scene.chair))
    with pytest.raises(Missing):
        merit_sheet(scene.db, actor(scene, scene.chair), scene.board_id)


def _fix(scene: Scene, root: bytes) -> None:
    scene.db.get_one(BoardRow, scene.board_id).marks_root = root
    scene.move(Stage.LOCKED)
