"""One answer on the desk of chair or deputy: its marks beside each other, and what this leader may do about it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.blind.moderation import queries
from panel.blind.moderation.answers import Answer, Standing
from panel.blind.moderation.deciding import demand_open, demand_unsent
from panel.blind.moderation.desk import numbered
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import Criterion, Point
from panel.board.queries import Board
from panel.kernel.ids import BoardId, Number


@dataclass(frozen=True)
class Sitting:
    """One answer on the desk. `redacted`: this leader's own redaction forbids her to decide about it."""

    board: Board
    answer: Answer
    criterion: Criterion
    points: tuple[Point, ...]
    texts: tuple[tuple[str, str], ...]
    redacted: bool

    @property
    def moderating(self) -> bool:
        """Whether anything can still be decided on this board."""
        return self.board.stage is Stage.MODERATION

    @property
    def open(self) -> bool:
        """Whether this leader may set or change the agreed score now."""
        settles = self.answer.standing in {Standing.TO_SETTLE, Standing.SETTLED}
        return self.moderating and settles and not self.redacted

    @property
    def lookable(self) -> bool:
        """Whether this leader may let the marks stand."""
        return self.moderating and self.answer.standing is Standing.TO_LOOK_AT and not self.redacted

    @property
    def sendable(self) -> bool:
        """Whether this leader may send the answer to a further marker."""
        return self.moderating and not self.answer.course.sent and not self.redacted

    def demand_open(self) -> None:
        """Say why this leader may not settle the answer now. Raises WrongStage and what `deciding` raises."""
        if not self.moderating:
            raise WrongStage
        demand_open(self.answer, redacted=self.redacted)

    def demand_unsent(self) -> None:
        """Say why this leader may not send the answer on now. Raises WrongStage and what `deciding` raises."""
        if not self.moderating:
            raise WrongStage
        demand_unsent(self.answer, redacted=self.redacted)


def sitting(db: Session, actor: Actor, board: BoardId, number: Number, criterion: str) -> Sitting:
    """One answer with its marks and texts. Raises Missing and WrongStage."""
    queries.leading(db, board, actor)
    held = numbered(db, board)
    answer = queries.answer(db, held, number, criterion)
    texts = queries.texts(db, held, [answer])[answer.ref, criterion]
    return _on(held, answer, texts, redacted=answer.ref in queries.barred(db, board, actor.id))


def on_paper(db: Session, actor: Actor, board: BoardId) -> tuple[Sitting, ...]:
    """What is to be settled, whole, for a discussion around a table. Raises Missing and WrongStage."""
    queries.leading(db, board, actor)
    held = numbered(db, board)
    wanted = [answer for answer in queries.answers(db, held) if answer.standing is Standing.TO_SETTLE]
    texts, barred = queries.texts(db, held, wanted), queries.barred(db, board, actor.id)
    return tuple(_on(held, each, texts[each.ref, each.criterion], redacted=each.ref in barred) for each in wanted)


def _on(held: Board, answer: Answer, texts: tuple[tuple[str, str], ...], *, redacted: bool) -> Sitting:
    asked = held.policy.criterion(answer.criterion)
    return Sitting(held, answer, asked, held.policy.anchored(asked), texts, redacted)
