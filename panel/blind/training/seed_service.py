"""Seeds are written before marking starts. Those who write them lead the panel, so nobody meets what she wrote."""

from typing import Final

from sqlalchemy import ColumnElement, delete, insert, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from panel.blind.training import seed_queries
from panel.blind.training.fresh import demand_fresh
from panel.blind.training.models import ScriptRow
from panel.blind.training.purpose import Purpose
from panel.blind.training.script_service import ScriptChanged
from panel.blind.training.seeds import demand_alike, seeded
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.service import hold
from panel.kernel.errors import Invalid
from panel.kernel.ids import BoardId, ScriptId

#: Once marking has started, every marker's seeds are in her queue.
_WRITING: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED)


def add_seed(db: Session, board: BoardId, criterion: str, answer: str, agreed: int, reason: str) -> ScriptId:
    """Add a seed. Raises WrongStage, Invalid, SeedStandsOut, NotFresh."""
    policy = hold(db, board, *_WRITING).policy
    _check(policy, criterion, answer, agreed)
    demand_fresh(answer, seed_queries.answers(db, board, criterion))
    script = ScriptId.new()
    values = {"criterion": criterion, "answer": answer, "agreed": agreed, "reason": reason, "version": 1}
    db.execute(insert(ScriptRow).values(id=script, board=board, purpose=Purpose.SEED.value, **values))
    return script


def change_seed(
    db: Session, board: BoardId, script: ScriptId, version: int, answer: str, agreed: int, reason: str
) -> None:
    """Change a seed that was read at `version`.

    Raises WrongStage, Missing, Invalid, SeedStandsOut, NotFresh, ScriptChanged.
    """
    policy = hold(db, board, *_WRITING).policy
    criterion = seed_queries.seed(db, board, script).criterion
    _check(policy, criterion, answer, agreed)
    demand_fresh(answer, seed_queries.answers(db, board, criterion, but=script))
    changed = db.execute(
        update(ScriptRow)
        .where(_mine(board, script), ScriptRow.version == version)
        .values(answer=answer, agreed=agreed, reason=reason, version=version + 1)
    )
    assert isinstance(changed, CursorResult)  # noqa: S101 - what an UPDATE returns; tells mypy
    if changed.rowcount != 1:
        raise ScriptChanged


def remove_seed(db: Session, board: BoardId, script: ScriptId) -> None:
    """Remove a seed; one already gone is no error. Raises WrongStage."""
    hold(db, board, *_WRITING)
    db.execute(delete(ScriptRow).where(_mine(board, script)))


def take_out(db: Session, board: BoardId, script: ScriptId) -> None:
    """The seed names somebody: it is dealt to nobody from here on. What was marked of it stays. Hold the board."""
    db.execute(update(ScriptRow).where(_mine(board, script)).values(purpose=Purpose.TAKEN_OUT.value))


def _mine(board: BoardId, script: ScriptId) -> ColumnElement[bool]:
    return (ScriptRow.id == script) & (ScriptRow.board == board) & (ScriptRow.purpose == Purpose.SEED)


def _check(policy: Policy, criterion: str, answer: str, agreed: int) -> None:
    if criterion not in {each.key for each in seeded(policy)}:
        raise Invalid("Select a question of this board.")
    if agreed not in policy.scale.scores:
        raise Invalid("Select an agreed score from the scale.")
    demand_alike(policy.criterion(criterion), answer)
