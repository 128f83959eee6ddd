"""How well one order betrays another: pairs met by rank, and Spearman's rho."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from panel.kernel.ids import AccountId, SubmissionRef

T = TypeVar("T")

#: Fewer things in order than this are no order.
_FEW = 20


def met(truth: Sequence[T], found: Sequence[T]) -> int:
    """How many of the same things stand at the same rank in both orders."""
    return sum(one == other for one, other in zip(truth, found, strict=True))


def rho(truth: Sequence[T], found: Sequence[T]) -> float:
    """Spearman's rank correlation of two orders of the same things."""
    rank = {thing: place for place, thing in enumerate(found)}
    count = len(truth)
    squares = sum((place - rank[thing]) ** 2 for place, thing in enumerate(truth))
    return 1 - 6 * squares / (count * (count**2 - 1))


@dataclass(frozen=True)
class Strategy:
    """People in one order, submissions in another: the adversary takes those at the same rank for a pair.

    Where an order holds only some, she is given that the others are missing from both, unless the pairs are `aligned`.
    """

    people: Sequence[AccountId]
    submissions: Sequence[SubmissionRef]
    aligned: bool = False

    def tried(self, wrote: Mapping[AccountId, SubmissionRef]) -> "Outcome":
        """How she fares against who wrote what."""
        if self.aligned:
            pairs = zip(self.people, self.submissions, strict=True)
            return Outcome(len(self.people), sum(wrote[account] == ref for account, ref in pairs), 0.0)
        left = set(self.submissions)
        truth = [wrote[account] for account in self.people if wrote.get(account) in left]
        found = [ref for ref in self.submissions if ref in set(truth)]
        return Outcome(len(truth), met(truth, found), rho(truth, found) if len(truth) >= _FEW else 0.0)


@dataclass(frozen=True)
class Outcome:
    """Of how many in order, how many pairs were right, and how alike the two orders are."""

    count: int
    met: int
    rho: float

    @property
    def share(self) -> float:
        """Right pairs, of those in order."""
        return self.met / self.count if self.count >= _FEW else 0.0

    @property
    def links(self) -> bool:
        """More than chance gives: at 200 more than 7 pairs, or rho beyond 0.3; once in tens of thousands of runs."""
        bound = 0.3 * sqrt(199 / (self.count - 1)) if self.count >= _FEW else 1.0
        return self.met > 7 or abs(self.rho) >= bound
