"""The facts behind each move, gathered from every feature. What a higher room knows is supplied by its caller."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.orm import Session

from panel.access.queries import markers
from panel.access.roles import Role
from panel.blind.allocation.queries import excluded_leaders
from panel.blind.marking.queries import completion
from panel.blind.moderation.queries import unsettled
from panel.blind.submissions.text_queries import texts_open
from panel.blind.training.queries import qualified
from panel.board import duties
from panel.board import queries as boards
from panel.board.duties import Part
from panel.board.lifecycle import Fact, Readiness, Stage
from panel.board.queries import Board
from panel.kernel import clock
from panel.kernel.ids import BoardId
from panel.named.intake import closing
from panel.named.setup import readiness as demands
from panel.named.setup.drafting import is_described
from panel.named.setup.queries import framework_of, parts
from panel.named.setup.readiness import Closed, People


def readiness(db: Session, board: BoardId, to: Stage, *supplied: Fact) -> Readiness:
    """Whether a board may move to `to`, fact by fact; `supplied` are those that only the caller can know.

    Opening takes the facts about keyholders, publishing all of its own.
    """
    gather = _GATHERED.get(to, _supplied)
    return gather(db, boards.board(db, board), supplied)


def clashes(db: Session, board: BoardId) -> tuple[str, ...]:
    """What is wrong with who holds which part, naming nobody: as HR reads it."""
    return duties.problems(parts(db, board).values())


def panel_clashes(db: Session, board: BoardId) -> tuple[str, ...]:
    """The same as chair and deputies read it, who may not learn of anybody that she applied."""
    return duties.problems(held - {Part.CANDIDATE} for held in parts(db, board).values())


def _opening(db: Session, board: Board, supplied: tuple[Fact, ...]) -> Readiness:
    return demands.opening(
        board.policy,
        described=is_described(board.policy, framework_of(db, board.policy)),
        people=_people(db, board.id),
        deadline=board.deadline,
        now=clock.now(),
        keyholders=supplied,
    )


def _closing(_db: Session, board: Board, supplied: tuple[Fact, ...]) -> Readiness:
    return Readiness((*closing.readiness(board.deadline, clock.now()).facts, *supplied))


def _marking(db: Session, board: Board, supplied: tuple[Fact, ...]) -> Readiness:
    leaders = set(markers(db, board.id, Role.CHAIR, Role.DEPUTY))
    closed = Closed(
        submissions=board.submissions or 0,
        scrubbed_on=board.scrubbed_on,
        backups_destroyed_on=board.backups_destroyed_on,
        acknowledged_on=board.weakness_acknowledged_on,
        qualified=len(qualified(db, board.id, clock.today())),
        texts_open=texts_open(db, board.id),
        leaders_left=len(leaders - excluded_leaders(db, board.id)),
    )
    return Readiness((*demands.marking(board.policy, closed, clashes(db, board.id)).facts, *supplied))


def _moderation(db: Session, board: Board, supplied: tuple[Fact, ...]) -> Readiness:
    owed, texts = completion(db, board).owed, texts_open(db, board.id)
    ready = demands.moderation(waiting=owed, texts=texts, clashes=panel_clashes(db, board.id))
    return Readiness((*ready.facts, *supplied))


def _locking(db: Session, board: Board, supplied: tuple[Fact, ...]) -> Readiness:
    left = unsettled(db, board.id)
    return Readiness((*demands.locking(unsettled=left, clashes=panel_clashes(db, board.id)).facts, *supplied))


def _supplied(db: Session, board: Board, supplied: tuple[Fact, ...]) -> Readiness:
    return Readiness(supplied)


_GATHERED: Final[Mapping[Stage, Callable[[Session, Board, tuple[Fact, ...]], Readiness]]] = {
    Stage.OPEN: _opening,
    Stage.CLOSED: _closing,
    Stage.MARKING: _marking,
    Stage.MODERATION: _moderation,
    Stage.LOCKED: _locking,
}


def _people(db: Session, board: BoardId) -> People:
    held = [part for each in parts(db, board).values() for part in each]
    return People(
        chairs=held.count(Part.CHAIR),
        deputies=held.count(Part.DEPUTY),
        markers=held.count(Part.MARKER),
        custodians=held.count(Part.CUSTODIAN),
        clashes=clashes(db, board),
    )
