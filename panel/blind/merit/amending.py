"""Changing a score after the lock: one leader proposes, another confirms. The locked list is never touched."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.merit import queries
from panel.blind.merit.amendment import CONFIRMED, PROPOSED, Amendment, Proposal
from panel.blind.merit.leaders import AMENDABLE, able, deciding, gone, ref_of
from panel.blind.merit.models import AmendmentProposalRow, AmendmentRow
from panel.blind.moderation import queries as moderation
from panel.blind.moderation.answers import MOST_CHARACTERS
from panel.blind.moderation.deciding import DecidedRedaction
from panel.board.lifecycle import Stage
from panel.board.policy import Policy, ratio
from panel.board.queries import Board
from panel.board.retention import DESTROYED
from panel.board.service import hold, take
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Missing, Refused, Stale
from panel.kernel.ids import BoardId, Number
from panel.web.text import clean


class BadAmendment(Invalid):
    """The score is not on the scale, or is the one that stands, or there is no reason; `details` say what to do."""

    sentence = "Check the new score and the reason."


class NeedsTwo(Refused):
    """Fewer than two leaders may act, so nobody could confirm."""

    sentence = (
        "Two leaders of the panel must agree on a change, and at the moment fewer than two may act. "
        "It has to wait until the names are open, or until a deputy takes over a seat."
    )


class NeedsTwoAfter(NeedsTwo):
    """The same once the names are open."""

    sentence = (
        "Two leaders of the panel must agree on a change, and fewer than two may act on this number. "
        "It has to wait until a deputy takes over a seat."
    )


class OwnProposal(Refused):
    """Nobody confirms what she proposed herself."""

    sentence = "You proposed this change, so another leader of the panel confirms it."


class AlreadyProposed(Stale):
    """A change of the same score waits already."""

    sentence = "Another leader has proposed a change of this score. Read it before you propose another."


class StaleProposal(Stale):
    """The proposal on the page is not the one that waits."""

    sentence = "This proposal has been confirmed, dropped or replaced since you opened it. Nothing was changed."


class ProposerGone(Stale):
    """Whoever proposed it may no longer act on this number, or the log does not say that she proposed it."""

    sentence = "Whoever proposed this change can no longer act on this number. Drop the proposal. Nothing was changed."


class NumberGone(Refused):
    """A number set aside gets no result."""

    sentence = "This number was set aside and gets no result, so its scores are not changed any more."


@dataclass(frozen=True)
class Change:
    """What a leader wants a score to be, an integer of the scale, and why."""

    score: int
    reason: str


def propose(db: Session, board: BoardId, actor: Actor, number: Number, criterion: str, wanted: Change) -> None:
    """Propose another score for one criterion of one number. It changes nothing until another leader confirms it.

    Raises WrongStage, Missing, NumberGone, NeedsTwo, DecidedRedaction, BadAmendment and AlreadyProposed.
    """
    held = hold(db, board, *AMENDABLE)
    role = deciding(db, held, actor, number)
    before = queries.score_now(db, board, number, criterion)
    if gone(db, held, number):
        raise NumberGone
    demand_two(db, held, number)
    if ref_of(db, held, number) in moderation.barred(db, board, actor.id):
        raise DecidedRedaction
    reason = clean(wanted.reason)
    _check(held.policy, before, wanted.score, reason)
    values = {"after": wanted.score, "reason": reason, "decided_by": actor.id}
    try:
        with db.begin_nested():
            db.execute(insert(AmendmentProposalRow).values(board=board, number=number, criterion=criterion, **values))
    except IntegrityError as error:
        raise AlreadyProposed from error
    made = Proposal(number, criterion, before, Fraction(wanted.score), reason, actor.id)
    append(db, board, PROPOSED, actor.id, role, made.facts)


def confirm(db: Session, board: BoardId, actor: Actor, number: Number, criterion: str, seen: str) -> None:
    """Confirm the proposal that a page showed (`seen`): from now on the changed score stands beside the locked one.

    Ends a ceremony that is open, by its entry in the log. Raises WrongStage, Missing, OwnProposal, StaleProposal,
    NumberGone, ProposerGone and NotLogged.
    """
    # alone, so that two confirmations never take one number in the sequence, nor pass an unsealing
    held = take(db, board, *AMENDABLE)
    role, found = _waiting(db, held, actor, number, criterion)
    if found.decided_by == actor.id:
        raise OwnProposal
    if found.seen != seen:
        raise StaleProposal
    if gone(db, held, number):
        raise NumberGone
    if lapsed(db, held, found):
        raise ProposerGone
    _forget(db, board, number, criterion)
    last = db.scalar(select(func.max(AmendmentRow.seq)).where(AmendmentRow.board == board)) or 0
    made = Amendment(**vars(found), seq=last + 1, confirmed_by=actor.id, on=today())
    db.execute(insert(AmendmentRow).values(board=board, **_row(made)))
    append(db, board, CONFIRMED, actor.id, role, made.facts)


def lapsed(db: Session, board: Board, waiting: Proposal) -> bool:
    """Whether a proposal can no longer be confirmed: its leader's part has ended, or the log does not hold it."""
    acts = [
        (entry.kind, entry.actor, dict(entry.facts))
        for entry in queries.told(db, board.id)
        if (entry.facts.get("number"), entry.facts.get("criterion")) == (waiting.number, waiting.criterion)
    ]
    proposed = acts[-1:] == [(PROPOSED, waiting.decided_by, waiting.facts)]
    return not proposed or waiting.decided_by not in able(db, board, waiting.number)


