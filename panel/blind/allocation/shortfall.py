"""How many answers lack how many markers. Never which, and never why: either would point at a declared exclusion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Shortfall:
    """Counts only: for each number of lacking markers, ascending, how many answers lack that many."""

    lacks: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, answers: Mapping[int, int]) -> Self:
        """From the number of answers for each number of lacking markers; what lacks none or fewer is left out."""
        return cls(tuple(sorted((lacking, count) for lacking, count in answers.items() if lacking > 0 and count > 0)))

    def __bool__(self) -> bool:
        return bool(self.lacks)

    def or_worse(self, other: Self) -> Self:
        """Whichever leaves more unmarked: two reasons for a lack that cannot be told apart from counts."""
        return max(self, other, key=lambda each: sum(lacking * answers for lacking, answers in each.lacks))

    @property
    def answers(self) -> int:
        """How many answers lack at least one marker."""
        return sum(answers for _lacking, answers in self.lacks)

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence for each number of lacking markers, to show to HR or the chair."""
        return tuple(_sentence(lacking, answers) for lacking, answers in self.lacks)


def _sentence(lacking: int, answers: int) -> str:
    who = "1 answer lacks" if answers == 1 else f"{answers} answers lack"
    what = "1 marker" if lacking == 1 else f"{lacking} markers"
    return f"{who} {what}."
