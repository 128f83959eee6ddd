"""Intraclass correlation: the share of the differences between marks that lies between answers, not between markers.

Forms and intervals: P. Shrout and J. Fleiss (1979); K. McGraw and S. Wong (1996). Bands: T. Koo and M. Li (2016).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from panel.blind.consistency.quantiles import fisher

_BANDS: Final = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"))
_FEWEST: Final = 2


@dataclass(frozen=True)
class Icc:
    """One form by its name, with its 95% interval."""

    form: str
    value: float
    low: float
    high: float

    @property
    def bands(self) -> str:
        """What the interval spans in words, read on its ends and not on the point between them."""
        low, high = band(self.low), band(self.high)
        return low if low == high else f"{low} to {high}"


def band(value: float) -> str:
    """Poor below 0.5, moderate below 0.75, good to 0.9, excellent above."""
    return next((word for limit, word in _BANDS if value < limit), "good" if value <= _BANDS[-1][0] else "excellent")


def one_way(units: Iterable[Sequence[int]]) -> Icc | None:
    """ICC(1): one mark of any marker, where every answer may have markers of its own.

    `units` are the scores each answer got; answers with fewer than two say nothing. With unequal counts the mean count
    of the analysis of variance stands for all, and the interval is approximate. None if there is nothing to compare.
    """
    pairable = [unit for unit in units if len(unit) >= _FEWEST]
    marks = sum(map(len, pairable))
    if len(pairable) < _FEWEST:
        return None
    between, within = _squares(pairable)
    answers_freedom, marks_freedom = len(pairable) - 1, marks - len(pairable)
    each = (marks - Fraction(sum(len(unit) ** 2 for unit in pairable), marks)) / answers_freedom
    between, within = between / answers_freedom, within / marks_freedom
    if not between + (each - 1) * within:
        return None
    value = float((between - within) / (between + (each - 1) * within))
    if not within:
        return Icc("ICC(1)", value, value, value)
    ratio, count = float(between / within), float(each)
    low = ratio / fisher(answers_freedom, marks_freedom)
    high = ratio * fisher(marks_freedom, answers_freedom)
    return Icc("ICC(1)", value, (low - 1) / (low + count - 1), (high - 1) / (high + count - 1))


def absolute(table: Sequence[Sequence[int]]) -> Icc | None:
    """ICC(A,1): one mark, absolute agreement, where the same markers marked every answer, in the same order in `table`.

    Shrout and Fleiss call it ICC(2,1). None with fewer than two answers or markers, or without any difference.
    """
    answers, markers = len(table), len(table[0]) if table else 0
    if answers < _FEWEST or markers < _FEWEST:
        return None
    rows, columns, rest = _two_way(table)
    below = rows + (markers - 1) * rest + Fraction(markers, answers) * (columns - rest)
    if not below:
        return None
    exact = (rows - rest) / below
    if exact == 1:
        return Icc("ICC(A,1)", 1.0, 1.0, 1.0)
    low, high = _interval(float(exact), float(rows), float(columns), float(rest), (answers, markers))
    return Icc("ICC(A,1)", float(exact), low, high)


def of_mean(single: Icc, count: int) -> Icc:
    """The same for the mean of so many marks, which is the score that counts (Spearman and Brown)."""

    def up(value: float) -> float:
        return count * value / (1 + (count - 1) * value)

    form = f"{single.form.removesuffix(')').removesuffix(',1')},{count})"
    return Icc(form, up(single.value), up(single.low), up(single.high))


def _squares(units: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction]:
    """Sums of squares between answers and within them."""
    marks = sum(map(len, units))
    grand = Fraction(sum(map(sum, units)) ** 2, marks)
    means = sum((Fraction(sum(unit) ** 2, len(unit)) for unit in units), Fraction(0))
    return means - grand, sum(score**2 for unit in units for score in unit) - means


def _two_way(table: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction, Fraction]:
    """Mean squares of answers, of markers and of what is left."""
    answers, markers = len(table), len(table[0])
    between, within = _squares(table)
    columns = _squares(list(zip(*table, strict=True)))[0]
    rest = (within - columns) / ((answers - 1) * (markers - 1))
    return between / (answers - 1), columns / (markers - 1), rest


def _interval(value: float, rows: float, columns: float, rest: float, size: tuple[int, int]) -> tuple[float, float]:
    """The interval of McGraw and Wong (1996), table 7."""
    n, k = size
    a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
    freedom = (a * columns + b * rest) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1)))
    mixed = k * columns + (k * n - k - n) * rest
    down, up = fisher(n - 1, freedom), fisher(freedom, n - 1)
    low = n * (rows - down * rest) / (down * mixed + n * rows)
    high = n * (up * rows - rest) / (mixed + n * up * rows)
    return low, high
