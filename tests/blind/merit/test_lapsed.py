"""A proposal that can no longer be confirmed waits until it is dropped."""

import pytest
from sqlalchemy import delete, insert

from panel.access.models import RoleRow
from panel.blind.merit import amend_desk, amending, queries
from panel.blind.merit.amending import (
    Change,
    NumberGone,
    ProposerGone,
)
from panel.blind.merit.models import AmendmentProposalRow
from panel.blind.submissions.service import set_aside
from panel.board.lifecycle import Stage
from panel.kernel.ids import Number
from tests.blind.merit.amended import (
    REASON,
    amend,
    confirm,
    drop,
    propose,
    second_deputy,
)
from tests.blind.moderation.moderated import CRITERION, actor, number
from tests.blind.scene import Scene

pytestmark = pytest.mark.vault("V16")


def test_the_proposal_of_a_leader_whose_part_has_ended_can_only_be_dropped(scene: Scene) -> None:
    other = second_deputy(scene)
    propose(scene, by=other)
    scene.db.execute(delete(RoleRow).where(RoleRow.marker == other))
    matter = amend_desk.matter(scene.db, actor(scene, scene.deputy), scene.board_id, number(scene, 2), CRITERION)
    assert matter.lapsed == ProposerGone.sentence
    with pytest.raises(ProposerGone):
        confirm(scene)
    assert queries.amendments(scene.db, scene.board_id) == ()
    drop(scene)
    amend(scene)


def test_a_proposal_that_the_log_does_not_hold_is_not_confirmed(scene: Scene) -> None:
    values = {"number": number(scene, 2), "criterion": CRITERION, "after": 4, "reason": REASON}
    row = insert(AmendmentProposalRow).values(board=scene.board_id, decided_by=scene.chair, **values)
    scene.db.execute(row)
    with pytest.raises(ProposerGone):
        confirm(scene)
    drop(scene)
    propose(scene, score=1)
    drop(scene)
    scene.db.execute(row)
    with pytest.raises(ProposerGone):
        confirm(scene)


@pytest.mark.parametrize("stage", [Stage.LOCKED, Stage.UNSEALED])
def test_what_waits_for_a_number_set_aside_can_only_be_dropped(scene: Scene, stage: Stage) -> None:
    about = propose(scene)
    set_aside(scene.db, scene.board_id, about)
    scene.move(stage)
    sheet = amend_desk.number_sheet(scene.db, actor(scene, scene.deputy), scene.board_id, about)
    assert (sheet.may_act, sheet.may_drop, sheet.aside) == (False, True, True)
    matter = amend_desk.matter(scene.db, actor(scene, scene.deputy), scene.board_id, about, CRITERION)
    assert matter.lapsed == matter.hindrance == NumberGone.sentence
    with pytest.raises(NumberGone):
        confirm_aside(scene, about)
    amending.drop(scene.db, scene.board_id, actor(scene, scene.deputy), about, CRITERION)
    with pytest.raises(NumberGone):
        amending.propose(scene.db, scene.board_id, actor(scene, scene.chair), about, CRITERION, Change(4, REASON))


def confirm_aside(scene: Scene, about: Number) -> None:
    (waiting,) = queries.proposals(scene.db, scene.board_id)
    amending.confirm(scene.db, scene.board_id, actor(scene, scene.deputy), about, CRITERION, waiting.seen)
