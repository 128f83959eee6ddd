"""Settling an answer whose marks disagree. The independent marks are never touched."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import insert, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.audit.service import append
from panel.blind.moderation import queries
from panel.blind.moderation.answers import MOST_CHARACTERS, Answer, Settlement
from panel.blind.moderation.deciding import demand_open
from panel.blind.moderation.models import AgreedScoreRow
from panel.blind.moderation.sending import destroy_sending
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.retention import DESTROYED
from panel.board.service import hold
from panel.kernel.encoding import Json, digest
from panel.kernel.errors import Invalid, Stale
from panel.kernel.ids import BoardId, Number
from panel.web.text import clean


class BadAgreedScore(Invalid):
    """The score is not on the scale, or there is no reason; `details` say what to do."""

    sentence = "Check the agreed score and the reason."


class StaleScore(Stale):
    """Another leader set the agreed score in the meantime."""

    sentence = "Somebody else settled this answer since you opened it. Read what they wrote before you change it."


def settle(db: Session, board: BoardId, actor: Actor, number: Number, criterion: str, decided: Settlement) -> None:
    """Record the agreed score of one answer with its reason.

    Raises Missing, WrongStage, NothingToSettle, DecidedRedaction, BadAgreedScore and StaleScore.
    """
    held = hold(db, board, Stage.MODERATION)
    role = queries.leading(db, board, actor)
    answer = queries.answer(db, held, number, criterion)
    demand_open(answer, redacted=answer.ref in queries.barred(db, board, actor.id))
    score, reason = decided.score, clean(decided.reason)
    _check(held, score, reason)
    if decided.seen != answer.version:
        raise StaleScore
    _write(db, answer, {"board": board, "marker": actor.id, "score": score, "reason": reason})
    told: dict[str, Json] = {"number": number, "criterion": criterion, "score": score}
    append(db, board, "score.agreed", actor.id, role, told | {"reason_digest": digest(reason.encode()).hex()})


def destroy_reasons(db: Session, board: BoardId) -> None:
    """Part of archiving: the reasons of agreed scores read as destroyed; the scores stay."""
    gone = update(AgreedScoreRow).where(AgreedScoreRow.board == board).values(reason=DESTROYED)
    db.execute(gone.execution_options(synchronize_session=False))
    destroy_sending(db, board)


def _check(board: Board, score: int, reason: str) -> None:
    problems = []
    if score not in board.policy.scale.scores:
        problems.append("Select an agreed score")
    if not reason:
        problems.append("Enter a reason for the agreed score")
    if len(reason) > MOST_CHARACTERS:
        problems.append(f"Reason must be {MOST_CHARACTERS:,} characters or fewer")
    if problems:
        raise BadAgreedScore(details=problems)


def _write(db: Session, answer: Answer, values: Mapping[str, object]) -> None:
    """Insert, or replace at the version that was read; whoever comes second finds it gone. Raises StaleScore."""
    fresh = {**values, "version": answer.version + 1}
    if answer.agreed is None:
        try:
            with db.begin_nested():
                db.execute(insert(AgreedScoreRow).values(ref=answer.ref, criterion=answer.criterion, **fresh))
        except IntegrityError as error:
            raise StaleScore from error
        return
    same = (AgreedScoreRow.ref == answer.ref) & (AgreedScoreRow.criterion == answer.criterion)
    query = update(AgreedScoreRow).where(same, AgreedScoreRow.version == answer.version).values(**fresh)
    changed = db.execute(query.execution_options(synchronize_session=False))
    if cast(CursorResult[Any], changed).rowcount != 1:
        raise StaleScore
