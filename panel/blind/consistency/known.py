"""A marker's marks beside scores that were known before: the agreed ones of seeds, her own earlier ones of repeats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from panel.blind.consistency.estimate import Estimate, mean
from panel.blind.consistency.marks import in_letter_order
from panel.blind.moderation.agreement import kappa

#: Seeds and repeats are few by design; fewer than this of one marker, and nothing is shown of them.
ENOUGH_KNOWN: Final = 5


@dataclass(frozen=True)
class KnownLine:
    """One marker under her letter.

    `gap` is the mean difference of what she gave from what was known, `within` how many were within the tolerance,
    `agreement` the quadratic-weighted kappa. All are None with too few, and `agreement` also where it is undefined.
    """

    letter: str
    count: int
    within: int | None
    gap: Estimate | None
    agreement: Fraction | None


def known_lines(pairs: Mapping[str, Iterable[tuple[int, int]]], tolerance: int) -> tuple[KnownLine, ...]:
    """Every marker, by letter. `pairs` are (given, known): a seed's agreed score, or her own first mark of a repeat."""
    return tuple(_line(letter, list(pairs[letter]), tolerance) for letter in in_letter_order(pairs))


def _line(letter: str, pairs: list[tuple[int, int]], tolerance: int) -> KnownLine:
    if len(pairs) < ENOUGH_KNOWN:
        return KnownLine(letter, len(pairs), None, None, None)
    within = sum(abs(given - known) <= tolerance for given, known in pairs)
    gap = mean([given - known for given, known in pairs], ENOUGH_KNOWN)
    return KnownLine(letter, len(pairs), within, gap, kappa(pairs))
