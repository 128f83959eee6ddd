"""Outcomes by group as HR reads them: only what was published, and what follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.board.equality import CHARACTERISTICS, Characteristic
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId
from panel.named.monitoring.adverse_impact import Comparison, Outcome, compare
from panel.named.monitoring.models import OutcomeCount
from panel.named.monitoring.suppression import together
from panel.named.monitoring.tally import TOTAL

_Counts = Mapping[str, Mapping[str, int | None]]


@dataclass(frozen=True)
class Row:
    """One group of a table. `outcome` is None where withheld; `comparison` is None where there are too few to say."""

    label: str
    outcome: Outcome | None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Table:
    """Outcomes by one characteristic. `rest` is the withheld groups as one, None unless some are shown and some not."""

    characteristic: Characteristic
    rows: tuple[Row, ...]
    rest: Row | None
    total: Outcome

    @property
    def empty(self) -> bool:
        """Whether no group can be shown."""
        return all(row.outcome is None for row in self.rows)


@dataclass(frozen=True)
class Again:
    """A second count: on which day, and the characteristics whose tables it replaced."""

    on: date
    tables: frozenset[str]


def tables(db: Session, board: BoardId) -> tuple[Table, ...]:
    """Every characteristic's table, in the order of the questions; empty before the names are open."""
    query = (
        select(OutcomeCount.characteristic, OutcomeCount.group, OutcomeCount.outcome, OutcomeCount.count)
        .where(OutcomeCount.board == board)
        .order_by(OutcomeCount.characteristic, OutcomeCount.group, OutcomeCount.outcome)
    )
    kept: dict[str, dict[str, dict[str, int | None]]] = defaultdict(lambda: defaultdict(dict))
    for characteristic, group, outcome, count in db.execute(query):
        kept[characteristic][group][outcome] = count
    return tuple(_table(each, kept[each.key]) for each in CHARACTERISTICS if each.key in kept)


def again(db: Session, board: BoardId) -> Again | None:
    """When a later ceremony counted outcomes once more, and which tables are new by it; None if none did."""
    found = [entry for entry in audit.entries(db, board, "names.opened_again") if "tables" in entry.facts]
    return Again(found[-1].on, frozenset(map(str, _listed(found[-1].facts["tables"])))) if found else None


def _listed(tables: Json) -> Iterable[Json]:
    return tables if isinstance(tables, list | tuple) else ()


def _table(characteristic: Characteristic, counts: _Counts) -> Table:
    total = _outcome(counts[TOTAL]) or Outcome(0, 0)
    listed = [option for option in characteristic.options if option.key in counts]
    rows = tuple(_row(option.label, _outcome(counts[option.key]), total) for option in listed)
    return Table(characteristic, rows, _rest(rows, total), total)


def _row(label: str, outcome: Outcome | None, total: Outcome) -> Row:
    return Row(label, outcome, compare(outcome, total - outcome) if outcome else None)


def _rest(rows: tuple[Row, ...], total: Outcome) -> Row | None:
    shown = [row.outcome for row in rows if row.outcome is not None]
    if not shown or len(shown) == len(rows):
        return None
    return _row("Withheld groups together", total - together(shown), total)


def _outcome(counts: Mapping[str, int | None]) -> Outcome | None:
    applied, passed = counts["applied"], counts["passed"]
    return None if applied is None or passed is None else Outcome(applied, passed)
