"""Placements of markers on answers, and the repair that makes them even: chains of hand-overs, shortest first."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final, TypeAlias

from panel.blind.allocation.lots import lot
from panel.kernel.ids import MarkerId, SubmissionRef

#: Loads that differ by this much can be evened out by handing one answer over.
_UNEVEN: Final = 2

Answer: TypeAlias = tuple[SubmissionRef, str]
Barred: TypeAlias = Mapping[SubmissionRef, Set[MarkerId]]
#: The criteria for which each marker has qualified.
Able: TypeAlias = Mapping[MarkerId, Set[str]]


@dataclass
class Placements:
    """Who marks what so far. Dictionaries, not sets, hold the order, so that the same draw gives the same result."""

    loads: dict[MarkerId, int]
    barred: Barred
    on: dict[Answer, dict[MarkerId, None]]
    held: dict[MarkerId, dict[Answer, None]]
    able: Able | None = None

    def may(self, marker: MarkerId, answer: Answer) -> bool:
        """Whether the marker can take the answer: not hers already, not barred, and she has qualified for it."""
        if self.able is not None and answer[1] not in self.able.get(marker, ()):
            return False
        return marker not in self.on[answer] and marker not in self.barred.get(answer[0], ())

    def give(self, answer: Answer, marker: MarkerId) -> None:
        """Place the marker on the answer."""
        self.on[answer][marker] = None
        self.held[marker][answer] = None
        self.loads[marker] += 1

    def move(self, answer: Answer, giver: MarkerId, taker: MarkerId) -> None:
        """Hand the answer over."""
        self.take(answer, giver)
        self.give(answer, taker)

    def take(self, answer: Answer, giver: MarkerId) -> None:
        """Leave the answer without this marker."""
        del self.on[answer][giver], self.held[giver][answer]
        self.loads[giver] -= 1

    @property
    def spread(self) -> int:
        """The heaviest load less the lightest."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def even_out(placements: Placements) -> None:
    """Make the loads as even as what is barred allows.

    A load is too heavy while a chain of hand-overs leads from its marker to one with at least two fewer. When none is
    left the sum of squared loads is least (Harvey and others, "Semi-matchings for bipartite graphs and load
    balancing", 2006). Once the heaviest marker finds no chain, nobody she reaches can gain by one either.
    """
    waiting = dict.fromkeys(placements.loads)
    while waiting:
        heaviest = max(waiting, key=placements.loads.__getitem__)
        if placements.loads[heaviest] - min(placements.loads[marker] for marker in waiting) < _UNEVEN:
            return
        came_from, end = _search(placements, heaviest)
        if end is None:
            for marker in came_from:
                waiting.pop(marker, None)
        else:
            _hand_over(placements, came_from, end)


def trim(placements: Placements, cap: int, draw: bytes) -> None:
    """Take away what lies above the cap: first answers with the most markers, by lot among equals.

    Call it on even loads: the sum of what lies above any cap is then the least there can be.
    """
    for marker, load in list(placements.loads.items()):
        if load > cap:
            held = sorted(placements.held[marker], key=lambda each: lot(draw, b"cap", each[0], each[1].encode()))
            held.sort(key=lambda each: -len(placements.on[each]))
            for answer in held[: load - cap]:
                placements.take(answer, marker)


def level(placements: Placements, demand: Mapping[Answer, int]) -> None:
    """Spread what a cap left unmarked: an answer that lacks two markers more than another gets one of its markers.

    Nobody's load changes. Only what is barred can keep two answers further apart than one marker.
    """
    lacking = dict(demand)
    for held in placements.held.values():
        for answer in held:
            lacking[answer] -= 1
    at_first = dict(lacking)
    richest_first = sorted(at_first, key=at_first.__getitem__)
    for poor in reversed(richest_first):
        for rich in richest_first:
            if lacking[poor] - at_first[rich] < _UNEVEN:
                break
            if lacking[poor] - lacking[rich] >= _UNEVEN and _give_up(placements, rich, poor):
                lacking[rich] += 1
                lacking[poor] -= 1


def _give_up(placements: Placements, rich: Answer, poor: Answer) -> bool:
    """Whether a marker of the one could be placed on the other instead."""
    for marker in placements.on[rich]:
        if rich in placements.held[marker] and placements.may(marker, poor):
            placements.take(rich, marker)
            placements.give(poor, marker)
            return True
    return False


_Steps: TypeAlias = dict[MarkerId, tuple[MarkerId, Answer] | None]


def _search(placements: Placements, start: MarkerId) -> tuple[_Steps, MarkerId | None]:
    """Breadth first from a heavy marker: how each marker was reached, and the first one light enough, if any."""
    came_from: _Steps = {start: None}
    queue = [start]
    for giver in queue:
        for taker, answer in _takers(placements, giver, came_from):
            came_from[taker] = (giver, answer)
            if placements.loads[taker] <= placements.loads[start] - _UNEVEN:
                return came_from, taker
            queue.append(taker)
    return came_from, None


def _takers(placements: Placements, giver: MarkerId, reached: _Steps) -> Iterator[tuple[MarkerId, Answer]]:
    unreached = [marker for marker in placements.loads if marker not in reached]
    for answer in placements.held[giver]:
        for taker in [marker for marker in unreached if placements.may(marker, answer)]:
            unreached.remove(taker)
            yield taker, answer
        if not unreached:
            return


def _hand_over(placements: Placements, came_from: _Steps, end: MarkerId) -> None:
    taker = end
    while (step := came_from[taker]) is not None:
        giver, answer = step
        placements.move(answer, giver, taker)
        taker = giver
