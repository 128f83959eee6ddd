"""HR drafts rules and dates; what an open board fixes stays fixed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.board.lifecycle import Stage, WrongStage
from panel.board.models import BoardRow
from panel.board.queries import board
from panel.kernel import clock
from panel.kernel.ids import BoardId
from panel.named.setup import service
from panel.named.setup.service import DeadlineEarlier, DeadlinePassed
from tests.named.setup.staff import Draft, acting, begun

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def draft(db: Session) -> Draft:
    return begun(db)


def opened(db: Session, board_id: BoardId, deadline: datetime) -> None:
    row = update(BoardRow).where(BoardRow.id == board_id)
    db.execute(row.values(stage=Stage.OPEN.value, deadline=deadline))


def test_new_board_is_a_draft_without_rules(db: Session, draft: Draft) -> None:
    held = board(db, draft.board)
    assert (held.stage, held.title, held.policy.title) == (Stage.DRAFT, "Inspector 2027", "Inspector 2027")
    assert held.policy.custody.n == 0
    assert [entry.kind for entry in entries(db, draft.board)] == ["board.drafted"]


def test_change_of_the_rules_is_kept_and_the_title_follows(db: Session, draft: Draft) -> None:
    service.revise(db, draft.board, lambda policy: replace(policy, title="Sergeant 2027", rank="Sergeant"))
    held = board(db, draft.board)
    assert (held.title, held.policy.rank) == ("Sergeant 2027", "Sergeant")


def test_rules_of_an_open_board_cannot_change(db: Session, draft: Draft) -> None:
    opened(db, draft.board, NOW)
    with pytest.raises(WrongStage):
        service.revise(db, draft.board, lambda policy: replace(policy, rank="Sergeant"))
    with pytest.raises(WrongStage):
        service.set_deadline(db, draft.board, NOW + timedelta(days=9999))


def test_deadline_lies_ahead(db: Session, draft: Draft) -> None:
    with clock.set_to(NOW):
        with pytest.raises(DeadlinePassed):
            service.set_deadline(db, draft.board, NOW)
        service.set_deadline(db, draft.board, NOW + timedelta(days=30))
    assert board(db, draft.board).deadline == NOW + timedelta(days=30)


def test_extension_holds_for_all_and_is_logged_by_its_date_alone(db: Session, draft: Draft) -> None:
    opened(db, draft.board, NOW + timedelta(days=1))
    with clock.set_to(NOW):
        service.extend(db, acting(db, draft.hr), draft.board, NOW + timedelta(days=3))
    assert board(db, draft.board).deadline == NOW + timedelta(days=3)
    granted = entries(db, draft.board)[-1]
    assert (granted.kind, granted.facts) == ("extension.granted", {"until": "2027-03-04"})


def test_deadline_that_has_passed_can_still_be_extended_before_the_close(db: Session, draft: Draft) -> None:
    opened(db, draft.board, NOW - timedelta(hours=1))
    with clock.set_to(NOW):
        service.extend(db, acting(db, draft.hr), draft.board, NOW + timedelta(hours=1))
    assert board(db, draft.board).deadline == NOW + timedelta(hours=1)


def test_extension_never_shortens(db: Session, draft: Draft) -> None:
    opened(db, draft.board, NOW + timedelta(days=2))
    with clock.set_to(NOW), pytest.raises(DeadlineEarlier):
        service.extend(db, acting(db, draft.hr), draft.board, NOW + timedelta(days=1))


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.CLOSED, Stage.MARKING])
def test_extension_belongs_to_the_open_board(db: Session, draft: Draft, stage: Stage) -> None:
    db.execute(update(BoardRow).where(BoardRow.id == draft.board).values(stage=stage.value))
    with clock.set_to(NOW), pytest.raises(WrongStage):
        service.extend(db, acting(db, draft.hr), draft.board, NOW + timedelta(days=1))
