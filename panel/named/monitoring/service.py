"""Keeping a board's outcomes by group and the count of its markers' guesses, once, already suppressed."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from panel.board.equality import CHARACTERISTICS
from panel.board.lifecycle import Stage
from panel.board.service import hold
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId
from panel.named.monitoring.adverse_impact import Outcome
from panel.named.monitoring.models import GuessCount, OutcomeCount
from panel.named.monitoring.recognition import Guessed
from panel.named.monitoring.recounting import Compared, compared, may_replace
from panel.named.monitoring.suppression import together, withheld
from panel.named.monitoring.tally import TOTAL, Tallies, group_of


class AlreadyCounted(Refused):
    """A second table of the same board, set beside the first, would show who changed between them.

    A later ceremony replaces those that `recounting` says may be, once.
    """

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
        for group, outcome, count in _rows(table, withheld(table))
    ]
    db.execute(insert(OutcomeCount), rows)


def record_guesses(db: Session, board: BoardId, guessed: Guessed) -> None:
    """Keep how often markers recognised a writer, small counts left out. Part of the unsealing's transaction."""
    hold(db, board, Stage.LOCKED, Stage.UNSEALED)
    counts = {"answered": guessed.answered, "candidates": guessed.candidates}
    db.execute(insert(GuessCount).values(board=board, **counts, guesses=guessed.guesses, correct=guessed.right))


def count_again(db: Session, board: BoardId, people: Iterable[tuple[Mapping[str, str], bool, bool]]) -> tuple[str, ...]:
    """Replace the counts of each characteristic that may be replaced; which those are. Part of a later ceremony.

    `people`: everybody of the first count, as (her answers, whether she passed then, whether she passes now). A table
    that does not come out as it was kept, because it or the list of groups was changed, stays. Raises WrongStage.
    """
    hold(db, board, Stage.UNSEALED, Stage.PUBLISHED)
    listed, replaced = tuple(people), []
    for key, groups in ((each.key, each.keys) for each in CHARACTERISTICS):
        table = compared(((group_of(key, answers), before, now) for answers, before, now in listed), groups)
        if _kept(db, board, key) == _first(table) and may_replace(table):
            _replace(db, board, key, table)
            replaced.append(key)
    return tuple(replaced)


def _kept(db: Session, board: BoardId, key: str) -> set[tuple[str, str, int | None]]:
    columns = OutcomeCount.group, OutcomeCount.outcome, OutcomeCount.count
    here = (OutcomeCount.board == board) & (OutcomeCount.characteristic == key)
    query = select(*columns).where(here).order_by(OutcomeCount.group, OutcomeCount.outcome)
    return {(group, outcome, count) for group, outcome, count in db.execute(query)}


def _first(table: Compared) -> set[tuple[str, str, int | None]]:
    before = {group: twice.before for group, twice in table.items()}
    return set(_rows(before, withheld(before)))


def _replace(db: Session, board: BoardId, key: str, table: Compared) -> None:
    """What was withheld in the first table is withheld in the second, and nothing else is."""
    hidden = withheld({group: twice.before for group, twice in table.items()})
    for group, outcome, count in _rows({group: twice.now for group, twice in table.items()}, hidden):
        here = (OutcomeCount.board == board) & (OutcomeCount.characteristic == key) & (OutcomeCount.group == group)
        changed = update(OutcomeCount).where(here, OutcomeCount.outcome == outcome).values(count=count)
        db.execute(changed.execution_options(synchronize_session=False))


def _rows(table: Mapping[str, Outcome], hidden: Collection[str]) -> Iterator[tuple[str, str, int | None]]:
    for group, outcome in {**table, TOTAL: together(table.values())}.items():
        yield group, "applied", None if group in hidden else outcome.applied
        yield group, "passed", None if group in hidden else outcome.passed
