"""The merit list with names, as one table of text: the page, the CSV and the XLSX are all drawn from it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from panel.blind.merit.merit_list import Place
from panel.board.queries import Board
from panel.kernel.ids import Number
from panel.named.unsealing.reveal import Revealed
from panel.web.filters import fraction


class Unnamed(StrEnum):
    """Why a number has no name on the list, as screens call it."""

    WITHDRAWN = "Withdrawn"
    UNOPENED = "Sealed name could not be opened"
    SET_ASIDE = "Set aside"


@dataclass(frozen=True)
class Row:
    """One place of the merit list. `person` is None where the name stays sealed; `unnamed` then says why."""

    place: Place
    person: Revealed | None
    unnamed: Unnamed = Unnamed.WITHDRAWN

    @property
    def named(self) -> str:
        """The name, or why there is none."""
        return self.person.name if self.person else self.unnamed.value

    @property
    def outcome(self) -> str:
        """As screens call it: whose name could not be opened keeps what the marks gave her."""
        withdrawn = self.person is None and self.unnamed is Unnamed.WITHDRAWN
        return Unnamed.WITHDRAWN.value if withdrawn else self.place.outcome.label


@dataclass(frozen=True)
class Sheet:
    """The whole list. `criteria` are (key, name) in the board's order; `aside` are numbers without a place."""

    board: Board
    criteria: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    aside: tuple[Number, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings."""
        names = (name for _, name in self.criteria)
        return ("Rank", "Name", "Outcome", "Total", *names, "Number", "Staff number", "Email address")

    @property
    def unopened(self) -> tuple[Number, ...]:
        """The numbers whose sealed name could not be opened."""
        spoilt = (row for row in self.rows if row.person is None and row.unnamed is Unnamed.UNOPENED)
        return tuple(row.place.number for row in spoilt)

    @property
    def figures(self) -> range:
        """Which columns hold scores and numbers, the rank apart."""
        return range(3, 5 + len(self.criteria))

    def cells(self, row: Row) -> tuple[str, ...]:
        """One row as text, under `columns`. Scores are exact, with two decimals before the fraction."""
        person, place = row.person, row.place
        reached = (person.staff_no, person.email) if person else ("", "")
        scores = (fraction(place.scores.get(key, Fraction(0))) for key, _ in self.criteria)
        return (str(place.rank), row.named, row.outcome, fraction(place.total), *scores, str(place.number), *reached)

    def table(self) -> tuple[tuple[str, ...], ...]:
        """Headings and rows."""
        return (self.columns, *self.lines)

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """Every row as text, those set aside last."""
        return (*map(self.cells, self.rows), *map(self._without_place, self.aside))

    def _without_place(self, number: Number) -> tuple[str, ...]:
        scores = ("–",) * (1 + len(self.criteria))
        return ("–", Unnamed.SET_ASIDE.value, Unnamed.SET_ASIDE.value, *scores, str(number), "", "")


def sheet(
    board: Board,
    places: Iterable[Place],
    people: Mapping[Number, Revealed],
    *,
    unopened: Collection[Number] = (),
    aside: Collection[Number] = (),
) -> Sheet:
    """Names joined to an order that can no longer move. `unopened`: set aside by the ceremony as spoilt.

    `aside`: opened early. Such a number has lost its place, even one that was locked with it.
    """
    criteria = tuple((criterion.key, criterion.name) for criterion in board.policy.criteria)
    why = dict.fromkeys(unopened, Unnamed.UNOPENED)
    rows = (Row(p, people.get(p.number), why.get(p.number, Unnamed.WITHDRAWN)) for p in places if p.number not in aside)
    return Sheet(board, criteria, tuple(rows), tuple(sorted(aside)))
