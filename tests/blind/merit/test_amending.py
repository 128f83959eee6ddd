"""Changing a locked score: one leader proposes, another confirms, and what was locked stays."""

from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.blind.merit import amending, queries
from panel.blind.merit.amending import (
    AlreadyProposed,
    BadAmendment,
    Change,
    NeedsTwo,
    NeedsTwoAfter,
    OwnProposal,
    StaleProposal,
)
from panel.blind.merit.sheet import merit_sheet
from panel.blind.moderation.deciding import DecidedRedaction
from panel.blind.submissions.models import RedactionRow
from panel.board.lifecycle import Stage, WrongStage
from panel.board.retention import DESTROYED
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import Number
from tests.blind.merit.amended import (
    LONG,
    REASON,
    amend,
    confirm,
    declare,
    drop,
    propose,
    second_deputy,
    standing,
)
from tests.blind.merit.locked import locked, settled
from tests.blind.moderation.moderated import CRITERION, actor, number, redact
from tests.blind.scene import Scene

pytestmark = pytest.mark.vault("V16")


@pytest.mark.leak("L102")
def test_confirmed_change_stands_beside_the_locked_list_which_never_changes(scene: Scene) -> None:
    before, root = queries.merit_list(scene.db, scene.board_id), queries.marks_root(scene.db, scene.board_id)
    amend(scene)
    assert standing(scene, 2) == (Fraction(7, 3), Fraction(4))
    assert queries.merit_list(scene.db, scene.board_id) == before
    assert queries.marks_root(scene.db, scene.board_id) == root
    assert merit_sheet(scene.db, actor(scene, scene.chair), scene.board_id).unchanged
    (kept,) = queries.amendments(scene.db, scene.board_id)
    assert (kept.seq, kept.before, kept.after, kept.reason) == (1, Fraction(7, 3), Fraction(4), REASON)
    assert (kept.decided_by, kept.confirmed_by) == (scene.chair, scene.deputy)
    assert queries.proposals(scene.db, scene.board_id) == ()


def test_proposal_changes_nothing_until_another_leader_confirms_it(scene: Scene) -> None:
    propose(scene)
    assert standing(scene, 2) == (Fraction(7, 3), Fraction(7, 3))
    with pytest.raises(OwnProposal):
        confirm(scene, by=scene.chair)
    assert queries.amendments(scene.db, scene.board_id) == ()
    confirm(scene)
    with pytest.raises(StaleProposal):
        confirm(scene)
    assert len(queries.amendments(scene.db, scene.board_id)) == 1


def test_a_score_amended_again_starts_from_what_stands(scene: Scene) -> None:
    amend(scene, score=4)
    propose(scene, score=1)
    confirm(scene)
    first, second = queries.amendments(scene.db, scene.board_id)
    assert (first.seq, second.seq) == (1, 2)
    assert (second.before, second.after) == (Fraction(4), Fraction(1))
    assert standing(scene, 2) == (Fraction(7, 3), Fraction(1))


def test_each_act_is_logged_by_number_with_the_digest_of_the_reason_alone(scene: Scene) -> None:
    about = amend(scene)
    propose(scene, place=1, score=1)
    drop(scene, place=1, by=scene.deputy)
    change = {"number": about, "criterion": CRITERION, "before": "7/3", "after": "4/1"}
    change |= {"reason_digest": digest(REASON.encode()).hex()}
    log = entries(scene.db, scene.board_id)[-4:]
    assert [entry.kind for entry in log] == [
        "amendment.proposed",
        "amendment.confirmed",
        "amendment.proposed",
        "amendment.dropped",
    ]
    assert log[0].facts == change
    assert log[1].facts == change | {"seq": 1, "decided_by": str(scene.chair)}
    assert (log[1].actor, log[1].role) == (scene.deputy, "deputy")
    assert log[3].facts == {"number": number(scene, 1), "criterion": CRITERION}
    assert not any(REASON.encode() in entry.stored.body for entry in log)


def test_either_leader_drops_a_proposal_and_then_another_can_be_made(scene: Scene) -> None:
    propose(scene)
    with pytest.raises(AlreadyProposed):
        propose(scene, score=1, by=scene.deputy)
    drop(scene, by=scene.deputy)
    with pytest.raises(StaleProposal):
        drop(scene)
    propose(scene, score=1, by=scene.deputy)
    confirm(scene, by=scene.chair)
    assert standing(scene, 2)[1] == 1


def test_another_proposal_than_the_one_read_is_not_confirmed(scene: Scene) -> None:
    propose(scene, score=4)
    (seen,) = (each.seen for each in queries.proposals(scene.db, scene.board_id))
    drop(scene)
    propose(scene, score=0)
    with pytest.raises(StaleProposal):
        confirm(scene, seen=seen)
    assert queries.amendments(scene.db, scene.board_id) == ()


