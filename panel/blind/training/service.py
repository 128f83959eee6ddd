"""What happens in practice marking: markers practise, are coached, and qualify."""

from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import queries
from panel.blind.training.desk import PRACTISING, Desk
from panel.blind.training.models import (
    CoachingRow,
    PracticeMarkRow,
    QualificationRow,
)
from panel.blind.training.once import add_once
from panel.blind.training.standing import Step
from panel.board.service import hold
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Refused, Stale
from panel.kernel.ids import BoardId, MarkerId, ScriptId


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
