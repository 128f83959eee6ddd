"""The order and the outcome of every submission, computed before any name exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from panel.board.policy import Policy
from panel.kernel.ids import Number


class Outcome(StrEnum):
    """What the policy gives a submission."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"

    @property
    def label(self) -> str:
        """As screens call it."""
        return _LABELS[self]


_LABELS: Final = {Outcome.PASSED: "Passed", Outcome.NOT_PASSED: "Not passed"}


@dataclass(frozen=True)
class Place:
    """One submission on the merit list: exact scores by criterion, exact weighted total, shared rank, outcome."""

    number: Number
    rank: int
    outcome: Outcome
    total: Fraction
    scores: Mapping[str, Fraction]


def merit_list(policy: Policy, scores: Mapping[Number, Mapping[str, Fraction]]) -> tuple[Place, ...]:
    """Everyone in order: those who passed first, then by total, then by the policy's tie-break criteria.

    `scores` holds every criterion of the policy for every number. Who is equal in all of it shares a rank, and the next
    rank is left out; within a rank the order is by number and means nothing. Raises KeyError if a score is missing.
    """
    merits = {number: _merit(policy, given) for number, given in scores.items()}
    ordered = sorted(merits, key=lambda number: (*(-part for part in merits[number]), number))
    ranks: dict[tuple[Fraction, ...], int] = {}
    for position, number in enumerate(ordered, start=1):
        ranks.setdefault(merits[number], position)
    return tuple(_place(policy, number, ranks[merits[number]], scores[number]) for number in ordered)


def outcome(policy: Policy, scores: Mapping[str, Fraction]) -> Outcome:
    """Whether the total and every floor are reached, compared exactly and never after rounding."""
    reached = policy.weighted_total(scores) >= policy.pass_rule.total and not floors_missed(policy, scores)
    return Outcome.PASSED if reached else Outcome.NOT_PASSED


def floors_missed(policy: Policy, scores: Mapping[str, Fraction]) -> tuple[str, ...]:
    """The keys of the criteria whose floor is not reached, in the board's order."""
    return tuple(c.key for c in policy.criteria if c.floor is not None and scores[c.key] < c.floor)


def _merit(policy: Policy, scores: Mapping[str, Fraction]) -> tuple[Fraction, ...]:
    """What decides between two submissions, most important first; higher is better."""
    passed = Fraction(outcome(policy, scores) is Outcome.PASSED)
    return (passed, policy.weighted_total(scores), *(Fraction(scores[key]) for key in policy.tie_break))


def _place(policy: Policy, number: Number, rank: int, scores: Mapping[str, Fraction]) -> Place:
    return Place(number, rank, outcome(policy, scores), policy.weighted_total(scores), dict(scores))
