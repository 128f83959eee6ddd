"""Which groups of a table must be withheld so that no count of one to four can be worked out. Pure.

The totals are public: they stand on the merit list. A group is small when the number who applied, passed or did not
pass is one to four. All of a withheld group's counts go, and small and large withheld groups look alike. Groups are
withheld until four things hold:

1. at least two are, so that subtraction from the totals yields only their sum;
2. that sum is not small either;
3. they do not all have the same small count;
4. somebody is left to show: if only empty groups are, their zeros would say that every other group has one person.

Larger groups are added smallest first, equals together, by their counts alone. So the withheld groups' counts could be
dealt out among them in any order and the same table would be published; by (3) the order matters: nobody can say which
group has which count, not even someone who knows this rule and every other table of the board, since tables share
their totals only. `tests` check it by enumerating every population.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from panel.named.monitoring.adverse_impact import Outcome

#: Counts from one to just below this are withheld.
THRESHOLD: Final = 5


def withheld(table: Mapping[str, Outcome], threshold: int = THRESHOLD) -> frozenset[str]:
    """The groups of one table that must not be shown; all of them, if nothing less protects the small ones."""
    hidden = {group for group, outcome in table.items() if _small(outcome, threshold)}
    while hidden and hidden != set(table) and not _protected(table, hidden, threshold):
        hidden |= _smallest(table, hidden)
    return frozenset(hidden)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """Several groups as one."""
    listed = tuple(outcomes)
    return Outcome(sum(each.applied for each in listed), sum(each.passed for each in listed))


def _protected(table: Mapping[str, Outcome], hidden: set[str], threshold: int) -> bool:
    outcomes = [table[group] for group in hidden]
    somebody_shown = any(table[group].applied for group in table if group not in hidden)
    apart = len(outcomes) > 1 and not _small(together(outcomes), threshold)
    return apart and somebody_shown and not _alike(outcomes, threshold)


def _alike(outcomes: list[Outcome], threshold: int) -> bool:
    columns = zip(*map(_counts, outcomes), strict=True)
    return any(len(set(column)) == 1 and 0 < column[0] < threshold for column in columns)


def _smallest(table: Mapping[str, Outcome], hidden: set[str]) -> set[str]:
    size = min(table[group].applied for group in table if group not in hidden)
    return {group for group in table if group not in hidden and table[group].applied == size}


def _small(outcome: Outcome, threshold: int) -> bool:
    return any(0 < count < threshold for count in _counts(outcome))


def _counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.applied, outcome.passed, outcome.failed
