"""The pages of correcting a locked score: one submission as locked and as it stands, and one score to decide about."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.allocation.queries import excluded_leaders
from panel.blind.merit import queries
from panel.blind.merit.amending import NeedsTwo, NumberGone, ProposerGone, demand_two, lapsed
from panel.blind.merit.amendment import Amendment, Proposal, Standing
from panel.blind.merit.leaders import AMENDABLE, able, deciding, gone, reading, ref_of
from panel.blind.moderation.queries import barred
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import Criterion, Point
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, Number


@dataclass(frozen=True)
class Line:
    """One criterion of one submission: the locked score, the one that stands, and whether a change of it waits."""

    criterion: Criterion
    locked: Fraction
    now: Fraction
    waiting: bool


@dataclass(frozen=True)
class NumberSheet:
    """One submission on the locked list.

    `may_act`: whether this leader may decide about its scores; `may_drop`: whether she may drop what waits, which is
    all that is left to do about a number that was set aside (`aside`).
    """

    board: Board
    standing: Standing
    lines: tuple[Line, ...]
    amendments: tuple[Amendment, ...]
    may_act: bool
    may_drop: bool
    aside: bool


@dataclass(frozen=True)
class Matter:
    """One score that a leader may correct.

    `own`: she proposed what waits; `hindrance`: why she can propose nothing; `lapsed`: why what waits can only be
    dropped, empty if it can be confirmed; `reads`: whether the pages of moderation are open to her, as they never are
    to one whom any candidate declared.
    """

    board: Board
    number: Number
    criterion: Criterion
    points: tuple[Point, ...]
    locked: Fraction
    now: Fraction
    proposal: Proposal | None
    own: bool
    hindrance: str
    lapsed: str
    reads: bool


def number_sheet(db: Session, actor: Actor, board: BoardId, number: Number) -> NumberSheet:
    """One submission by its number, from the lock on. Raises Missing and WrongStage."""
    held = _locked(db, actor, board)
    changed = queries.amendments(db, board)
    standing = _standing(db, board, number, changed)
    waiting = {each.criterion for each in queries.proposals(db, board, changed) if each.number == number}
    now = standing.now.scores
    lines = tuple(Line(c, standing.locked.scores[c.key], now[c.key], c.key in waiting) for c in held.policy.criteria)
    amendments = tuple(each for each in changed if each.number == number)
    may_drop, aside = held.stage in AMENDABLE and actor.id in able(db, held, number), gone(db, held, number)
    return NumberSheet(held, standing, lines, amendments, may_drop and not aside, may_drop, aside)


def matter(db: Session, actor: Actor, board: BoardId, number: Number, criterion: str) -> Matter:
    """One score to decide about. Raises Missing, and WrongStage once the board is archived."""
    held = _locked(db, actor, board)
    if held.stage not in AMENDABLE:
        raise WrongStage
    if criterion not in held.policy.keys:
        raise Missing
    deciding(db, held, actor, number)
    changed = queries.amendments(db, board)
    standing, asked = _standing(db, board, number, changed), held.policy.criterion(criterion)
    waiting = (each for each in queries.proposals(db, board, changed) if each.number == number)
    found = next((each for each in waiting if each.criterion == criterion), None)
    return Matter(
        board=held,
        number=number,
        criterion=asked,
        points=held.policy.anchored(asked),
        locked=standing.locked.scores[criterion],
        now=standing.now.scores[criterion],
        proposal=found,
        own=found is not None and found.decided_by == actor.id,
        hindrance=_hindrance(db, held, actor, number),
        lapsed=_lapsed(db, held, found) if found else "",
        reads=actor.id not in excluded_leaders(db, board),
    )


def _hindrance(db: Session, board: Board, actor: Actor, number: Number) -> str:
    if gone(db, board, number):
        return NumberGone.sentence
    try:
        demand_two(db, board, number)
    except NeedsTwo as error:
        return error.message
    if ref_of(db, board, number) in barred(db, board.id, actor.id):
        return (
            "You decided which words were removed from this submission, so another leader proposes a change of its "
            "scores. You can confirm it."
        )
    return ""


def _lapsed(db: Session, board: Board, waiting: Proposal) -> str:
    if gone(db, board, waiting.number):
        return NumberGone.sentence
    return ProposerGone.sentence if lapsed(db, board, waiting) else ""


def _locked(db: Session, actor: Actor, board: BoardId) -> Board:
    held = read_board(db, board)
    if not held.stage.reached(Stage.LOCKED):
        raise WrongStage
    reading(db, held, actor)
    return held


def _standing(db: Session, board: BoardId, number: Number, changed: tuple[Amendment, ...]) -> Standing:
    found = next((each for each in queries.standings(db, board, changed) if each.locked.number == number), None)
    if found is None:
        raise Missing
    return found
