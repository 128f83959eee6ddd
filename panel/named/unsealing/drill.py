"""A custody drill as the log tells it: every keyholder was asked to prove, and who has since. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from panel.audit.entry import Entry
from panel.named.unsealing.founding import HANDED_OVER
from panel.sealed.vault.sharing import Seat

KIND: Final = "custody.drill"
PROVED: Final = "seat.proved"


@dataclass(frozen=True)
class Drill:
    """The newest drill of a board: when it was asked for, by when, and which seats have proved their share since."""

    asked_on: date
    by: date
    proved: frozenset[str]

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> "Drill | None":
        """The newest drill in a board's log; None if there was none. A seat handed over since has to prove anew."""
        found: Drill | None = None
        for entry in entries:
            if entry.kind == KIND:
                found = cls(entry.on, date.fromisoformat(str(entry.facts["by"])), frozenset())
            elif found and entry.kind in {PROVED, HANDED_OVER}:
                seat = frozenset({f"{entry.facts['side']} {entry.facts['seat']}"})
                proved = found.proved | seat if entry.kind == PROVED else found.proved - seat
                found = cls(found.asked_on, found.by, proved)
        return found

    def has(self, seat: Seat) -> bool:
        """Whether that seat has proved its share since the drill began."""
        return str(seat) in self.proved
