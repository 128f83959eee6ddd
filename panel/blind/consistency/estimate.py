"""A figure with its interval, as the chair reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Final

from panel.blind.consistency.quantiles import student

#: Fewer answers than this, and a figure says more about chance than about markers: it is not shown.
ENOUGH: Final = 10


@dataclass(frozen=True)
class Estimate:
    """A value, its standard error, and the degrees of freedom behind the error."""

    value: float
    error: float
    freedom: int

    @property
    def half(self) -> float:
        """Half the width of the 95% interval."""
        return student(self.freedom) * self.error

    @property
    def low(self) -> float:
        """The lower end of the 95% interval."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """The upper end of the 95% interval."""
        return self.value + self.half

    @property
    def clear(self) -> bool:
        """Whether the whole interval lies on one side of nought."""
        return self.low > 0 or self.high < 0


def mean(values: Sequence[float], enough: int = ENOUGH) -> Estimate | None:
    """The mean of independent values with Student's interval; None with fewer values than are enough."""
    count = len(values)
    if count < max(enough, 2):
        return None
    middle = fsum(values) / count
    spread = fsum((value - middle) ** 2 for value in values) / (count - 1)
    return Estimate(middle, sqrt(spread / count), count - 1)


def slope(points: Sequence[tuple[float, float]], enough: int = ENOUGH) -> Estimate | None:
    """The least-squares slope through (x, y) with its interval; None with too few points, or all at one x."""
    count = len(points)
    if count < max(enough, 3):
        return None
    at, level = fsum(x for x, _ in points) / count, fsum(y for _, y in points) / count
    width = fsum((x - at) ** 2 for x, _ in points)
    if not width:
        return None
    steep = fsum((x - at) * (y - level) for x, y in points) / width
    left = fsum((y - level - steep * (x - at)) ** 2 for x, y in points)
    return Estimate(steep, sqrt(left / (count - 2) / width), count - 2)