def drop(db: Session, board: BoardId, actor: Actor, number: Number, criterion: str) -> None:
    """Take a proposal away, one's own or another's. Raises WrongStage, Missing and StaleProposal."""
    held = hold(db, board, *AMENDABLE)
    role, _ = _waiting(db, held, actor, number, criterion)
    _forget(db, board, number, criterion)
    append(db, board, "amendment.dropped", actor.id, role, {"number": number, "criterion": criterion})


def demand_two(db: Session, board: Board, number: Number) -> None:
    """Refuse a change that nobody could confirm. Raises NeedsTwo, and Missing for a number that is not there."""
    if len(able(db, board, number)) < 2:  # noqa: PLR2004 - one who proposes and one who confirms
        raise NeedsTwoAfter if board.stage.reached(Stage.UNSEALED) else NeedsTwo


def destroy_reasons(db: Session, board: BoardId) -> None:
    """Part of archiving: the reasons of amendments read as destroyed, and what still waited is gone."""
    destroyed = update(AmendmentRow).where(AmendmentRow.board == board).values(reason=DESTROYED)
    db.execute(destroyed.execution_options(synchronize_session=False))
    db.execute(delete(AmendmentProposalRow).where(AmendmentProposalRow.board == board))


def _waiting(db: Session, board: Board, actor: Actor, number: Number, criterion: str) -> tuple[Role, Proposal]:
    role = deciding(db, board, actor, number)
    if criterion not in board.policy.keys:
        raise Missing
    found = [each for each in queries.proposals(db, board.id) if (each.number, each.criterion) == (number, criterion)]
    if not found:
        raise StaleProposal
    return role, found[0]


def _forget(db: Session, board: BoardId, number: Number, criterion: str) -> None:
    """Delete a proposal; whoever comes second finds it gone. Raises StaleProposal."""
    here = (AmendmentProposalRow.board == board) & (AmendmentProposalRow.number == number)
    asked = delete(AmendmentProposalRow).where(here, AmendmentProposalRow.criterion == criterion)
    deleted = db.execute(asked.execution_options(synchronize_session=False))
    if cast(CursorResult[Any], deleted).rowcount != 1:
        raise StaleProposal


def _row(made: Amendment) -> dict[str, object]:
    scores = {"before": ratio(made.before), "after": ratio(made.after)}
    kept = {key: value for key, value in vars(made).items() if key != "criterion"}
    return {**kept, "what": made.criterion, **scores}


def _check(policy: Policy, before: Fraction, score: int, reason: str) -> None:
    problems = []
    if score not in policy.scale.scores:
        problems.append("Select a new score")
    if Fraction(score) == before:
        problems.append("Select another score than the one that stands")
    if not reason:
        problems.append("Enter a reason for the change")
    if len(reason) > MOST_CHARACTERS:
        problems.append(f"Reason must be {MOST_CHARACTERS:,} characters or fewer")
    if problems:
        raise BadAmendment(details=problems)
