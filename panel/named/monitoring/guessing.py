"""A marker says, after she has signed, whom she thought she recognised; what she says is sealed at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.recognised import recognised
from panel.blind.marking.desk import desk
from panel.blind.marking.own_queries import own_marks
from panel.blind.marking.page import OwnMark
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, TaskCode
from panel.named.monitoring.models import GuessCount
from panel.named.monitoring.recognition import Guessed
from panel.sealed.guesses import queries as sealed
from panel.sealed.guesses.guess import Guess
from panel.sealed.guesses.service import seal_guesses


@dataclass(frozen=True)
class Asked:
    """A marker who has signed, with her own marks. `answered`: her answer is sealed, and a new one replaces it."""

    board: Board
    marks: tuple[OwnMark, ...]
    answered: bool


@dataclass(frozen=True)
class Report:
    """How often markers stepped aside, by criterion, and how often they guessed right; no guess and no name."""

    board: Board
    aside: Mapping[str, int]
    guessed: Guessed


def asked(db: Session, person: Person, board: BoardId) -> Asked:
    """The question to a marker who has signed her sheet. Raises Missing for everybody else, and once names are open."""
    hers = desk(db, person.id, board)
    if not hers.askable:
        raise Missing
    return Asked(hers.board, own_marks(db, hers.board, person.id), sealed.answered(db, board, person.id))


def answer(db: Session, person: Person, board: BoardId, given: Iterable[tuple[TaskCode, str]]) -> None:
    """Seal what she thought, no guess at all included. Raises Missing and WrongStage."""
    asked(db, person, board)
    guesses = [Guess(allocation.task(db, board, person.id, code).ref, name) for code, name in given]
    seal_guesses(db, board, person.id, guesses)


def report(db: Session, board: BoardId) -> Report:
    """What came of it, once the names are open. Raises Missing."""
    held = read_board(db, board)
    row = db.scalar(select(GuessCount).where(GuessCount.board == board))
    if row is None or not held.stage.reached(Stage.UNSEALED):
        raise Missing
    return Report(held, recognised(db, board), Guessed(row.answered, row.candidates, row.guesses, row.correct))
