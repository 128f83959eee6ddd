"""What was found: where, and what; and what was met where it belongs, which shows that the search works."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from panel.blindcheck.canaries import Family
from panel.blindcheck.rules import Looking, Part, may_meet, together
from panel.blindcheck.scanner import Hit
from panel.board.lifecycle import Stage


@dataclass(frozen=True, order=True)
class Finding:
    """One leak, or one promise that does not hold."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass
class Findings:
    """Collects findings, each once, and what was met where it may be. `visited`: route and method by part."""

    found: set[Finding] = field(default_factory=set)
    met: set[tuple[str, Family]] = field(default_factory=set)
    visited: set[tuple[Part, str]] = field(default_factory=set)
    looked_through: int = 0

    def note(self, place: str, what: str) -> None:
        """One thing that is not as it must be."""
        self.found.add(Finding(place, what))

    def judge(self, place: str, looking: Looking, hits: Iterable[Hit]) -> None:
        """Somebody met these on a page: what she may not meet is noted, and of whom she met too much."""
        held = list(hits)
        for hit in held:
            if may_meet(looking, hit.canary):
                self.met.add((looking.part, hit.canary.family))
            else:
                self.note(place, str(hit))
        hers = {looking.person} if looking.person is not None else set()
        if not looking.stage.reached(Stage.UNSEALED):
            self.joined(place, [hit for hit in held if hit.canary.person not in hers])

    def kept(self, place: str, where: str, hits: Iterable[Hit], *allowed: Family) -> None:
        """These were found in something that outlives a request and may hold these families, but never both sides."""
        held = list(hits)
        for hit in held:
            if hit.canary.family in allowed:
                self.met.add((where, hit.canary.family))
            else:
                self.note(place, str(hit))
        self.joined(place, held)

    def joined(self, place: str, hits: Iterable[Hit]) -> None:
        """Note every candidate of whom both sides stand in one place."""
        for person in together(hits):
            self.note(place, f"who candidate {person + 1} is stands beside what she wrote or a code of hers")
