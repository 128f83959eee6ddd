"""What happens to practice scripts: written, changed, opened to the markers, and from then on only added to."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import queries, seed_queries
from panel.blind.training.desk import PRACTISING, Script
from panel.blind.training.fresh import demand_fresh
from panel.blind.training.models import PracticeOpeningRow, ScriptRow
from panel.blind.training.once import add_once
from panel.blind.training.purpose import PRACTISED, Purpose
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.queries import Board
from panel.board.service import hold, take
from panel.kernel.clock import today
from panel.kernel.encoding import Json, digest_of
from panel.kernel.errors import Invalid, Refused, Stale
from panel.kernel.ids import BoardId, MarkerId, ScriptId

_WRITING: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED)
_OPENING: Final = (Stage.OPEN, Stage.CLOSED)


class ScriptsFixed(Refused):
    """Practice is open, and every marker must qualify on the same scripts."""

    sentence = "Practice marking is open, so its scripts can no longer change. You can still add practice scripts."


class NotOpened(Refused):
    """Until practice is open, scripts are added with the others."""

    sentence = "Practice marking is not open to the panel yet. Add the script with the others."


class ScriptsLacking(Refused):
    """Practice cannot open yet; `details` say what is missing."""

    sentence = "Practice marking cannot open yet."


class ScriptChanged(Stale):
    """Somebody else, perhaps the deputy, changed or removed the script."""

    sentence = "Somebody else changed this since you opened it."


def add_script(
    db: Session,
    board: BoardId,
    criterion: str,
    answer: str,
    agreed: int,
    reason: str,
    purpose: Purpose = Purpose.PRACTICE,
) -> ScriptId:
    """Add a script that is met before marking. Raises WrongStage, ScriptsFixed, Invalid, NotFresh."""
    policy = _writable(db, board).policy
    _check(policy, criterion, agreed, purpose)
    demand_fresh(answer, seed_queries.answers(db, board, criterion))
    script = ScriptId.new()
    values = {"criterion": criterion, "answer": answer, "agreed": agreed, "reason": reason, "purpose": purpose}
    db.execute(insert(ScriptRow).values(id=script, board=board, version=1, **values))
    return script


def add_practice(
    db: Session, board: BoardId, actor: MarkerId, role: Role, criterion: str, answer: str, agreed: int, reason: str
) -> ScriptId:
    """Add a script to learn on once practice is open; those that qualify stay the same for everybody.

    It holds up nobody who has begun to qualify, and is fixed at once. Raises WrongStage, NotOpened, Invalid, NotFresh.
    """
    policy = hold(db, board, *PRACTISING).policy
    if queries.opened_on(db, board) is None:
        raise NotOpened
    _check(policy, criterion, agreed, Purpose.PRACTICE)
    demand_fresh(answer, seed_queries.answers(db, board, criterion))
    script = ScriptId.new()
    values = {"criterion": criterion, "answer": answer, "agreed": agreed, "reason": reason}
    db.execute(insert(ScriptRow).values(id=script, board=board, purpose=Purpose.PRACTICE.value, version=1, **values))
    told = digest_of(_plain(queries.script(db, board, script))).hex()
    append(db, board, "practice.extended", actor, role, {"criterion": criterion, "digest": told})
    return script


def change_script(
    db: Session,
    board: BoardId,
    script: ScriptId,
    version: int,
    answer: str,
    agreed: int,
    reason: str,
    purpose: Purpose | None = None,
) -> None:
    """Change a script that was read at `version`.

    Raises WrongStage, ScriptsFixed, Missing, Invalid, NotFresh, ScriptChanged.
    """
    policy = _writable(db, board).policy
    stored = queries.script(db, board, script)
    purpose = purpose or stored.purpose
    _check(policy, stored.criterion, agreed, purpose)
    demand_fresh(answer, seed_queries.answers(db, board, stored.criterion, but=script))
    changed = db.execute(
        update(ScriptRow)
        .where(ScriptRow.id == script, ScriptRow.board == board, ScriptRow.version == version)
        .values(answer=answer, agreed=agreed, reason=reason, purpose=purpose, version=version + 1)
    )
    assert isinstance(changed, CursorResult)  # noqa: S101 - what an UPDATE returns; tells mypy
    if changed.rowcount != 1:
        raise ScriptChanged


def remove_script(db: Session, board: BoardId, script: ScriptId) -> None:
    """Remove a script; one already gone is no error. Raises WrongStage, ScriptsFixed."""
    _writable(db, board)
    practised = ScriptRow.purpose.in_(PRACTISED)
    db.execute(delete(ScriptRow).where(ScriptRow.id == script, ScriptRow.board == board, practised))


def open_practice(db: Session, board: BoardId, actor: MarkerId, role: Role) -> None:
    """Open the scripts to the markers and fix them. Raises WrongStage, ScriptsFixed, ScriptsLacking."""
    take(db, board, *_OPENING)
    lacking = queries.script_problems(db, board)
    if lacking:
        raise ScriptsLacking(details=lacking)
    if not add_once(db, PracticeOpeningRow, {"board": board}, opened_on=today()):
        raise ScriptsFixed
    scripts: list[Json] = [_plain(each) for each in queries.scripts(db, board)]
    facts: dict[str, Json] = {"scripts": len(scripts), "digest": digest_of(scripts).hex()}
    append(db, board, "practice.opened", actor, role, facts)


def _writable(db: Session, board: BoardId) -> Board:
    held = hold(db, board, *_WRITING)
    if queries.opened_on(db, board) is not None:
        raise ScriptsFixed
    return held


def _check(policy: Policy, criterion: str, agreed: int, purpose: Purpose) -> None:
    if purpose not in PRACTISED:
        raise Invalid("Select what the script is for.")
    if criterion not in policy.keys:
        raise Invalid("Select a criterion of this board.")
    if agreed not in policy.scale.scores:
        raise Invalid("Select an agreed score from the scale.")


def _plain(script: Script) -> Mapping[str, Json]:
    return {**vars(script), "id": str(script.id)}
