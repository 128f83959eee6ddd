"""What happens in practice marking: scripts are written and opened, markers practise, are coached, and qualify."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import queries
from panel.blind.training.desk import PRACTISING, Desk, Script
from panel.blind.training.models import (
    CoachingRow,
    PracticeMarkRow,
    PracticeOpeningRow,
    QualificationRow,
    ScriptRow,
)
from panel.blind.training.once import add_once
from panel.blind.training.purpose import PRACTISED, Purpose
from panel.blind.training.standing import Step
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

    sentence = "This practice script was changed by somebody else since you opened it."


class NotItsTurn(Refused):
    """The script qualifies, and is marked once, after what comes before it."""

    sentence = "You cannot mark this script now. Go to practice marking to see what comes next."


class TryCounted(Stale):
    """This try was sent before, perhaps in another tab."""

    sentence = "You have already marked this script. Go to practice marking to see what comes next."


class NoCoachingDue(Refused):
    """The marker has an attempt left on this criterion, or has qualified for it."""

    sentence = "This panel member does not need coaching on this criterion now."


def require_qualified(db: Session, marker: MarkerId, board: BoardId, criterion: str | None = None) -> None:
    """Raises NotQualified, saying what to do next, unless courses are complete and unexpired and she has qualified.

    For this criterion, or for any of the board's if none is named: she is given no answers to the others.
    """
    queries.gate(db, marker, board, today()).require(criterion)


def add_script(
    db: Session,
    board: BoardId,
    criterion: str,
    answer: str,
    agreed: int,
    reason: str,
    purpose: Purpose = Purpose.PRACTICE,
) -> ScriptId:
    """Add a script that is met before marking. Raises WrongStage, ScriptsFixed, Invalid."""
    policy = _writable(db, board).policy
    _check(policy, criterion, agreed, purpose)
    script = ScriptId.new()
    values = {"criterion": criterion, "answer": answer, "agreed": agreed, "reason": reason, "purpose": purpose}
    db.execute(insert(ScriptRow).values(id=script, board=board, version=1, **values))
    return script


def add_practice(
    db: Session, board: BoardId, actor: MarkerId, role: Role, criterion: str, answer: str, agreed: int, reason: str
) -> ScriptId:
    """Add a script to learn on once practice is open; those that qualify stay the same for everybody.

    It holds up nobody who has begun to qualify, and is fixed at once. Raises WrongStage, NotOpened, Invalid.
    """
    policy = hold(db, board, *PRACTISING).policy
    if queries.opened_on(db, board) is None:
        raise NotOpened
    _check(policy, criterion, agreed, Purpose.PRACTICE)
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
    """Change a script that was read at `version`. Raises WrongStage, ScriptsFixed, Missing, Invalid, ScriptChanged."""
    policy = _writable(db, board).policy
    stored = queries.script(db, board, script)
    purpose = purpose or stored.purpose
    _check(policy, stored.criterion, agreed, purpose)
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


def practise(
    db: Session,
    board: BoardId,
    marker: MarkerId,
    script: ScriptId,
    score: int,
    evidence: str,
    attempt: int | None = None,
) -> None:
    """Mark a script of practice; the last of an attempt, all within tolerance, qualifies the marker for its criterion.

    `attempt` is the try her page offered, counted from 1, so that a form sent twice counts once.
    Raises WrongStage, PracticeShut, Missing, TryCounted, NotItsTurn, Invalid.
    """
    desk = _practising(db, board, marker)
    standing, trial = desk.trial(script)
    number = len(trial.tries) + 1
    if attempt not in (None, number):
        raise TryCounted
    if not standing.markable(trial):
        raise NotItsTurn
    if score not in desk.policy.scale.scores:
        raise Invalid("Select a score from the scale.")
    key = {"marker": marker, "script": script, "attempt": number}
    if not add_once(db, PracticeMarkRow, key, round=standing.coached, score=score, evidence=evidence):
        raise TryCounted
    _qualify(db, board, marker, standing.key)


def coach(
    db: Session, board: BoardId, actor: MarkerId, role: Role, marker: MarkerId, criterion: str, note: str
) -> None:
    """Record that the chair coached a marker on a criterion, with a note she reads; her attempts begin again.

    Raises WrongStage, Missing, NoCoachingDue.
    """
    hold(db, board, *PRACTISING)
    desk = queries.desk(db, marker, board)
    if criterion not in {each.key for each in desk.standings if each.step is Step.COACHING}:
        raise NoCoachingDue
    before = desk.coaching[criterion].count if criterion in desk.coaching else 0
    key = {"board": board, "marker": marker, "criterion": criterion, "round": before + 1}
    if not add_once(db, CoachingRow, key, note=note, coached_on=today()):
        raise NoCoachingDue
    append(db, board, "marker.coached", actor, role, {"marker": str(marker), "criterion": criterion})


def _qualify(db: Session, board: BoardId, marker: MarkerId, criterion: str) -> None:
    if queries.standing(db, marker, board, criterion).step is not Step.DONE:
        return
    key = {"board": board, "marker": marker, "criterion": criterion}
    if add_once(db, QualificationRow, key, granted_on=today()):
        append(db, board, "marker.qualified", marker, Role.MARKER, {"marker": str(marker), "criterion": criterion})


def _practising(db: Session, board: BoardId, marker: MarkerId) -> Desk:
    hold(db, board, *PRACTISING)
    desk = queries.desk(db, marker, board)
    desk.enter(today())
    return desk


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
