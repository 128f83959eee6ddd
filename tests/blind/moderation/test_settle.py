"""Settling answers: only what is disputed, by whom it may be, with a reason, never over somebody else's words."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit.queries import entries, rebuild
from panel.blind.allocation.models import ExclusionRow
from panel.blind.marking.models import MarkRow
from panel.blind.moderation import desk, queries
from panel.blind.moderation.answers import Settlement, Standing
from panel.blind.moderation.deciding import DecidedRedaction, NothingToSettle
from panel.blind.moderation.service import BadAgreedScore, StaleScore, settle
from panel.blind.moderation.sitting import sitting
from panel.blind.submissions.models import State, SubmissionRow
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId, Number
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number, redact, rules
from tests.blind.scene import POLICY, Scene

DECIDED = Settlement(2, "The answer puts it right, and does not say what followed.", seen=0)
FLOORED = replace(POLICY, criteria=tuple(replace(c, floor=3 if c.key == CRITERION else None) for c in POLICY.criteria))


@pytest.fixture
def scene(db: Session) -> Scene:
    """Four submissions; the marks of the first answer to the criterion lie two apart."""
    return moderated(Scene.marking(db, candidates=4), {(0, CRITERION): (1, 2, 3)})


def disputed(scene: Scene) -> Number:
    return number(scene, 0)


def test_settling_keeps_score_reason_and_who(scene: Scene) -> None:
    settle(scene.db, scene.board_id, actor(scene, scene.chair), disputed(scene), CRITERION, DECIDED)
    found = queries.answer(scene.db, scene.board, disputed(scene), CRITERION)
    assert found.standing is Standing.SETTLED
    assert found.score == 2
    assert found.agreed is not None
    assert (found.agreed.reason, found.agreed.marker) == (DECIDED.reason, scene.chair)


@pytest.mark.leak("L111")
def test_settling_leaves_the_marks_untouched(scene: Scene) -> None:
    def rows() -> list[tuple[object, ...]]:
        columns = MarkRow.ref, MarkRow.criterion, MarkRow.marker, MarkRow.score, MarkRow.evidence, MarkRow.version
        return [tuple(row) for row in scene.db.execute(select(*columns).order_by(*columns[:3]))]

    before = rows()
    settle(scene.db, scene.board_id, actor(scene, scene.chair), disputed(scene), CRITERION, DECIDED)
    assert rows() == before


def test_settling_is_logged_by_number_without_the_reason(scene: Scene) -> None:
    settle(scene.db, scene.board_id, actor(scene, scene.deputy), disputed(scene), CRITERION, DECIDED)
    (entry,) = entries(scene.db, scene.board_id, "score.agreed")
    assert (entry.actor, entry.role) == (scene.deputy, "deputy")
    reason = digest(DECIDED.reason.encode()).hex()
    assert entry.facts == {"number": disputed(scene), "criterion": CRITERION, "score": 2, "reason_digest": reason}
    assert rebuild(scene.db, scene.board_id).sound


@pytest.mark.leak("L111")
def test_marks_that_agree_cannot_be_settled(scene: Scene) -> None:
    with pytest.raises(NothingToSettle):
        settle(scene.db, scene.board_id, actor(scene, scene.chair), number(scene, 1), CRITERION, DECIDED)


def test_marks_across_a_floor_need_settling(db: Session) -> None:
    scene = Scene.closed(db, candidates=2)
    rules(scene, FLOORED)
    scene.begin()
    moderated(scene, {(0, CRITERION): (2, 3, 3)})
    assert queries.answer(db, scene.board, number(scene, 0), CRITERION).discrepancy.straddles
    assert queries.unsettled(db, scene.board_id) == 1


@pytest.mark.leak("L111")
@pytest.mark.parametrize(
    ("score", "reason", "sentences"),
    [
        (2, "  ", 1),
        (9, "A reason.", 1),
        (9, "", 2),
        (2, "x" * 4001, 1),
    ],
)
def test_score_off_the_scale_or_no_reason_is_refused(scene: Scene, score: int, reason: str, sentences: int) -> None:
    with pytest.raises(BadAgreedScore) as refused:
        settle(
            scene.db,
            scene.board_id,
            actor(scene, scene.chair),
            disputed(scene),
            CRITERION,
            Settlement(score, reason, 0),
        )
    assert len(refused.value.details) == sentences
    assert queries.answer(scene.db, scene.board, disputed(scene), CRITERION).agreed is None


def test_second_leader_is_told_that_the_first_has_settled(scene: Scene) -> None:
    settle(scene.db, scene.board_id, actor(scene, scene.chair), disputed(scene), CRITERION, DECIDED)
    with pytest.raises(StaleScore):
        settle(scene.db, scene.board_id, actor(scene, scene.deputy), disputed(scene), CRITERION, DECIDED)
    later = replace(DECIDED, score=3, seen=1)
    settle(scene.db, scene.board_id, actor(scene, scene.deputy), disputed(scene), CRITERION, later)
    assert queries.answer(scene.db, scene.board, disputed(scene), CRITERION).version == 2


def test_leader_who_redacted_does_not_settle_that_submission(scene: Scene) -> None:
    redact(scene, 0, scene.chair)
    with pytest.raises(DecidedRedaction):
        settle(scene.db, scene.board_id, actor(scene, scene.chair), disputed(scene), CRITERION, DECIDED)
    settle(scene.db, scene.board_id, actor(scene, scene.deputy), disputed(scene), CRITERION, DECIDED)


def test_sole_leader_left_settles_what_she_redacted(scene: Scene) -> None:
    scene.db.add(ExclusionRow(ref=scene.refs[2], marker=scene.chair))
    redact(scene, 0, scene.deputy)
    settle(scene.db, scene.board_id, actor(scene, scene.deputy), disputed(scene), CRITERION, DECIDED)


@pytest.mark.leak("L70")
def test_declared_leader_meets_nothing_of_moderation(scene: Scene) -> None:
    scene.db.add(ExclusionRow(ref=scene.refs[2], marker=scene.chair))
    scene.db.flush()
    chair, deputy = actor(scene, scene.chair), actor(scene, scene.deputy)
    with pytest.raises(Missing):
        settle(scene.db, scene.board_id, chair, disputed(scene), CRITERION, DECIDED)
    for page in (desk.overview, desk.to_settle, desk.settled, desk.waiting):
        with pytest.raises(Missing):
            page(scene.db, chair, scene.board_id)
    with pytest.raises(Missing):
        sitting(scene.db, chair, scene.board_id, disputed(scene), CRITERION)
    settle(scene.db, scene.board_id, deputy, disputed(scene), CRITERION, DECIDED)


def test_marker_hr_and_strangers_meet_nothing_of_moderation(scene: Scene) -> None:
    for who in (scene.markers[0], scene.hr, MarkerId.new()):
        with pytest.raises(Missing):
            settle(scene.db, scene.board_id, actor(scene, who), disputed(scene), CRITERION, DECIDED)


def test_chair_of_another_board_meets_nothing(scene: Scene) -> None:
    other = Scene.closed(scene.db, candidates=1)
    with pytest.raises(Missing):
        settle(scene.db, scene.board_id, actor(scene, other.chair), disputed(scene), CRITERION, DECIDED)


@pytest.mark.parametrize("stage", [Stage.MARKING, Stage.LOCKED, Stage.UNSEALED, Stage.CANCELLED])
def test_settling_belongs_to_moderation_alone(scene: Scene, stage: Stage) -> None:
    scene.move(stage)
    with pytest.raises(WrongStage):
        settle(scene.db, scene.board_id, actor(scene, scene.chair), disputed(scene), CRITERION, DECIDED)


@pytest.mark.parametrize(("place", "criterion"), [(None, CRITERION), (0, "we-levitate")])
def test_unknown_number_or_criterion_is_missing(scene: Scene, place: int | None, criterion: str) -> None:
    which = Number(100_000) if place is None else number(scene, place)
    with pytest.raises(Missing):
        settle(scene.db, scene.board_id, actor(scene, scene.chair), which, criterion, DECIDED)


@pytest.mark.leak("L48")
def test_withdrawn_submission_stays_in_moderation_and_one_set_aside_does_not(scene: Scene) -> None:
    row = scene.db.get_one(SubmissionRow, scene.refs[0])
    row.state = State.WITHDRAWN.value
    scene.db.flush()
    assert queries.unsettled(scene.db, scene.board_id) == 1
    row.state = State.SET_ASIDE.value
    scene.db.flush()
    assert queries.unsettled(scene.db, scene.board_id) == 0


def test_answer_without_any_mark_keeps_the_board_unsettled(scene: Scene) -> None:
    for mark in scene.db.scalars(
        select(MarkRow).where(MarkRow.ref == scene.refs[1], MarkRow.criterion == CRITERION).order_by(MarkRow.marker)
    ):
        scene.db.delete(mark)
    scene.db.flush()
    assert queries.unsettled(scene.db, scene.board_id) == 2
