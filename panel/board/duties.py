"""Duties apart: which parts of one board the same person may never hold together. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations
from typing import Final

from panel.kernel.errors import Invalid


class Part(StrEnum):
    """What a person can be on a board. All but the candidate are roles in access."""

    CANDIDATE = "candidate"
    HR = "hr"
    MARKER = "marker"
    CHAIR = "chair"
    DEPUTY = "deputy"
    CUSTODIAN = "custodian"
    NEXT_CUSTODIAN = "next-custodian"
    NEXT_LEADER = "next-leader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def phrase(self) -> str:
        """As screens call it, with its article."""
        return _PHRASES[self]


_PHRASES: Final = {
    Part.CANDIDATE: "a candidate",
    Part.HR: "HR",
    Part.MARKER: "a panel member",
    Part.CHAIR: "the chair",
    Part.DEPUTY: "a deputy",
    Part.CUSTODIAN: "a custodian",
    Part.NEXT_CUSTODIAN: "a custodian’s successor",
    Part.NEXT_LEADER: "the successor of the chair or a deputy",
    Part.AUDITOR: "the auditor",
    Part.ADMINISTRATOR: "an administrator",
}

# who waits for a seat is kept apart like those who sit there
_LEADERS: Final = (Part.CHAIR, Part.DEPUTY, Part.NEXT_LEADER)
_CUSTODIANS: Final = (Part.CUSTODIAN, Part.NEXT_CUSTODIAN)
_PANEL: Final = (Part.MARKER, *_LEADERS)


class DutiesApart(Invalid):
    """The person holds a part that excludes the one to be given."""

    sentence = "This person holds another part on this board that excludes this one."


def _pairs() -> Iterable[tuple[Part, Part]]:
    yield from ((Part.CANDIDATE, other) for other in Part if other is not Part.CANDIDATE)
    yield from ((Part.AUDITOR, other) for other in Part if other is not Part.AUDITOR)
    yield from ((custodian, other) for custodian in _CUSTODIANS for other in _PANEL)
    yield _CUSTODIANS
    yield from ((leader, Part.MARKER) for leader in _LEADERS)
    # two seats of the panel are two people: otherwise a declared chair would leave nobody to decide
    yield from combinations(_LEADERS, 2)
    yield from ((staff, other) for staff in (Part.HR, Part.ADMINISTRATOR) for other in _PANEL)


#: Every pair that one person may not hold on one board.
APART: Final = frozenset(frozenset(pair) for pair in _pairs())


def clashes(parts: Iterable[Part]) -> tuple[tuple[Part, Part], ...]:
    """The pairs among one person's parts that exclude each other, in the order of `Part`."""
    ordered = sorted(set(parts), key=list(Part).index)
    return tuple(pair for pair in combinations(ordered, 2) if frozenset(pair) in APART)


def check(held: Iterable[Part], part: Part, where: str = "this board") -> None:
    """Refuse to give `part` to a person who holds `held`. Raises DutiesApart, saying which two exclude each other."""
    for other in sorted(set(held) - {part}, key=list(Part).index):
        if frozenset((other, part)) in APART:
            raise DutiesApart(f"This person is {other.phrase} of {where}, and so cannot be {part.phrase} too.")


def problems(people: Iterable[Iterable[Part]]) -> tuple[str, ...]:
    """What is wrong on a board, given everybody's parts. A sentence for each kind; names nobody: the chair reads it."""
    kinds = {clash for held in people for clash in clashes(held)}
    ordered = sorted(kinds, key=lambda clash: [list(Part).index(part) for part in clash])
    return tuple(f"Somebody is {one.phrase} and {other.phrase}. One of the two must end." for one, other in ordered)
