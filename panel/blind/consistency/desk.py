"""The pages on consistency, for chair and deputy from moderation on: figures and advice. They change nothing."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.consistency import charts, queries
from panel.blind.consistency.advice import Advice, advise
from panel.blind.consistency.charts import Intervals, Profiles
from panel.blind.consistency.known import KnownLine, known_lines
from panel.blind.consistency.marks import by_answer, scores
from panel.blind.consistency.report import Agreement, Report, agreement, report
from panel.blind.consistency.severity import fit
from panel.blind.moderation import queries as moderation
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import Criterion
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId


@dataclass(frozen=True)
class Overview:
    """The whole board: markers over all criteria, and each criterion in one line.

    `seeds` and `repeats` are markers beside scores that were known before; empty where the board has none.
    """

    board: Board
    report: Report
    criteria: tuple[tuple[Criterion, Agreement], ...]
    offsets: Intervals | None
    seeds: tuple[KnownLine, ...]
    repeats: tuple[KnownLine, ...]


@dataclass(frozen=True)
class OneCriterion:
    """One criterion: every figure about each marker, with its charts; a chart is None where nothing can be shown.

    `seeds` and `repeats` as in `Overview`, for this criterion alone.
    """

    board: Board
    criterion: Criterion
    agreement: Agreement
    report: Report
    profiles: Profiles | None
    gaps: Intervals | None
    offsets: Intervals | None
    drifts: Intervals | None
    seeds: tuple[KnownLine, ...]
    repeats: tuple[KnownLine, ...]


@dataclass(frozen=True)
class Outcomes:
    """Advice, None where markers cannot be compared; `open` while moderation can still act on it."""

    board: Board
    advice: Advice | None
    open: bool


def overview(db: Session, actor: Actor, board: BoardId) -> Overview:
    """All figures over the whole board. Raises Missing and WrongStage."""
    held = _moderated(db, actor, board)
    given, policy = queries.signed(db, held), held.policy
    found = report(given, policy.scale.scores)
    lines = tuple(
        (criterion, agreement([mark for mark in given if mark.criterion == criterion.key], policy.markers_per_answer))
        for criterion in policy.criteria
    )
    return Overview(
        held,
        found,
        lines,
        charts.intervals((line.letter, line.offset) for line in found.markers),
        seeds=known_lines(queries.beside_agreed(db, held), policy.tolerance),
        repeats=known_lines(queries.beside_earlier(db, held), policy.tolerance),
    )


def of_criterion(db: Session, actor: Actor, board: BoardId, key: str) -> OneCriterion:
    """All figures for one criterion. Raises Missing and WrongStage."""
    held = _moderated(db, actor, board)
    if key not in held.policy.keys:
        raise Missing
    given, policy = queries.signed(db, held, key), held.policy
    found = report(given, policy.scale.scores)
    lines = found.markers
    return OneCriterion(
        board=held,
        criterion=policy.criterion(key),
        agreement=agreement(given, policy.markers_per_answer),
        report=found,
        profiles=charts.profiles(((line.letter, line.counts) for line in lines), policy.scale.scores),
        gaps=charts.intervals((line.letter, line.gap) for line in lines),
        offsets=charts.intervals((line.letter, line.offset) for line in lines),
        drifts=charts.intervals((line.letter, line.drift.change if line.drift else None) for line in lines),
        seeds=known_lines(queries.beside_agreed(db, held, key), policy.tolerance),
        repeats=known_lines(queries.beside_earlier(db, held, key), policy.tolerance),
    )


def outcomes(db: Session, actor: Actor, board: BoardId) -> Outcomes:
    """Whose outcome would be another if severity were allowed for. Raises Missing and WrongStage."""
    held = _moderated(db, actor, board)
    model = fit(scores(by_answer(queries.signed(db, held))))
    found = advise(held.policy, moderation.answers(db, held), model)
    return Outcomes(held, found, held.stage is Stage.MODERATION)


def _moderated(db: Session, actor: Actor, board: BoardId) -> Board:
    """A board whose marks the chair may see: before moderation they stay with their markers."""
    moderation.leading(db, board, actor)
    held = read_board(db, board)
    if not held.stage.reached(Stage.MODERATION):
        raise WrongStage
    return held
