"""A quiz: the questions drawn for an attempt, how it is marked, how many there may be, until when passing counts."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom
from typing import Final

_MONTHS: Final = 12


def drawn(bank: int, asked: int) -> tuple[int, ...]:
    """`asked` of the places 0 to `bank` - 1, chosen and ordered by the operating system's randomness; all, if fewer."""
    return tuple(SystemRandom().sample(range(bank), min(asked, bank)))


@dataclass(frozen=True)
class Tries:
    """One marker's attempts at one quiz. `passed`: each attempt in order, None for one that is begun and not sent.

    `limit`: how many there are before HR gives another; 0 for no limit. `further`: the numbers of those that HR gave.
    """

    passed: tuple[bool | None, ...] = ()
    limit: int = 0
    further: frozenset[int] = frozenset()

    @property
    def used(self) -> int:
        """How many were sent since she last passed: whoever passed and must renew begins anew."""
        since = next((n for n, passed in enumerate(reversed(self.passed)) if passed), len(self.passed))
        return sum(passed is not None for passed in self.passed[len(self.passed) - since :])

    @property
    def next(self) -> int:
        """The number of the attempt that would begin now, counted from 1."""
        return len(self.passed) + 1

    @property
    def left(self) -> bool:
        """Whether she may begin another, or go on with one."""
        under_way = bool(self.passed) and self.passed[-1] is None
        return under_way or not self.limit or self.used < self.limit or self.next in self.further

    @property
    def remaining(self) -> int:
        """How many more she has by the course's own limit."""
        return max(0, self.limit - self.used)


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
