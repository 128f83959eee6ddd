"""The pages of correcting a locked score: one submission as locked and as it stands, and one score to decide about."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.allocation.queries import excluded_leaders
from panel.blind.merit import queries
from panel.blind.merit.amending import NeedsTwo, demand_two
from panel.blind.merit.amendment import Amendment, Proposal, Standing
from panel.blind.merit.leaders import AMENDABLE, able, deciding, reading, ref_of
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
    """One submission on the locked list. `may_act`: whether this leader may decide about its scores."""

    board: Board
    standing: Standing
    lines: tuple[Line, ...]
    amendments: tuple[Amendment, ...]
    may_act: bool


@dataclass(frozen=True)
class Matter:
    """One score that a leader may correct.

    `own`: she proposed what waits; `hindrance`: why she can propose nothing; `reads`: whether the pages of moderation
    are open to her, which one whom any candidate declared never has.
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
    reads: bool


def number_sheet(db: Session, actor: Actor, board: BoardId, number: Number) -> NumberSheet:
    """One submission by its number, from the lock on. Raises Missing and WrongStage."""
    held = _locked(db, actor, board)
    standing = _standing(db, board, number)
    waiting = {each.criterion for each in queries.proposals(db, board) if each.number == number}
    now = standing.now.scores
    lines = tuple(Line(c, standing.locked.scores[c.key], now[c.key], c.key in waiting) for c in held.policy.criteria)
    amendments = tuple(each for each in queries.amendments(db, board) if each.number == number)
    may_act = held.stage in AMENDABLE and actor.id in able(db, held, number)
    return NumberSheet(held, standing, lines, amendments, may_act)


def matter(db: Session, actor: Actor, board: BoardId, number: Number, criterion: str) -> Matter:
    """One score to decide about. Raises Missing, and WrongStage once the board is archived."""
    held = _locked(db, actor, board)
    if held.stage not in AMENDABLE:
        raise WrongStage
    if criterion not in held.policy.keys:
        raise Missing
    deciding(db, held, actor, number)
    standing, asked = _standing(db, board, number), held.policy.criterion(criterion)
    waiting = [each for each in queries.proposals(db, board) if (each.number, each.criterion) == (number, criterion)]
    found = waiting[0] if waiting else None
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
        reads=actor.id not in excluded_leaders(db, board),
    )


def _hindrance(db: Session, board: Board, actor: Actor, number: Number) -> str:
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


def _locked(db: Session, actor: Actor, board: BoardId) -> Board:
    held = read_board(db, board)
    if not held.stage.reached(Stage.LOCKED):
        raise WrongStage
    reading(db, held, actor)
    return held


def _standing(db: Session, board: BoardId, number: Number) -> Standing:
    found = next((each for each in queries.standings(db, board) if each.locked.number == number), None)
    if found is None:
        raise Missing
    return found
