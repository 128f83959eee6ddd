"""What HR records before marking, and that marking and moderation start only when every fact holds."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.access import service as access_service
from panel.access.roles import Role
from panel.audit.heads import Signer
from panel.audit.queries import entries, signed_heads
from panel.board.lifecycle import NotReady, Stage, WrongStage
from panel.board.models import BoardRow
from panel.board.queries import board
from panel.board.service import write
from panel.config import Config
from panel.kernel.encoding import canonical
from panel.named.setup import facts, moves
from panel.named.setup.moves import NotWeak
from tests.named.setup.policies import complete
from tests.named.setup.staff import Draft, acting, begun, person


@pytest.fixture
def draft(db: Session) -> Draft:
    held = begun(db)
    write(db, held.board, policy=canonical(complete().to_json()).decode())
    return held


@pytest.fixture
def keys(config: Config) -> Path:
    return config.keys


def put_into(db: Session, draft: Draft, stage: Stage, submissions: int = 3) -> None:
    row = update(BoardRow).where(BoardRow.id == draft.board)
    db.execute(row.values(stage=stage.value, submissions=submissions))


@pytest.mark.leak("L67")
def test_destroyed_backups_are_recorded_and_logged(db: Session, draft: Draft) -> None:
    put_into(db, draft, Stage.CLOSED)
    moves.record_backups_destroyed(db, acting(db, draft.hr), draft.board)
    assert isinstance(board(db, draft.board).backups_destroyed_on, date)
    assert entries(db, draft.board)[-1].kind == "backups.destroyed"


@pytest.mark.leak("L40")
def test_few_submissions_are_acknowledged_with_their_number(db: Session, draft: Draft) -> None:
    put_into(db, draft, Stage.CLOSED, submissions=4)
    assert "few" in {fact.key for fact in facts.readiness(db, draft.board, Stage.MARKING).missing}
    moves.acknowledge_weakness(db, acting(db, draft.hr), draft.board)
    assert board(db, draft.board).weakness_acknowledged_on is not None
    assert "few" not in {fact.key for fact in facts.readiness(db, draft.board, Stage.MARKING).missing}
    assert entries(db, draft.board)[-1].facts == {"submissions": 4}


@pytest.mark.parametrize("count", [0, 5, 40])
def test_nothing_is_acknowledged_where_nothing_is_weak(db: Session, draft: Draft, count: int) -> None:
    put_into(db, draft, Stage.CLOSED, submissions=count)
    with pytest.raises(NotWeak):
        moves.acknowledge_weakness(db, acting(db, draft.hr), draft.board)


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.OPEN, Stage.MARKING])
def test_records_belong_to_the_closed_board(db: Session, draft: Draft, stage: Stage) -> None:
    put_into(db, draft, stage)
    for record in (moves.record_backups_destroyed, moves.acknowledge_weakness):
        with pytest.raises(WrongStage):
            record(db, acting(db, draft.hr), draft.board)


def test_marking_does_not_start_while_a_fact_is_missing(db: Session, draft: Draft, keys: Path) -> None:
    put_into(db, draft, Stage.CLOSED)
    with pytest.raises(NotReady) as refusal:
        moves.start_marking(db, acting(db, draft.hr), draft.board, Signer.of(keys))
    assert len(refusal.value.details) == len(facts.readiness(db, draft.board, Stage.MARKING).missing)
    assert board(db, draft.board).stage is Stage.CLOSED


def test_moderation_is_started_by_a_leader_and_the_head_is_signed(db: Session, draft: Draft, keys: Path) -> None:
    chair = person(db, "Cara Chair")
    access_service.grant(db, draft.board, chair, Role.CHAIR)
    put_into(db, draft, Stage.MARKING, submissions=0)
    moves.start_moderation(db, acting(db, chair), draft.board, Signer.of(keys))
    assert board(db, draft.board).stage is Stage.MODERATION
    entry = entries(db, draft.board)[-1]
    assert (entry.kind, entry.role) == ("board.moderation", "chair")
    assert signed_heads(db, draft.board)[-1].size == len(entries(db, draft.board))


def test_clash_of_duties_stops_a_move(db: Session, draft: Draft, keys: Path) -> None:
    chair = person(db, "Cara Chair")
    for role in (Role.CHAIR, Role.CUSTODIAN):
        access_service.grant(db, draft.board, chair, role)
    put_into(db, draft, Stage.MARKING, submissions=0)
    with pytest.raises(NotReady) as refusal:
        moves.start_moderation(db, acting(db, chair), draft.board, Signer.of(keys))
    assert refusal.value.details == ("Somebody is the chair and a custodian. One of the two must end.",)
