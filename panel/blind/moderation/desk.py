"""The pages of moderation as chair and deputy meet them: progress, and lists of answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.allocation.queries import shares
from panel.blind.allocation.stand_in_queries import flagged
from panel.blind.marking import queries as marking
from panel.blind.marking.queries import Progress
from panel.blind.moderation import queries
from panel.blind.moderation.agreement import alpha
from panel.blind.moderation.answers import Answer, Standing, Tally, tally
from panel.blind.moderation.markers import ENOUGH, MarkerLine, marker_lines
from panel.blind.seeding.queries import running
from panel.blind.submissions.queries import set_aside
from panel.blind.training.practice import panel_code
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import Criterion
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, Number


@dataclass(frozen=True)
class Waiting:
    """The chair's page while marking runs: counts for each marker under her panel code, and no number.

    `paused`: how many markers are. `flagged`: of how many seeds a marker says that they name somebody.
    """

    board: Board
    markers: tuple[tuple[str, Progress], ...]
    owed: int
    shortfall: tuple[str, ...]
    overlap: tuple[str, ...] = ()
    paused: int = 0
    flagged: int = 0


@dataclass(frozen=True)
class Line:
    """One criterion: how far it is settled, and how well its markers agreed (None with too few answers)."""

    criterion: Criterion
    tally: Tally
    agreement: Fraction | None


@dataclass(frozen=True)
class Overview:
    """The chair's page from moderation on. `open` while answers can still be settled; `aside`: numbers set aside."""

    board: Board
    tally: Tally
    lines: tuple[Line, ...]
    markers: tuple[MarkerLine, ...]
    open: bool
    aside: tuple[Number, ...]


@dataclass(frozen=True)
class Listing:
    """Answers under their criteria, in the policy's order; `tally` is of the whole board."""

    board: Board
    parts: tuple[tuple[Criterion, tuple[Answer, ...]], ...]
    tally: Tally


def waiting(db: Session, actor: Actor, board: BoardId) -> Waiting | None:
    """How far marking has come, or None once moderation has begun. Raises Missing, and WrongStage before marking."""
    queries.leading(db, board, actor)
    held = read_board(db, board)
    if held.stage.reached(Stage.MODERATION):
        return None
    if held.stage is not Stage.MARKING:
        raise WrongStage
    owed = marking.completion(db, held)
    markers = {panel_code(held.draw, each.marker): each for each in marking.progress(db, board)}
    watched = len(running(db, board)), len(flagged(db, board))
    overlap = shares(db, board).sentences
    return Waiting(held, tuple(sorted(markers.items())), owed.owed, owed.shortfall.sentences, overlap, *watched)


def overview(db: Session, actor: Actor, board: BoardId) -> Overview:
    """How far moderation has come. Raises Missing and WrongStage."""
    held, answers = _answers(db, actor, board)
    lines = tuple(_line(criterion, found) for criterion, found in _parts(held, answers))
    aside = set_aside(db, board)
    return Overview(held, tally(answers), lines, marker_lines(answers), held.stage is Stage.MODERATION, aside)


def to_settle(db: Session, actor: Actor, board: BoardId) -> Listing:
    """The answers still to be settled. Raises Missing and WrongStage."""
    return _listing(db, actor, board, lambda answer: answer.standing is Standing.TO_SETTLE)


def to_send(db: Session, actor: Actor, board: BoardId) -> Listing:
    """The answers that the rules send to a further marker first. Raises Missing and WrongStage."""
    return _listing(db, actor, board, lambda answer: answer.standing is Standing.TO_SEND)


def to_look_at(db: Session, actor: Actor, board: BoardId) -> Listing:
    """The answers whose marks agree and that a leader is to look at. Raises Missing and WrongStage."""
    return _listing(db, actor, board, lambda answer: answer.standing is Standing.TO_LOOK_AT)


def out(db: Session, actor: Actor, board: BoardId) -> Listing:
    """The answers that are with a further marker. Raises Missing and WrongStage."""
    return _listing(db, actor, board, lambda answer: answer.standing is Standing.WAITING)


def settled(db: Session, actor: Actor, board: BoardId) -> Listing:
    """The answers with an agreed score. Raises Missing and WrongStage."""
    return _listing(db, actor, board, lambda answer: answer.standing is Standing.SETTLED)


def of_criterion(db: Session, actor: Actor, board: BoardId, criterion: str) -> Listing:
    """All answers to one criterion. Raises Missing and WrongStage."""
    listing = _listing(db, actor, board, lambda answer: answer.criterion == criterion)
    if criterion not in listing.board.policy.keys:
        raise Missing
    return listing


def _listing(db: Session, actor: Actor, board: BoardId, wanted: Callable[[Answer], bool]) -> Listing:
    held, answers = _answers(db, actor, board)
    parts = _parts(held, filter(wanted, answers))
    return Listing(held, tuple(part for part in parts if part[1]), tally(answers))


def _answers(db: Session, actor: Actor, board: BoardId) -> tuple[Board, tuple[Answer, ...]]:
    queries.leading(db, board, actor)
    held = numbered(db, board)
    return held, queries.answers(db, held)


def numbered(db: Session, board: BoardId) -> Board:
    """A board whose numbers the chair may see."""
    held = read_board(db, board)
    if not held.stage.reached(Stage.MODERATION):
        raise WrongStage
    return held


def _parts(board: Board, answers: Iterable[Answer]) -> tuple[tuple[Criterion, tuple[Answer, ...]], ...]:
    found: dict[str, list[Answer]] = {key: [] for key in board.policy.keys}
    for answer in answers:
        found[answer.criterion].append(answer)
    return tuple((criterion, tuple(found[criterion.key])) for criterion in board.policy.criteria)


def _line(criterion: Criterion, answers: tuple[Answer, ...]) -> Line:
    enough = len(answers) >= ENOUGH
    agreement = alpha([mark.score for mark in answer.marks] for answer in answers) if enough else None
    return Line(criterion, tally(answers), agreement)
