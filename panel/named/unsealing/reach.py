"""Whether a board's seats can still be reached, from plain dates: which are proved, overdue or lost, and what it means.

A seat is reachable while its share was proved, or its key opened, in the last ninety days. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from panel.board.lifecycle import UNOPENED, Stage
from panel.kernel.errors import Refused
from panel.kernel.ids import AccountId
from panel.named.unsealing.occasion import OPENED
from panel.sealed.vault.sharing import Seat, Side

#: A proof older than this no longer counts.
PROOF_LASTS: Final = timedelta(days=90)
#: While a board's names are still to be opened: everybody is told how strong its custody is.
LIVE: Final = (Stage.OPEN, *UNOPENED)
#: While shares may be asked for, be it by a later ceremony: everybody is reminded to prove, and who leaves hands over.
SEATED: Final = (*LIVE, *OPENED)

_REMIND_AFTER: Final = timedelta(days=76)
_FORTNIGHT: Final = timedelta(days=14)
_STANDS: Final = (
    "No name of this board can be opened any more. The merit list stands, and candidates come forward with their "
    "receipt and receipt code."
)
_EACH: Final = (
    "Ask each of them to prove now. Whoever has forgotten the passphrase makes a new one with the recovery code, and "
    "whoever is leaving hands the seat over."
)


class NoSeat(Refused):
    """The account has no seat in this board's custody."""

    sentence = "You hold no seat in the custody of this board."


class SeatLost(Refused):
    """The seat lies under a key that its keyholder has retired."""

    sentence = "Your share of this board was sealed to a key that you have retired. Nobody can open it any more."


class Reach(StrEnum):
    """How a seat stands."""

    PROVED = "proved"
    OVERDUE = "overdue"
    LOST = "lost"


@dataclass(frozen=True)
class Place:
    """One seat and who sits there. `proved_on`: when the share last opened; `used_on`: when the key last did."""

    seat: Seat
    account: AccountId
    name: str
    fingerprint: bytes
    proved_on: date | None
    used_on: date | None
    reach: Reach

    @property
    def title(self) -> str:
        """The seat as screens call it."""
        return seat_title(self.seat)


@dataclass(frozen=True)
class Bench:
    """One side's seats: how many there are, are not lost, and are proved; and how many it takes."""

    needed: int
    seats: int
    left: int
    proved: int

    @classmethod
    def of(cls, needed: int, places: Iterable[Place]) -> "Bench":
        """Count one side's seats."""
        found = [place.reach for place in places]
        lost = found.count(Reach.LOST)
        return cls(needed, len(found), len(found) - lost, found.count(Reach.PROVED))


@dataclass(frozen=True)
class Strength:
    """How far a board's custody is from being too weak to open its names; `since`: the first day that still counts."""

    since: date
    custodians: Bench
    panel: Bench

    @classmethod
    def of(cls, k: int, places: Iterable[Place], on: date) -> "Strength":
        """Count both sides' seats on a day. `k`: how many custodians it takes."""
        places = tuple(places)
        hr, panel = ([place for place in places if place.seat.side is side] for side in (Side.HR, Side.PANEL))
        return cls(on - PROOF_LASTS, Bench.of(k, hr), Bench.of(1, panel))

    @property
    def openable(self) -> bool:
        """Whether enough shares are left on both sides."""
        return all(side.left >= side.needed for side in (self.custodians, self.panel))

    @property
    def sentence(self) -> str:
        """How many have proved: what HR and keyholders read first."""
        custodians = f"{self.custodians.proved} of {self.custodians.seats} custodians"
        return f"{custodians} and {self.panel.proved} of {self.panel.seats} panel seats proved since {day(self.since)}."

    @property
    def margin(self) -> str:
        """How much more may be lost."""
        more = self.custodians.left - self.custodians.needed + 1
        custodians = "one more custodian" if more == 1 else f"{more} more custodians"
        left = self.panel.left
        panel = {1: "the one of the panel who is left", 2: "both of the panel who are left"}.get(
            left, f"all {left} of the panel who are left"
        )
        return f"If {custodians} or {panel} lose passphrase and recovery code, no name can ever be opened."

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong or nearly so, a sentence or two each; none if all is well."""
        return (*self._custodians(), *self._panel())

    def _custodians(self) -> Iterable[str]:
        side = self.custodians
        if side.left < side.needed:
            yield f"Too few custodians’ shares are left: it takes {side.needed}, and there are {side.left}. {_STANDS}"
        elif side.left == side.needed:
            yield f"Every one of the {side.left} custodians who are left is needed. {_EACH}"
        elif side.proved <= side.needed:
            yield f"{side.proved} of {side.seats} custodians have proved lately, and it takes {side.needed}. {_EACH}"

    def _panel(self) -> Iterable[str]:
        side = self.panel
        if not side.left:
            yield f"Every panel seat’s share is lost, and it takes one. {_STANDS}"
        elif side.left == 1:
            yield f"Only one panel seat is left, and it is needed. {_EACH}"
        elif side.proved <= 1:
            yield f"{side.proved} of {side.seats} panel seats have proved lately, and it takes one. {_EACH}"


def reach(proved_on: date | None, used_on: date | None, *, lost: bool, on: date) -> Reach:
    """How a seat stands on a day."""
    if lost:
        return Reach.LOST
    last = latest(proved_on, used_on)
    return Reach.PROVED if last is not None and last >= on - PROOF_LASTS else Reach.OVERDUE


def latest(*days: date | None) -> date | None:
    """The latest of several days, of which any may be missing."""
    return max((each for each in days if each is not None), default=None)


def due(last: date | None, on: date) -> bool:
    """Whether a keyholder should prove her share again: from two weeks before the last proof stops counting."""
    return last is None or on - last >= _REMIND_AFTER


def reminded(last: date | None, on: date, *, names_open: bool = False) -> bool:
    """Whether a letter says so on this very day: the first, and every fortnight from then on.

    Once the names are open a share is needed only if something goes wrong: then once a quarter.
    """
    every = PROOF_LASTS if names_open else _FORTNIGHT
    return last is not None and due(last, on) and not (on - last - _REMIND_AFTER) % every


def seat_title(seat: Seat) -> str:
    """A seat as screens call it: Custodian seat 2."""
    return f"{'Panel' if seat.side is Side.PANEL else 'Custodian'} seat {seat.number}"


def day(on: date) -> str:
    """A date as people write it."""
    return f"{on.day} {on:%B %Y}"
