"""By answer or by whole submission: what the allocator places as one, and what that means for each answer. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from panel.blind.allocation.balance import Able, Answer
from panel.board.conduct import Sharing
from panel.kernel.ids import MarkerId

#: What stands for all criteria of a submission that is placed as one.
_ALL: Final = ""


@dataclass(frozen=True)
class Units:
    """How answers are gathered into what is placed as one. `size` is how many answers it holds at most."""

    sharing: Sharing
    size: int

    @classmethod
    def of(cls, sharing: Sharing, criteria: Sequence[str]) -> "Units":
        """For a board with these criteria."""
        return cls(sharing, len(criteria) if sharing is Sharing.SUBMISSION else 1)

    def limit(self, cap: int | None) -> int | None:
        """A cap in answers, as so many units."""
        return None if cap is None else cap // max(1, self.size)

    def loads(self, loads: Mapping[MarkerId, int]) -> dict[MarkerId, int]:
        """Loads in answers, as so many units."""
        return {marker: -(-load // max(1, self.size)) for marker, load in loads.items()}

    def able(self, able: Able | None, criteria: Sequence[str]) -> Able | None:
        """Who may be given which units: a whole submission only who has qualified for every criterion."""
        if able is None or self.sharing is Sharing.ANSWER:
            return able
        return {marker: {_ALL} if set(criteria) <= known else set() for marker, known in able.items()}

    def gather(self, demand: Mapping[Answer, int]) -> dict[Answer, int]:
        """As many markers for a submission as the answer of it that wants most."""
        found: dict[Answer, int] = {}
        for answer, wanted in demand.items():
            unit = self._unit(answer)
            found[unit] = max(found.get(unit, 0), wanted)
        return found

    def taken(
        self, taken: Mapping[Answer, Iterable[MarkerId]], demand: Mapping[Answer, int]
    ) -> dict[Answer, set[MarkerId]]:
        """Who has or had one of the answers that want markers."""
        found: dict[Answer, set[MarkerId]] = {}
        for answer in demand:
            found.setdefault(self._unit(answer), set()).update(taken.get(answer, ()))
        return found

    def spread_out(
        self, placed: Mapping[Answer, Sequence[MarkerId]], demand: Mapping[Answer, int]
    ) -> dict[Answer, tuple[MarkerId, ...]]:
        """The markers of each answer."""
        return {answer: tuple(placed.get(self._unit(answer), ()))[:wanted] for answer, wanted in demand.items()}

    def _unit(self, answer: Answer) -> Answer:
        return (answer[0], _ALL) if self.sharing is Sharing.SUBMISSION else answer
