"""Whether a marker became more severe or more lenient on the way, by the order in which she met the answers.

No times are kept, so that nothing says who was on when: her own order is all there is to go by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from panel.blind.consistency.estimate import ENOUGH, Estimate, mean, slope

_THIRDS: Final = 3


@dataclass(frozen=True)
class Drift:
    """`change` is the fitted change of her difference from co-markers, from her first answer to her last, in points.

    `thirds` are her mean differences over the first, the middle and the last third; None while a third is too thin.
    """

    change: Estimate
    thirds: tuple[Estimate, ...] | None


def drift(differences: Sequence[tuple[int, Fraction]]) -> Drift | None:
    """From (position, difference from co-markers on the same answer); None with too few answers."""
    ordered = sorted(differences)
    steep = slope([(float(position), float(gap)) for position, gap in ordered])
    if steep is None:
        return None
    way = ordered[-1][0] - ordered[0][0]
    return Drift(Estimate(steep.value * way, steep.error * way, steep.freedom), _thirds([gap for _, gap in ordered]))


def _thirds(gaps: Sequence[Fraction]) -> tuple[Estimate, ...] | None:
    cuts = [len(gaps) * n // _THIRDS for n in range(_THIRDS + 1)]
    found = [mean([float(gap) for gap in gaps[start:end]], ENOUGH) for start, end in pairwise(cuts)]
    whole = tuple(each for each in found if each is not None)
    return whole if len(whole) == _THIRDS else None
