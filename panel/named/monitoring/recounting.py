"""Whether outcomes by group can be counted again after changes, so that old and new table betray nobody. Pure.

Who reads both tables knows by name whose outcome changed, for HR has the list. So the second table, less the first, is
a table of those few people alone: one changed person would show her answers by the one count that moved, and of five
who are all in one group it would show five people's. That both tables are safe by themselves does not help. Therefore:

1. The two are looked at as one table of four outcomes: passed both times, neither time, only now, only before. In no
   group is such a count one to four; groups withheld before count as one group, and stay withheld.
2. Those who pass now and did not, and those who passed and do not now, are each spread over at least two groups, so
   that nobody's group is known by it. So fewer than `FEWEST` of either can show nothing, and nobody is asked for it.
3. It is done once. Of three tables the first and the third would be one more pair, and all of them together could be
   solved for one person; and a table refused for some people, and not with one more, would tell where that one belongs.

A table that must not be replaced stays as it was. `tests` enumerate every population, as for a single table.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Final, TypeAlias

from panel.named.monitoring.adverse_impact import Outcome
from panel.named.monitoring.suppression import THRESHOLD, withheld

#: As few changes in one direction as two groups can share without a small count.
FEWEST: Final = 2 * THRESHOLD


@dataclass(frozen=True)
class Twice:
    """How many of a group passed both times, only in the second count, only in the first, and neither time."""

    both: int
    gained: int
    lost: int
    neither: int

    @property
    def before(self) -> Outcome:
        """The group in the first count."""
        return Outcome(self.applied, self.both + self.lost)

    @property
    def now(self) -> Outcome:
        """The group in the second count."""
        return Outcome(self.applied, self.both + self.gained)

    @property
    def applied(self) -> int:
        """Everybody in the group."""
        return self.both + self.gained + self.lost + self.neither

    @property
    def counts(self) -> tuple[int, ...]:
        """Every count that may be about people: the four, and what can be made of them in either table."""
        before, now = self.before, self.now
        return (*astuple(self), self.applied, before.passed, before.failed, now.passed, now.failed)


#: Group → how it came out twice.
Compared: TypeAlias = Mapping[str, Twice]


def enough(gained: int, lost: int, fewest: int = FEWEST) -> bool:
    """Whether a second count could show anything: what everybody who knows the list can tell before it is made."""
    return bool(gained or lost) and all(not changed or changed >= fewest for changed in (gained, lost))


def may_replace(table: Compared, threshold: int = THRESHOLD) -> bool:
    """Whether the second count of one table may be shown where the first was."""
    hidden = withheld({group: twice.before for group, twice in table.items()}, threshold)
    units = [twice for group, twice in table.items() if group not in hidden]
    if not units or _alike([table[group] for group in hidden], threshold):
        return False
    if hidden:
        units.append(_together(table[group] for group in hidden))
    small = any(0 < count < threshold for unit in units for count in unit.counts)
    return not small and _spread(unit.gained for unit in units) and _spread(unit.lost for unit in units)


def compared(people: Iterable[tuple[str, bool, bool]], groups: Iterable[str]) -> dict[str, Twice]:
    """Count people, each as (her group, whether she passed before, whether now). Every group appears."""
    found = Counter(people)
    return {
        group: Twice(
            both=found[group, True, True],
            gained=found[group, False, True],
            lost=found[group, True, False],
            neither=found[group, False, False],
        )
        for group in groups
    }


def _spread(changed: Iterable[int]) -> bool:
    return sum(map(bool, changed)) != 1


def _together(twices: Iterable[Twice]) -> Twice:
    return Twice(*map(sum, zip(*map(astuple, twices), strict=True)))


def _alike(twices: list[Twice], threshold: int) -> bool:
    """Whether withheld groups all have one same small count, which their sum would then give away."""
    columns = zip(*(twice.counts for twice in twices), strict=True)
    return any(len(set(column)) == 1 and 0 < column[0] < threshold for column in columns)
