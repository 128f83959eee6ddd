"""Who marks which answer: balanced, connected, repeatable from the draw, and true to every declared exclusion."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final, TypeAlias

from panel.blind.allocation.balance import Able, Answer, Barred, Placements, even_out, level, trim
from panel.blind.allocation.lots import lot, shuffled
from panel.blind.allocation.overlap import join
from panel.blind.allocation.sharing import Units
from panel.blind.allocation.shortfall import Shortfall
from panel.board.conduct import Sharing
from panel.kernel.ids import MarkerId, SubmissionRef

#: A marker with a declared exclusion leaves at least this many submissions unmarked, so that none points at a person.
UNMARKED: Final = 3

_Seats: TypeAlias = list[tuple[int, bytes, MarkerId]]


@dataclass(frozen=True)
class Rules:
    """What holds for every placement: who may mark what (everybody everything, if nothing is said), and the most."""

    able: Able | None = None
    cap: int | None = None


#: No rules.
FREE: Final = Rules()


@dataclass(frozen=True)
class Assignment:
    """Markers for every answer, and what could not be placed."""

    markers: Mapping[Answer, tuple[MarkerId, ...]]
    shortfall: Shortfall
    spread: int

    def each(self, units: Units, answers: Mapping[Answer, int]) -> "Assignment":
        """The same for each answer, where units were placed."""
        markers = units.spread_out(self.markers, answers)
        lacks = Counter(wanted - len(markers[answer]) for answer, wanted in answers.items())
        return Assignment(markers, Shortfall.of(lacks), self.spread * units.size)

    def marked(self) -> Mapping[MarkerId, set[SubmissionRef]]:
        """For each marker the submissions of which she meets at least one answer."""
        met: dict[MarkerId, set[SubmissionRef]] = defaultdict(set)
        for (ref, _criterion), markers in self.markers.items():
            for marker in markers:
                met[marker].add(ref)
        return met


def assign(
    refs: Iterable[SubmissionRef],
    criteria: Sequence[str],
    markers: Iterable[MarkerId],
    exclusions: Barred,
    *,
    per_answer: int,
    draw: bytes,
    able: Able | None = None,
    sharing: Sharing = Sharing.ANSWER,
    cap: int | None = None,
) -> Assignment:
    """Give every answer its markers, one by one, or all of a submission to the same ones.

    Only who has qualified for a criterion gets answers to it, or everybody if `able` does not say.

    Loads differ by at most one answer (or one submission) where the exclusions allow, and are as even as they allow
    elsewhere. The same input gives the same result in whatever order it comes. An answer with too few markers left
    gets all who are left; nobody gets more answers than the cap.
    """
    panel = dict.fromkeys(markers, 0)
    pool = shuffled(draw, b"submission", set(refs))
    answers = {(ref, criterion): per_answer for criterion in criteria for ref in pool}
    units = Units.of(sharing, criteria)
    demand, rules = units.gather(answers), Rules(units.able(able, criteria), units.limit(cap))
    plain = place(demand, exclusions, panel, draw, rules, connected=True)
    return _covered(plain, demand, exclusions, panel, draw, rules).each(units, answers)


def place(
    demand: Mapping[Answer, int],
    barred: Barred,
    loads: Mapping[MarkerId, int],
    draw: bytes,
    rules: Rules = FREE,
    *,
    taken: Mapping[Answer, Iterable[MarkerId]] | None = None,
    connected: bool = False,
) -> Assignment:
    """Place markers who already carry `loads` on answers that still want some: at first, or after somebody dropped out.

    `barred` holds for every answer of a submission, `taken` are those who have or had the answer already: neither is
    placed on it. With `connected`, the overlap of the panel is joined up too. Nobody is brought above the cap.
    """
    panel = shuffled(draw, b"marker", loads)
    placements = Placements(
        {marker: loads[marker] for marker in panel},
        barred,
        {answer: dict.fromkeys((taken or {}).get(answer, ())) for answer in demand},
        {marker: {} for marker in panel},
        rules.able,
    )
    _fill(placements, demand, draw)
    even_out(placements)
    if rules.cap is not None:
        trim(placements, rules.cap, draw)
        level(placements, demand)
    if connected:
        join(placements)
    return _result(placements, demand)


def _fill(placements: Placements, demand: Mapping[Answer, int], draw: bytes) -> None:
    """Each answer takes the least loaded who may; among equals the lot decides, anew after every answer."""
    seats: _Seats = [(load, lot(draw, b"first", marker), marker) for marker, load in placements.loads.items()]
    heapify(seats)
    for answer, wanted in demand.items():
        taken, passed = _pick(seats, placements, answer, wanted)
        for load, _lot, marker in taken:
            placements.give(answer, marker)
            heappush(seats, (load + 1, lot(draw, marker, answer[0], answer[1].encode()), marker))
        for seat in passed:
            heappush(seats, seat)


def _pick(seats: _Seats, placements: Placements, answer: Answer, wanted: int) -> tuple[_Seats, _Seats]:
    taken: _Seats = []
    passed: _Seats = []
    while seats and len(taken) < wanted:
        seat = heappop(seats)
        (taken if placements.may(seat[2], answer) else passed).append(seat)
    return taken, passed


def _result(placements: Placements, demand: Mapping[Answer, int]) -> Assignment:
    placed: dict[Answer, list[MarkerId]] = {answer: [] for answer in demand}
    for marker, answers in placements.held.items():
        for answer in answers:
            placed[answer].append(marker)
    markers = {answer: tuple(markers) for answer, markers in placed.items()}
    lacking = Shortfall.of(Counter(wanted - len(markers[answer]) for answer, wanted in demand.items()))
    return Assignment(markers, lacking, placements.spread)


def _covered(
    plain: Assignment,
    demand: Mapping[Answer, int],
    exclusions: Barred,
    panel: Mapping[MarkerId, int],
    draw: bytes,
    rules: Rules,
) -> Assignment:
    """Hide each exclusion among UNMARKED submissions its marker leaves alone, where that costs no marker or balance."""
    excluded = shuffled(draw, b"cover", {marker for barred in exclusions.values() for marker in barred} & set(panel))
    refs = {ref for ref, _criterion in demand}
    best, barred = plain, exclusions
    if not all(len(refs - marked) >= UNMARKED for marked in map(plain.marked().__getitem__, excluded)):
        for marker in excluded:
            trial = cover(barred, marker, refs, panel, draw)
            tried = place(demand, trial, panel, draw, rules, connected=True)
            if tried.shortfall == plain.shortfall and tried.spread <= max(plain.spread, 1):
                best, barred = tried, trial
    return best


def cover(
    barred: Barred, marker: MarkerId, refs: Iterable[SubmissionRef], panel: Iterable[MarkerId], draw: bytes
) -> dict[SubmissionRef, Set[MarkerId]]:
    """Bar the marker from more submissions, up to UNMARKED, first from those that have the most markers left."""
    panel = set(panel)
    open_to_her = [ref for ref in refs if marker not in barred.get(ref, ())]
    open_to_her.sort(key=lambda ref: (-len(panel.difference(barred.get(ref, ()))), lot(draw, marker, ref)))
    left_alone = sum(marker in markers for markers in barred.values())
    more = open_to_her[: max(0, UNMARKED - left_alone)]
    return dict(barred) | {ref: {*barred.get(ref, ()), marker} for ref in more}
