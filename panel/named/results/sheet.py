"""The merit list with names, as one table of text: the page, the CSV and the XLSX are all drawn from it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from panel.blind.merit.merit_list import Place
from panel.board.queries import Board
from panel.kernel.ids import Number
from panel.named.unsealing.reveal import Revealed
from panel.web.filters import fraction


@dataclass(frozen=True)
class Row:
    """One place of the merit list. `person` is None for whoever withdrew or stood down: that name stays sealed."""

    place: Place
    person: Revealed | None

    @property
    def outcome(self) -> str:
        """As screens call it."""
        return self.place.outcome.label if self.person else "Withdrawn"


@dataclass(frozen=True)
class Sheet:
    """The whole list. `criteria` are (key, name) in the board's order."""

    board: Board
    criteria: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings."""
        names = (name for _, name in self.criteria)
        return ("Rank", "Name", "Outcome", "Total", *names, "Number", "Staff number", "Email address")

    @property
    def figures(self) -> range:
        """Which columns hold scores and numbers, the rank apart."""
        return range(3, 5 + len(self.criteria))

    def cells(self, row: Row) -> tuple[str, ...]:
        """One row as text, under `columns`. Scores are exact, with two decimals before the fraction."""
        person, place = row.person, row.place
        name, *reached = (person.name, person.staff_no, person.email) if person else ("Withdrawn", "", "")
        scores = (fraction(place.scores.get(key, Fraction(0))) for key, _ in self.criteria)
        return (str(place.rank), name, row.outcome, fraction(place.total), *scores, str(place.number), *reached)

    def table(self) -> tuple[tuple[str, ...], ...]:
        """Headings and rows."""
        return (self.columns, *(self.cells(row) for row in self.rows))


def sheet(board: Board, places: Iterable[Place], people: Mapping[Number, Revealed]) -> Sheet:
    """Names joined to an order that can no longer move."""
    criteria = tuple((criterion.key, criterion.name) for criterion in board.policy.criteria)
    return Sheet(board, criteria, tuple(Row(place, people.get(place.number)) for place in places))
