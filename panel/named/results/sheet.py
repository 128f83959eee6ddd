"""The merit list with names, as one table of text: the page, the CSV and the XLSX are all drawn from it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from panel.blind.merit.amendment import Amendment, Standing
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
    """One place of the merit list, as locked and as amended.

    `person` is None where the name stays sealed; `unnamed` then says why.
    """

    place: Place
    now: Place
    person: Revealed | None
    unnamed: Unnamed = Unnamed.WITHDRAWN

    @property
    def named(self) -> str:
        """The name, or why there is none."""
        return self.person.name if self.person else self.unnamed.value

    @property
    def outcome(self) -> str:
        """The locked outcome, as screens call it: whose name could not be opened keeps what the marks gave her."""
        return self._outcome(self.place)

    @property
    def outcome_now(self) -> str:
        """The same as amended."""
        return self._outcome(self.now)

    def _outcome(self, place: Place) -> str:
        withdrawn = self.person is None and self.unnamed is Unnamed.WITHDRAWN
        return Unnamed.WITHDRAWN.value if withdrawn else place.outcome.label


@dataclass(frozen=True)
class Sheet:
    """The whole list, in the order in which it was locked. `criteria` are (key, name) in the board's order.

    Columns as amended are there only once something was amended; `aside` are numbers without a place.
    """

    board: Board
    criteria: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    amendments: tuple[Amendment, ...] = ()
    aside: tuple[Number, ...] = ()

    @property
    def amended(self) -> tuple[tuple[str, str], ...]:
        """The criteria of which a score was changed after the lock."""
        keys = {each.criterion for each in self.amendments}
        return tuple(each for each in self.criteria if each[0] in keys)

    @property
    def unopened(self) -> tuple[Number, ...]:
        """The numbers whose sealed name could not be opened."""
        spoilt = (row for row in self.rows if row.person is None and row.unnamed is Unnamed.UNOPENED)
        return tuple(row.place.number for row in spoilt)

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings."""
        locked = " as locked" if self.amendments else ""
        places = (f"Rank{locked}", "Name", f"Outcome{locked}", f"Total{locked}")
        later = ("Rank as amended", "Outcome as amended", "Total as amended") if self.amendments else ()
        names = (name + (locked if (key, name) in self.amended else "") for key, name in self.criteria)
        changed = (f"{name} as amended" for _, name in self.amended)
        return (*places, *names, *later, *changed, "Number", "Staff number", "Email address")

    @property
    def figures(self) -> frozenset[int]:
        """Which columns hold scores and numbers, the first rank apart."""
        words = {"Name", "Outcome", "Outcome as locked", "Outcome as amended", "Staff number", "Email address"}
        return frozenset(place for place, column in enumerate(self.columns) if place and column not in words)

    def cells(self, row: Row) -> tuple[str, ...]:
        """One row as text, under `columns`. Scores are exact, with two decimals before the fraction."""
        person, place, now = row.person, row.place, row.now
        reached = (person.staff_no, person.email) if person else ("", "")
        scores = (fraction(place.scores.get(key, Fraction(0))) for key, _ in self.criteria)
        later = (str(now.rank), row.outcome_now, fraction(now.total)) if self.amendments else ()
        changed = (fraction(now.scores.get(key, Fraction(0))) for key, _ in self.amended)
        locked = (str(place.rank), row.named, row.outcome, fraction(place.total), *scores)
        return (*locked, *later, *changed, str(place.number), *reached)

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
    standings: Iterable[Standing],
    people: Mapping[Number, Revealed],
    amendments: tuple[Amendment, ...] = (),
    *,
    unopened: Collection[Number] = (),
    aside: Collection[Number] = (),
) -> Sheet:
    """Names joined to an order that can no longer move, and to what was amended after it.

    `unopened`: set aside by the ceremony as spoilt. `aside`: opened early; such a number has lost its place, even one
    that was locked with it.
    """
    criteria = tuple((criterion.key, criterion.name) for criterion in board.policy.criteria)
    why = dict.fromkeys(unopened, Unnamed.UNOPENED)
    rows = tuple(
        Row(each.locked, each.now, people.get(each.locked.number), why.get(each.locked.number, Unnamed.WITHDRAWN))
        for each in standings
        if each.locked.number not in aside
    )
    return Sheet(board, criteria, rows, amendments, tuple(sorted(aside)))
