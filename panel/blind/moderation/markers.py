"""Each marker beside the others on the same answers: for the chair to read. No score depends on it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Final

from panel.blind.moderation.agreement import kappa
from panel.blind.moderation.answers import Answer

#: Fewer answers than this, and a figure says more about chance than about markers.
ENOUGH: Final = 10


@dataclass(frozen=True)
class MarkerLine:
    """One marker under her letter.

    `gap` is the mean difference from co-markers on the same answers, in points; `agreement` the quadratic-weighted
    kappa with them. Both are None with too few answers, and `agreement` also where it is undefined.
    """

    letter: str
    answers: int
    gap: Fraction | None
    agreement: Fraction | None


def marker_lines(answers: Iterable[Answer]) -> tuple[MarkerLine, ...]:
    """Every marker who gave a mark, by letter."""
    pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for answer in answers:
        for mark in answer.marks:
            counts[mark.letter] += 1
        for mark, other in permutations(answer.marks, 2):
            pairs[mark.letter].append((mark.score, other.score))
    letters = sorted(counts, key=lambda letter: (len(letter), letter))
    return tuple(_line(letter, counts[letter], pairs[letter]) for letter in letters)


def _line(letter: str, answers: int, pairs: list[tuple[int, int]]) -> MarkerLine:
    if answers < ENOUGH or not pairs:
        return MarkerLine(letter, answers, None, None)
    gap = Fraction(sum(own - other for own, other in pairs), len(pairs))
    return MarkerLine(letter, answers, gap, kappa(pairs))
