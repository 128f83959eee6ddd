"""A quiz: the order its questions are asked in, how an attempt is marked, and until when passing it counts."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom
from typing import Final

_MONTHS: Final = 12


def shuffled(count: int) -> tuple[int, ...]:
    """The places 0 to `count` - 1 in an order drawn from the operating system's randomness."""
    return tuple(SystemRandom().sample(range(count), count))


@dataclass(frozen=True)
class Score:
    """How many of the questions were answered rightly, and whether that is enough."""

    right: int
    asked: int
    pass_percent: int

    @property
    def needed(self) -> int:
        """The fewest right answers that pass."""
        return -(-self.asked * self.pass_percent // 100)

    @property
    def passed(self) -> bool:
        return self.right >= self.needed


def mark(right: Sequence[int], chosen: Sequence[int], pass_percent: int) -> Score:
    """Compare the options chosen with the right ones, both in one order. Raises ValueError if their number differs."""
    agreeing = sum(a == b for a, b in zip(right, chosen, strict=True))
    return Score(agreeing, len(right), pass_percent)


def expiry(completed_on: date, months: int) -> date:
    """The last day on which a completion counts: the same day `months` later, or the last of a shorter month."""
    years, month = divmod(completed_on.month - 1 + months, _MONTHS)
    year, month = completed_on.year + years, month + 1
    return date(year, month, min(completed_on.day, monthrange(year, month)[1]))
