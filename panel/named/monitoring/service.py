"""Keeping a board's outcomes by group and the count of its markers' guesses, once, already suppressed."""

from collections.abc import Iterator, Mapping

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.service import hold
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId
from panel.named.monitoring.adverse_impact import Outcome
from panel.named.monitoring.models import GuessCount, OutcomeCount
from panel.named.monitoring.recognition import Guessed
from panel.named.monitoring.suppression import together, withheld
from panel.named.monitoring.tally import TOTAL, Tallies


class AlreadyCounted(Refused):
    """A second table of the same board, set beside the first, would show who changed between them."""

    sentence = "Outcomes by group have already been counted for this board. They are counted once."


def record_counts(db: Session, board: BoardId, tallies: Tallies) -> None:
    """Suppress and keep the counts; whatever must be withheld reaches no table. Part of the unsealing's transaction.

    The ceremony's own `board.unsealed` entry records it. Raises WrongStage and AlreadyCounted.
    """
    hold(db, board, Stage.LOCKED, Stage.UNSEALED)
    if db.scalar(select(OutcomeCount.board).where(OutcomeCount.board == board).limit(1)) is not None:
        raise AlreadyCounted
    rows = [
        {"board": board, "characteristic": key, "group": group, "outcome": outcome, "count": count}
        for key, table in tallies.items()
        for group, outcome, count in _rows(table)
    ]
    db.execute(insert(OutcomeCount), rows)


def record_guesses(db: Session, board: BoardId, guessed: Guessed) -> None:
    """Keep how often markers recognised a writer, small counts left out. Part of the unsealing's transaction."""
    hold(db, board, Stage.LOCKED, Stage.UNSEALED)
    counts = {"answered": guessed.answered, "candidates": guessed.candidates}
    db.execute(insert(GuessCount).values(board=board, **counts, guesses=guessed.guesses, correct=guessed.right))


def _rows(table: Mapping[str, Outcome]) -> Iterator[tuple[str, str, int | None]]:
    hidden = withheld(table)
    for group, outcome in {**table, TOTAL: together(table.values())}.items():
        yield group, "applied", None if group in hidden else outcome.applied
        yield group, "passed", None if group in hidden else outcome.passed
