"""Which answers a leader reads although their marks agree: a sample by lot, and what crosses the pass mark. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from panel.blind.allocation.lots import lot
from panel.board.policy import Policy
from panel.kernel.ids import SubmissionRef

_PURPOSE: Final = b"sample"
_HUNDRED: Final = 100

Key: TypeAlias = tuple[SubmissionRef, str]


class Cause(StrEnum):
    """Why the chair looks at an answer whose marks agree."""

    SAMPLE = "Sample"
    CROSSING = "Across the pass mark"


def sampled(draw: bytes, percent: int, agreeing: Iterable[Key]) -> frozenset[Key]:
    """The share of the agreeing answers to each criterion that the draw picks, rounded up: whoever holds it can check.

    An answer stays picked when another one leaves the agreeing ones, since each has its own lot.
    """
    by_criterion: dict[str, list[Key]] = defaultdict(list)
    for key in agreeing:
        by_criterion[key[1]].append(key)
    picked: set[Key] = set()
    for keys in by_criterion.values():
        count = -(-len(keys) * percent // _HUNDRED)
        picked.update(sorted(keys, key=lambda key: lot(draw, _PURPOSE, key[0], key[1].encode()))[:count])
    return frozenset(picked)


def across_the_pass_mark(policy: Policy, scores: Mapping[Key, Sequence[int]]) -> frozenset[SubmissionRef]:
    """The submissions that would pass with the highest mark of every answer and not with the lowest.

    `scores` are the independent marks of every answer. A submission that lacks a criterion is left out.
    """
    found: dict[SubmissionRef, dict[str, Sequence[int]]] = defaultdict(dict)
    for (ref, criterion), given in scores.items():
        found[ref][criterion] = given
    whole = {ref: given for ref, given in found.items() if set(given) == set(policy.keys)}
    return frozenset(ref for ref, given in whole.items() if _crosses(policy, given))


def _crosses(policy: Policy, given: Mapping[str, Sequence[int]]) -> bool:
    lowest = policy.weighted_total({key: Fraction(min(scores)) for key, scores in given.items()})
    highest = policy.weighted_total({key: Fraction(max(scores)) for key, scores in given.items()})
    return lowest < policy.pass_rule.total <= highest
