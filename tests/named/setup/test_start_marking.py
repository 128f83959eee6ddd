"""Marking starts when every fact holds: answers are dealt, the stage moves, both are logged and the head is signed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.access import queries as access
from panel.access import service as access_service
from panel.access.roles import Role
from panel.audit.heads import Signer
from panel.audit.queries import entries, signed_heads
from panel.blind.allocation import service as allocation
from panel.blind.allocation.queries import loads
from panel.blind.submissions import service as submissions
from panel.blind.submissions.queries import refs
from panel.blind.training.models import QualificationRow
from panel.board.lifecycle import NotReady, Stage
from panel.board.models import BoardRow
from panel.board.queries import board
from panel.board.service import write
from panel.config import Config
from panel.kernel.clock import today
from panel.kernel.encoding import canonical, digest
from panel.kernel.ids import MarkerId, SubmissionRef
from panel.named.setup import facts, moves
from tests.named.setup.policies import complete
from tests.named.setup.staff import Draft, acting, begun, person

APPLIED = 5


@pytest.fixture
def keys(config: Config) -> Path:
    return config.keys


@pytest.fixture
def closed(db: Session) -> Draft:
    """A closed, scrubbed board of five submissions with four qualified markers, a chair and a deputy."""
    held = begun(db)
    write(db, held.board, policy=canonical(complete().to_json()).decode())
    db.execute(update(BoardRow).where(BoardRow.id == held.board).values(stage=Stage.OPEN.value))
    answers = {each.key: "An answer." for each in complete().questions}
    for number in range(APPLIED):
        submissions.lodge(db, held.board, SubmissionRef.new(), answers, digest(bytes([number])))
    for name, role in (("Cara Chair", Role.CHAIR), ("Dan Deputy", Role.DEPUTY)):
        access_service.grant(db, held.board, person(db, name), role)
    for number in range(4):
        marker = person(db, f"Mark Er {number}")
        access_service.grant(db, held.board, marker, Role.MARKER)
        for key in complete().keys:
            who = access.person_of(db, marker)
            db.add(QualificationRow(board=held.board, marker=who, criterion=key, granted_on=today()))
    stage = {"stage": Stage.CLOSED.value, "submissions": APPLIED}
    dates = {"scrubbed_on": today(), "backups_destroyed_on": today()}
    db.execute(update(BoardRow).where(BoardRow.id == held.board).values(**stage, **dates))
    return held


def leaders(db: Session, closed: Draft) -> tuple[MarkerId, ...]:
    return access.markers(db, closed.board, Role.CHAIR, Role.DEPUTY)


def test_marking_starts_and_every_answer_has_its_markers(db: Session, closed: Draft, keys: Path) -> None:
    shortfall = moves.start_marking(db, acting(db, closed.hr), closed.board, Signer.of(keys))
    assert not shortfall
    assert board(db, closed.board).stage is Stage.MARKING
    assert sum(load.live for load in loads(db, closed.board).values()) == APPLIED * len(complete().criteria) * 3
    logged = entries(db, closed.board)
    assert [entry.kind for entry in logged][-2:] == ["tasks.allocated", "board.marking"]
    assert signed_heads(db, closed.board)[-1].size == len(logged)


def test_answers_that_nobody_may_mark_are_counted_and_not_named(db: Session, closed: Draft, keys: Path) -> None:
    ref, *_ = refs(db, closed.board)
    allocation.exclude(db, ref, access.markers(db, closed.board, Role.MARKER)[:2])
    shortfall = moves.start_marking(db, acting(db, closed.hr), closed.board, Signer.of(keys))
    assert shortfall.sentences == ("3 answers lack 1 marker.",)
    assert str(ref) not in json.dumps([entry.facts for entry in entries(db, closed.board)])


@pytest.mark.parametrize(("declared", "ready"), [(1, True), (2, False)])
def test_one_leader_must_be_left_whom_no_candidate_declared(
    db: Session, closed: Draft, keys: Path, declared: int, ready: bool
) -> None:
    for ref, leader in zip(refs(db, closed.board), leaders(db, closed)[:declared], strict=False):
        allocation.exclude(db, ref, [leader])
    assert facts.readiness(db, closed.board, Stage.MARKING).complete is ready
    if not ready:
        with pytest.raises(NotReady, match="not ready"):
            moves.start_marking(db, acting(db, closed.hr), closed.board, Signer.of(keys))
