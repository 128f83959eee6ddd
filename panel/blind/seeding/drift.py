"""When a marker has strayed from the agreed marks of seeds, and when that holds her up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from panel.blind.allocation.lots import lot
from panel.blind.training.practice import Direction, Distance
from panel.kernel.ids import MarkerId

#: Out of tolerance this often among so many of her latest seeds, and she pauses.
OUT: Final = 2
AMONG: Final = 3
#: A pause takes hold by lot up to so many marks later, or the last mark before it would be known for a seed; and marks
#: are made again from up to so many earlier, or the last that is left would be known for one.
_LATER: Final = 3


@dataclass(frozen=True)
class SeedMark:
    """What one marker gave a seed, in which turn of hers, and how far that lies from the agreed score."""

    marker: MarkerId
    criterion: str
    turn: int
    distance: Distance

    @property
    def sentence(self) -> str:
        """How far, and which way, as the chair reads it."""
        if self.distance.direction is Direction.SAME:
            return "The agreed score"
        side = "below" if self.distance.direction is Direction.SEVERE else "above"
        points = "1 point" if self.distance.points == 1 else f"{self.distance.points} points"
        verdict = "within" if self.distance.within else "outside"
        return f"{points} {side} ({self.distance.direction}), {verdict} the tolerance"


def latest(marks: Sequence[SeedMark]) -> tuple[SeedMark, ...]:
    """The seeds that are judged together, in the order of their turns."""
    return tuple(sorted(marks, key=lambda mark: mark.turn)[-AMONG:])


def strayed(marks: Sequence[SeedMark]) -> bool:
    """Whether too many of the latest seeds are out of tolerance."""
    return sum(not mark.distance.within for mark in latest(marks)) >= OUT


def last_good(marks: Sequence[SeedMark], since: int = 0) -> int:
    """The turn of the last seed within tolerance; `since` if there is none after that turn."""
    return max([since, *(mark.turn for mark in marks if mark.distance.within)])


def takes_hold(draw: bytes, marker: MarkerId, turn: int) -> int:
    """From how many turns a pause that came about in this turn holds her up."""
    return turn + lot(draw, b"pause", marker, turn.to_bytes(4, "big"))[0] % _LATER


def goes_back(draw: bytes, marker: MarkerId, good: int, since: int = 0) -> int:
    """After which turn marks are made again, where the last good seed came in turn `good`; never before `since`."""
    if good <= since:
        return since
    return max(since, good - lot(draw, b"again", marker, good.to_bytes(4, "big"))[0] % _LATER)
