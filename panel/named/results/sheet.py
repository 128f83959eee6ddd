"""The merit list with names, as one table of text: the page, the CSV and the XLSX are all drawn from it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from panel.blind.merit.amendment import Amendment, Standing
from panel.blind.merit.merit_list import Place
from panel.board.queries import Board
from panel.kernel.ids import Number
from panel.named.unsealing.reveal import Revealed
from panel.web.filters import fraction


@dataclass(frozen=True)
class Row:
    """One place of the merit list, as locked and as amended.

    `person` is None for whoever withdrew or stood down: that name stays sealed.
    """

    place: Place
    now: Place
    person: Revealed | None

    @property
    def outcome(self) -> str:
        """The locked outcome, as screens call it."""
        return self._outcome(self.place)

    @property
    def outcome_now(self) -> str:
        """The same as amended."""
        return self._outcome(self.now)

    def _outcome(self, place: Place) -> str:
        return place.outcome.label if self.person else "Withdrawn"


@dataclass(frozen=True)
class Sheet:
    """The whole list, in the order in which it was locked. `criteria` are (key, name) in the board's order.

    Columns as amended are there only once something was amended.
    """

    board: Board
    criteria: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    amendments: tuple[Amendment, ...] = ()

    @property
    def amended(self) -> tuple[tuple[str, str], ...]:
        """The criteria of which a score was changed after the lock."""
        keys = {each.criterion for each in self.amendments}
        return tuple(each for each in self.criteria if each[0] in keys)

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
        name, *reached = (person.name, person.staff_no, person.email) if person else ("Withdrawn", "", "")
        scores = (fraction(place.scores.get(key, Fraction(0))) for key, _ in self.criteria)
        later = (str(now.rank), row.outcome_now, fraction(now.total)) if self.amendments else ()
        changed = (fraction(now.scores.get(key, Fraction(0))) for key, _ in self.amended)
        locked = (str(place.rank), name, row.outcome, fraction(place.total), *scores)
        return (*locked, *later, *changed, str(place.number), *reached)

    def table(self) -> tuple[tuple[str, ...], ...]:
        """Headings and rows."""
        return (self.columns, *(self.cells(row) for row in self.rows))


def sheet(
    board: Board,
    standings: Iterable[Standing],
    people: Mapping[Number, Revealed],
    amendments: tuple[Amendment, ...] = (),
) -> Sheet:
    """Names joined to an order that can no longer move, and to what was amended after it."""
    criteria = tuple((criterion.key, criterion.name) for criterion in board.policy.criteria)
    rows = tuple(Row(each.locked, each.now, people.get(each.locked.number)) for each in standings)
    return Sheet(board, criteria, rows, amendments)
