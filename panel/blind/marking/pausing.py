"""What chair and deputy read of seeds while the panel marks: who is paused, and what was marked since the last good
seed. Task codes and counts; no answer's mark, no number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State
from panel.blind.allocation.queries import Task
from panel.blind.allocation.stand_in_queries import flagged, slipped_in
from panel.blind.marking.lead import led
from panel.blind.marking.own_queries import saved
from panel.blind.seeding import queries
from panel.blind.seeding.drift import SeedMark, goes_back, last_good, latest
from panel.blind.training.desk import Script
from panel.blind.training.practice import panel_code
from panel.blind.training.queries import marker_of
from panel.blind.training.seed_queries import seeds as written
from panel.board.queries import Board
from panel.kernel.errors import Missing, Stale
from panel.kernel.ids import BoardId, MarkerId


class GoesOn(Stale):
    """Another leader has let the marker go on."""

    sentence = "This panel member goes on marking: another leader has ended the pause."


class NothingLeft(Stale):
    """Another leader has had the marks made again, or all of them are signed."""

    sentence = "None of these marks is left to be made again. Another leader may have seen to it."


@dataclass(frozen=True)
class Watch:
    """How many seeds and repeats lie in the queues, who is paused since when, and which seeds a marker flagged."""

    board: Board
    seeds: int
    repeats: int
    paused: tuple[tuple[str, date], ...]
    flagged: tuple[Script, ...]


@dataclass(frozen=True)
class HeldUp:
    """One paused panel member: her latest seeds, and the tasks she has marked since the last good one or just before.

    `along`: seeds and repeats among them, which go where they go, or what is left would show them.
    """

    board: Board
    code: str
    marker: MarkerId
    seeds: tuple[SeedMark, ...]
    marks: tuple[Task, ...]
    along: tuple[Task, ...]
    relieved: bool

    def demand_marks(self) -> None:
        """Raises NothingLeft."""
        if not self.marks:
            raise NothingLeft

    def name(self, criterion: str) -> str:
        """The name of a criterion."""
        return self.board.policy.criterion(criterion).name


def watch(db: Session, actor: Actor, board: BoardId) -> Watch:
    """What the seeds of a board say. Raises Missing, on a board without seeds too, and WrongStage."""
    held = led(db, actor, board)
    if not held.policy.conduct.seed_every:
        raise Missing
    seeds, repeats = slipped_in(db, board)
    paused = {panel_code(held.draw, marker): on for marker, on in queries.running(db, board).items()}
    named = flagged(db, board)
    scripts = tuple(each for each in written(db, board) if each.id in named)
    return Watch(held, seeds, repeats, tuple(sorted(paused.items())), scripts)


def held_up(db: Session, actor: Actor, board: BoardId, code: str) -> HeldUp:
    """The paused panel member behind a panel code. Raises Missing, WrongStage and GoesOn."""
    held = led(db, actor, board)
    marker = marker_of(db, board, code)
    return standing(db, held, marker)


def standing(db: Session, board: Board, marker: MarkerId) -> HeldUp:
    """Where a paused marker stands. Raises Missing if she never was paused, GoesOn if she is no longer."""
    pause = next(reversed(queries.pauses(db, board.id, marker)), None)
    if pause is None:
        raise Missing
    if pause.ended is not None:
        raise GoesOn
    seeds = [mark for mark in queries.seeds(db, board, marker) if mark.turn > pause.since]
    back = goes_back(board.draw, marker, last_good(seeds, pause.since), pause.since)
    turns = queries.turns(db, board.id, marker)
    done = allocation.tasks(db, board.id, marker, State.DONE)
    after = [task for task in done if turns.get(task.code, 0) > back and not saved(db, task).signed]
    return HeldUp(
        board,
        panel_code(board.draw, marker),
        marker,
        latest(seeds),
        tuple(task for task in after if task.real),
        tuple(task for task in after if not task.real),
        marker in allocation.relieved(db, board.id),
    )
