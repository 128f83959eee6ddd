"""How well one order betrays another: pairs met by rank, and Spearman's rho."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def met(truth: Sequence[T], found: Sequence[T]) -> int:
    """How many of the same things stand at the same rank in both orders."""
    return sum(one == other for one, other in zip(truth, found, strict=True))


def rho(truth: Sequence[T], found: Sequence[T]) -> float:
    """Spearman's rank correlation of two orders of the same things."""
    rank = {thing: place for place, thing in enumerate(found)}
    count = len(truth)
    squares = sum((place - rank[thing]) ** 2 for place, thing in enumerate(truth))
    return 1 - 6 * squares / (count * (count**2 - 1))


def unlinked(truth: Sequence[T], found: Sequence[T]) -> bool:
    """At most 7 of 200 met and |rho| under 0.3: chance passes either bound once in tens of thousands of runs."""
    assert len(truth) == 200
    return met(truth, found) <= 7 and abs(rho(truth, found)) < 0.3
