"""Did one group pass less often than the others? Rates, ratio, exact tests and intervals, for people to read. Pure.

The four-fifths rule is a rule of thumb of another country and raises false alarms on small numbers (2 of 10 against
1 of 10), so a ratio never stands alone: the exact test and the interval stand beside it, and below `SMALLEST_BASE`
nothing but "too few to say".
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb
from typing import Final

from panel.kernel.errors import Malformed

#: No rate is shown on fewer people than this: a percentage on a base under 22.5 says more than it knows.
SMALLEST_BASE: Final = 23
#: The normal quantile of a two-sided 95 per cent interval.
_Z: Final = Decimal("1.959963984540054")
_DIGITS: Final = 40


class ImpossibleCounts(Malformed):
    """More people passed than applied, or a count is below zero."""

    sentence = "More people cannot pass than applied."


@dataclass(frozen=True)
class Outcome:
    """How many of a group applied and how many of them passed. Raises ImpossibleCounts."""

    applied: int
    passed: int

    def __post_init__(self) -> None:
        if not 0 <= self.passed <= self.applied:
            raise ImpossibleCounts

    @property
    def failed(self) -> int:
        """How many did not pass."""
        return self.applied - self.passed

    @property
    def rate(self) -> Fraction | None:
        """The share that passed; None if nobody applied."""
        return Fraction(self.passed, self.applied) if self.applied else None

    def __sub__(self, other: "Outcome") -> "Outcome":
        """Everyone but the other group."""
        return Outcome(self.applied - other.applied, self.passed - other.passed)


@dataclass(frozen=True)
class Interval:
    """Where the true rate lies, with 95 per cent confidence; both ends between 0 and 1."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Comparison:
    """One group beside everyone else. `ratio` is None when nobody else passed."""

    group: Outcome
    others: Outcome
    ratio: Fraction | None
    exact: Fraction
    mid: Fraction
    interval: Interval


def compare(group: Outcome, others: Outcome) -> Comparison | None:
    """The comparison, or None: too few to say."""
    if min(group.applied, others.applied) < SMALLEST_BASE:
        return None
    return Comparison(group, others, ratio(group, others), fisher(group, others), mid_p(group, others), wilson(group))


def ratio(group: Outcome, others: Outcome) -> Fraction | None:
    """The group's rate over the others' rate; None if either has no rate or the others' is zero."""
    if group.rate is None or not others.rate:
        return None
    return group.rate / others.rate


def fisher(group: Outcome, others: Outcome) -> Fraction:
    """Fisher's exact test, two-sided: the chance of a table at most as likely as this one, were the groups alike."""
    rarer, equal, every = _weights(group, others)
    return Fraction(rarer + equal, every)


def mid_p(group: Outcome, others: Outcome) -> Fraction:
    """Fisher's test with half weight to equally likely tables, because the full test is cautious."""
    rarer, equal, every = _weights(group, others)
    return Fraction(2 * rarer + equal, 2 * every)


def wilson(group: Outcome) -> Interval:
    """Wilson's score interval at 95 per cent; from 0 to 1 if nobody applied."""
    if not group.applied:
        return Interval(Decimal(0), Decimal(1))
    with localcontext(prec=_DIGITS):
        n, share = Decimal(group.applied), Decimal(group.passed) / group.applied
        scale = 1 + _Z**2 / n
        middle = (share + _Z**2 / (2 * n)) / scale
        reach = _Z * (share * (1 - share) / n + _Z**2 / (4 * n**2)).sqrt() / scale
        low = Decimal(0) if group.passed == 0 else max(Decimal(0), middle - reach)
        high = Decimal(1) if group.failed == 0 else min(Decimal(1), middle + reach)
    return Interval(low, high)


def _weights(group: Outcome, others: Outcome) -> tuple[int, int, int]:
    """Over all tables with the same margins: how many ways are rarer, equally likely, and in all. Whole numbers."""
    passed = group.passed + others.passed
    lowest, highest = max(0, passed - others.applied), min(passed, group.applied)
    ways = {k: comb(group.applied, k) * comb(others.applied, passed - k) for k in range(lowest, highest + 1)}
    seen = ways[group.passed]
    rarer = sum(way for way in ways.values() if way < seen)
    equal = sum(way for way in ways.values() if way == seen)
    return rarer, equal, sum(ways.values())
