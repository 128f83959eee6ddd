"""The overlap of markers: two are joined when they share an answer. A joined panel can be compared for severity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from panel.blind.allocation.balance import Answer, Placements
from panel.kernel.ids import MarkerId

T = TypeVar("T")

#: Exchanges tried before a panel is left in parts; only boards of a few answers ever need one.
_TRIES: Final = 2_000


@dataclass(frozen=True)
class Overlap:
    """How far a panel can be compared: its parts, and how many answers its least connected marker shares."""

    markers: int
    parts: int
    fewest: int

    @property
    def connected(self) -> bool:
        """Whether every marker can be compared with every other, if only by way of others."""
        return self.parts <= 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """What HR and the chair read."""
        if not self.markers:
            return ()
        if self.connected:
            said = "Every panel member can be compared with every other: they are joined by answers that they share."
        else:
            said = f"The panel falls into {self.parts} groups that share no answer, so they cannot be compared."
        least = "1 answer" if self.fewest == 1 else f"{self.fewest} answers"
        return said, f"Everyone shares at least {least} with others."


def overlap(shares: Iterable[Sequence[MarkerId]]) -> Overlap:
    """From the markers of each answer."""
    listed = [share for share in shares if share]
    shared = Counter({marker: 0 for share in listed for marker in share})
    shared.update(marker for share in listed if len(share) > 1 for marker in share)
    return Overlap(len(shared), len(parts(listed)), min(shared.values(), default=0))


def parts(shares: Iterable[Iterable[T]]) -> list[set[T]]:
    """The panel's parts: markers who share no answer, even by way of others, are in different ones."""
    found: list[set[T]] = []
    for share in shares:
        joined = set(share)
        apart = []
        for part in found:
            if part & joined:
                joined |= part
            else:
                apart.append(part)
        found = [*apart, joined] if joined else apart
    return found


def join(placements: Placements) -> None:
    """Join the parts where an exchange of two answers between them can; loads stay as they are."""
    count = len(parts(placements.on.values()))
    while count > 1 and _exchange(placements, count):
        count = len(parts(placements.on.values()))


def _exchange(placements: Placements, count: int) -> bool:
    for first, giver, second, taker in islice(_exchanges(placements), _TRIES):
        _swap(placements, first, giver, second, taker)
        if len(parts(placements.on.values())) < count:
            return True
        _swap(placements, first, taker, second, giver)
    return False


def _swap(placements: Placements, first: Answer, giver: MarkerId, second: Answer, taker: MarkerId) -> None:
    placements.move(first, giver, taker)
    placements.move(second, taker, giver)


def _exchanges(placements: Placements) -> Iterator[tuple[Answer, MarkerId, Answer, MarkerId]]:
    """Lawful exchanges between answers of different parts, as a list at the time of asking."""
    part_of = {marker: part for part, members in enumerate(parts(placements.on.values())) for marker in members}
    held = [(answer, marker) for answer, markers in placements.on.items() for marker in markers]
    for first, giver in held:
        for second, taker in held:
            if part_of[giver] < part_of[taker] and placements.may(taker, first) and placements.may(giver, second):
                yield first, giver, second, taker