@pytest.mark.parametrize(
    ("score", "reason", "told"),
    [
        (5, REASON, "Select a new score"),
        (4, "  \n ", "Enter a reason for the change"),
        (4, LONG, "Reason must be 4,000 characters or fewer"),
    ],
)
def test_a_change_is_a_score_of_the_scale_with_a_reason(scene: Scene, score: int, reason: str, told: str) -> None:
    with pytest.raises(BadAmendment) as refused:
        propose(scene, score=score, reason=reason)
    assert refused.value.details == (told,)


def test_the_score_that_stands_is_no_change(scene: Scene) -> None:
    amend(scene, score=4)
    with pytest.raises(BadAmendment):
        propose(scene, score=4)


def test_only_what_is_on_the_locked_list_can_be_amended(scene: Scene) -> None:
    chair, wanted = actor(scene, scene.chair), Change(4, REASON)
    for about, criterion in ((Number(999_999), CRITERION), (number(scene, 0), "no-such-criterion")):
        with pytest.raises(Missing):
            amending.propose(scene.db, scene.board_id, chair, about, criterion, wanted)


def test_marker_hr_and_auditor_neither_propose_nor_confirm(scene: Scene) -> None:
    propose(scene)
    for who in (scene.markers[0], scene.hr):
        with pytest.raises(Missing):
            propose(scene, place=1, by=who)
        with pytest.raises(Missing):
            confirm(scene, by=who)
        with pytest.raises(Missing):
            drop(scene, by=who)


@pytest.mark.parametrize("stage", [Stage.MODERATION, Stage.ARCHIVED, Stage.CANCELLED])
def test_amending_belongs_between_lock_and_archive(scene: Scene, stage: Stage) -> None:
    propose(scene)
    scene.move(stage)
    for act in (propose, confirm, drop):
        with pytest.raises(WrongStage):
            act(scene)


@pytest.mark.parametrize("stage", [Stage.UNSEALED, Stage.PUBLISHED])
def test_a_score_can_be_amended_once_the_names_are_open(scene: Scene, stage: Stage) -> None:
    scene.move(stage)
    amend(scene)
    assert standing(scene, 2)[1] == 4


def test_nothing_is_amended_before_a_lock(db: Session) -> None:
    scene = settled(Scene.marking(db, candidates=2))
    with pytest.raises(WrongStage):
        propose(scene, place=0)


@pytest.mark.leak("L70")
def test_while_names_are_sealed_a_declared_leader_amends_nothing_and_one_alone_has_to_wait(scene: Scene) -> None:
    declare(scene, 0, scene.deputy)
    for place in range(4):
        with pytest.raises(Missing):
            propose(scene, place, by=scene.deputy)
    with pytest.raises(NeedsTwo) as refused:
        propose(scene, place=1)
    assert "until the names are open" in refused.value.message
    propose(scene, by=(other := second_deputy(scene)))
    with pytest.raises(Missing):
        confirm(scene, by=scene.deputy)
    confirm(scene, by=scene.chair)
    assert queries.amendments(scene.db, scene.board_id)[0].decided_by == other


@pytest.mark.leak("L70")
def test_once_names_are_open_a_declared_leader_stands_back_from_that_number_alone(scene: Scene) -> None:
    declare(scene, 0, scene.deputy)
    scene.move(Stage.UNSEALED)
    amend(scene, place=1, score=0)
    with pytest.raises(Missing):
        propose(scene, place=0, by=scene.deputy)
    with pytest.raises(NeedsTwoAfter):
        propose(scene, place=0, by=scene.chair)


def test_whoever_removed_words_proposes_no_score_but_may_confirm(db: Session) -> None:
    scene = Scene.marking(db, candidates=4)
    redact(scene, 2, scene.chair)
    locked(scene)
    with pytest.raises(DecidedRedaction):
        propose(scene)
    propose(scene, by=scene.deputy)
    confirm(scene, by=scene.chair)
    assert standing(scene, 2)[1] == 4
    assert scene.db.get(RedactionRow, (scene.refs[2], 1))


def test_archiving_destroys_the_reasons_and_keeps_the_scores(scene: Scene) -> None:
    amend(scene)
    propose(scene, place=1, score=1)
    scene.move(Stage.ARCHIVED)
    amending.destroy_reasons(scene.db, scene.board_id)
    (kept,) = queries.amendments(scene.db, scene.board_id)
    assert (kept.reason, kept.after) == (DESTROYED, 4)
    assert queries.proposals(scene.db, scene.board_id) == ()
