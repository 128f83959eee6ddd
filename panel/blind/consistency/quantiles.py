"""Quantiles of Student's and Fisher's distributions, for intervals people read. Floats: no score depends on them."""

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from typing import Final

#: Intervals cover this share of what chance alone does.
COVERED: Final = 0.95
_UPPER: Final = (1 + COVERED) / 2
_TINY: Final = 1e-300
_CLOSE: Final = 1e-15
_TERMS: Final = 10_000
_HALF: Final = 0.5


def student(freedom: float, probability: float = _UPPER) -> float:
    """Student's t below which it lies with this probability, which is 1/2 or more."""
    tail = _beta_quantile(freedom / 2, 0.5, 2 * (1 - probability))
    return sqrt(freedom * (1 - tail) / tail)


def fisher(first: float, second: float, probability: float = _UPPER) -> float:
    """Fisher's F of these degrees of freedom below which it lies with this probability."""
    share = _beta_quantile(first / 2, second / 2, probability)
    if share < _HALF:
        return second * share / (first * (1 - share))
    # close to one, what is left to one would be lost in the difference: it is found by itself
    left = _beta_quantile(second / 2, first / 2, 1 - probability)
    return second * (1 - left) / (first * left)


@lru_cache(maxsize=1024)
def _beta_quantile(a: float, b: float, probability: float) -> float:
    """By halving: some fifty steps, whatever the shape."""
    low, high = 0.0, 1.0
    while high - low > _CLOSE * high:
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if beta_share(a, b, middle) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction, on the side where that converges fast.

    Source: W. Press and others, Numerical Recipes (2007), section 6.4.
    """
    if x in {0.0, 1.0}:
        return x
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / _away(1 + part * d)
            c = _away(1 + part / c)
            found *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return found


def _away(value: float) -> float:
    """Never quite zero, so that it can be divided by."""
    return value if abs(value) > _TINY else _TINY
