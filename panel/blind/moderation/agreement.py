"""How well markers agree: two exact coefficients for people to read. No score depends on them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate


def alpha(units: Iterable[Sequence[int]]) -> Fraction | None:
    """Krippendorff's alpha for ordinal scores: 1 is perfect agreement, 0 what chance would give.

    `units` are the scores each answer got, in any order; answers with fewer than two say nothing. None when there is
    nothing to compare, or when all scores are one value and chance is undefined.
    Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), with its ordinal difference.
    """
    pairable = [Counter(unit) for unit in units if len(unit) > 1]
    counts: Counter[int] = sum(pairable, Counter())
    distance = _ordinal_distances(counts)
    expected = sum((counts[a] * counts[b] * far for (a, b), far in distance.items()), Fraction(0))
    if not expected:
        return None
    observed = sum((_within(unit, distance) / (unit.total() - 1) for unit in pairable), Fraction(0))
    return 1 - (counts.total() - 1) * observed / expected


def _within(unit: Counter[int], distance: Mapping[tuple[int, int], Fraction]) -> Fraction:
    return sum((unit[a] * unit[b] * distance[a, b] for a in unit for b in unit if a < b), Fraction(0))


def _ordinal_distances(counts: Mapping[int, int]) -> dict[tuple[int, int], Fraction]:
    """How far apart two scores are in ranks: all the scores from one to the other, half of each end."""
    values = sorted(counts)
    up_to = dict(zip(values, accumulate(counts[value] for value in values), strict=True))
    middle = {value: up_to[value] - Fraction(counts[value], 2) for value in values}
    return {(a, b): (middle[b] - middle[a]) ** 2 for a in values for b in values if a < b}


def kappa(pairs: Iterable[tuple[int, int]]) -> Fraction | None:
    """Quadratic-weighted kappa of two markers over the answers both marked; None when it is undefined.

    `pairs` are (first marker's score, second marker's score). Source: J. Cohen, Weighted kappa (1968).
    """
    scored = list(pairs)
    first, second = Counter(a for a, _ in scored), Counter(b for _, b in scored)
    observed = sum((a - b) ** 2 for a, b in scored)
    expected = sum(n * m * (a - b) ** 2 for a, n in first.items() for b, m in second.items())
    return 1 - Fraction(observed * len(scored), expected) if expected else None
