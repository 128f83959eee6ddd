"""A marker's desk: what she finds when she comes to a board, and one task when its turn has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.queries import Load
from panel.blind.marking import own_queries
from panel.blind.marking.page import Page
from panel.blind.marking.queue import Queue
from panel.blind.marking.service import MARKED_IN, MarksFinal, NotReached
from panel.blind.seeding.queries import pauses
from panel.blind.seeding.service import demand_running
from panel.blind.training.gate import Gate
from panel.blind.training.queries import gate
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board, boards
from panel.board.queries import board as read_board
from panel.kernel.clock import today
from panel.kernel.ids import BoardId, MarkerId, TaskCode


@dataclass(frozen=True)
class Overview:
    """The boards a marker is on, by title, with her own counts on each."""

    boards: tuple[Board, ...]
    counts: Mapping[BoardId, Load]


@dataclass(frozen=True)
class Desk:
    """Where a marker stands on one board. `unsigned` counts her marks that wait for her signature.

    `note`: what the chair last wrote for her when she went on after a pause.
    """

    board: Board
    gate: Gate
    queue: Queue
    unsigned: int
    signed_on: date | None
    relieved: bool
    note: str = ""

    @property
    def marking(self) -> bool:
        """Whether she may mark now: the panel is marking, or in moderation she was given one more answer."""
        further = self.board.stage is Stage.MODERATION and (self.queue.total > self.queue.done or self.unsigned > 0)
        return self.board.stage is Stage.MARKING or (further and not self.relieved)

    def let_in(self) -> Self:
        """The same desk. Raises NotQualified where she would mark now, and may not: as every task of hers would."""
        if self.marking and not (self.relieved or self.queue.complete):
            self.gate.require()
        return self

    @property
    def before(self) -> bool:
        """Whether marking is still to come."""
        return not self.board.stage.reached(Stage.MARKING) and self.board.stage is not Stage.CANCELLED

    @property
    def askable(self) -> bool:
        """Whether she may still say that she thought she knew a writer: she has signed, and the names are sealed."""
        sealed = not self.board.stage.reached(Stage.UNSEALED) and self.board.stage is not Stage.CANCELLED
        return self.signed_on is not None and self.unsigned == 0 and sealed

    @property
    def to_sign(self) -> bool:
        """Whether all she has is marked and some of it not yet signed."""
        return self.marking and self.queue.complete and self.unsigned > 0 and not (self.relieved or self.queue.paused)


def overview(db: Session, actor: Actor) -> Overview:
    """The boards this person marks on."""
    return Overview(boards(db, actor.boards(Role.MARKER)), allocation.counts(db, actor.id))


def desk(db: Session, marker: MarkerId, board: BoardId) -> Desk:
    """A marker's own work on a board and what she does next. Raises Missing."""
    held = read_board(db, board)
    return Desk(
        board=held,
        gate=gate(db, marker, board, today()),
        queue=own_queries.queue(db, held, marker),
        unsigned=own_queries.unsigned(db, board, marker),
        signed_on=own_queries.signed_on(db, board, marker),
        relieved=marker in allocation.relieved(db, board),
        note=next((each.note for each in reversed(pauses(db, board, marker)) if each.ended is not None), ""),
    )


def sitting(db: Session, marker: MarkerId, board: BoardId, code: TaskCode) -> Page:
    """One of a marker's own tasks, opened. Raises Missing, WrongStage, MarksFinal, NotQualified, Paused, NotReached."""
    held = read_board(db, board)
    page = own_queries.page(db, held, marker, code)
    if held.stage not in MARKED_IN:
        raise WrongStage
    if held.stage is Stage.MODERATION and page.final:
        raise MarksFinal
    gate(db, marker, board, today()).require()
    demand_running(db, board, marker)
    if not page.in_turn:
        raise NotReached
    return page
