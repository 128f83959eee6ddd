"""No small count and nobody's group can be worked out from two counts of one board: every population is tried."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest

from panel.named.monitoring.adverse_impact import Outcome
from panel.named.monitoring.recounting import FEWEST, Twice, compared, enough, may_replace
from panel.named.monitoring.suppression import THRESHOLD, withheld
from tests.named.monitoring.test_suppression import splits

pytestmark = [pytest.mark.leak("L41"), pytest.mark.vault("V17")]

Cells = tuple[Twice, ...]
Shown = tuple[Outcome | None, ...]
#: The same rule with room for more shapes of table among people one can enumerate.
SMALL = 3


def populations(totals: tuple[int, ...], groups: int) -> Iterator[Cells]:
    """Every way in which people whose outcomes everybody knows can belong to the groups."""
    for parts in product(*(list(splits(total, groups)) for total in totals)):
        yield tuple(Twice(*cell) for cell in zip(*parts, strict=True))


def published(cells: Cells, threshold: int, replace: bool) -> tuple[Shown, Shown | None]:
    """The first table, and the second in its place if there is one."""
    named = {str(place): cell for place, cell in enumerate(cells)}
    hidden = withheld({place: cell.before for place, cell in named.items()}, threshold)
    first, second = ([None if p in hidden else shown(c) for p, c in named.items()] for shown in (_before, _now))
    return tuple(first), tuple(second) if replace else None


def _before(cell: Twice) -> Outcome:
    return cell.before


def _now(cell: Twice) -> Outcome:
    return cell.now


def known(members: list[Cells], threshold: int) -> set[tuple[int, object]]:
    """What somebody who knows the rule and all outcomes can tell of people: small counts, and whose group is which."""
    found: set[tuple[int, object]] = set()
    for place in range(len(members[0])):
        for column in range(len(members[0][0].counts)):
            values = {cells[place].counts[column] for cells in members}
            if len(values) == 1 and 0 < values.pop() < threshold:
                found.add((place, column))
        for changed in ("gained", "lost"):
            total = sum(getattr(cell, changed) for cell in members[0])
            if total and all(getattr(cells[place], changed) == total for cells in members):
                found.add((place, changed))
    return found


def solved(totals: tuple[int, ...], groups: int, threshold: int, *, always: bool = False) -> list[Cells]:
    """Populations of which two tables tell more than the first alone. `always`: as if every table were replaced."""
    first: dict[Shown, list[Cells]] = defaultdict(list)
    both: dict[tuple[Shown, Shown | None], list[Cells]] = defaultdict(list)
    for cells in populations(totals, groups):
        may = always or may_replace({str(place): cell for place, cell in enumerate(cells)}, threshold)
        shown = published(cells, threshold, may)
        first[shown[0]].append(cells)
        both[shown].append(cells)
    before = {table: known(members, threshold) for table, members in first.items()}
    return [members[0] for shown, members in both.items() if known(members, threshold) - before[shown[0]]]


@pytest.mark.parametrize("unchanged", [(0, 0), (3, 0), (0, 3), (3, 3), (4, 3), (1, 5)])
@pytest.mark.parametrize("changed", [(6, 0), (7, 0), (0, 6), (6, 6)])
def test_two_tables_tell_no_more_of_anybody_than_one(unchanged: tuple[int, int], changed: tuple[int, int]) -> None:
    both, neither = unchanged
    assert solved((both, *changed, neither), groups=2, threshold=SMALL) == []


@pytest.mark.parametrize("totals", [(0, 6, 0, 3), (3, 6, 0, 0), (0, 7, 0, 1), (0, 0, 6, 3)])
def test_nor_with_three_groups(totals: tuple[int, int, int, int]) -> None:
    assert solved(totals, groups=3, threshold=SMALL) == []


def test_the_attacker_above_does_solve_a_table_that_is_always_replaced() -> None:
    # the broken twin: one changed person among twelve is told by the count that moved
    assert solved((3, 1, 0, 8), groups=2, threshold=SMALL, always=True) != []
    assert solved((3, 6, 0, 3), groups=2, threshold=SMALL, always=True) != []


def test_one_changed_person_and_nine_are_never_counted_again_and_ten_may_be() -> None:
    assert not any(enough(*changed) for changed in [(0, 0), (1, 0), (0, 1), (9, 0), (10, 9), (1, 12)])
    assert all(enough(*changed) for changed in [(10, 0), (0, 10), (10, 10), (30, 11)])
    assert FEWEST == 2 * THRESHOLD


def test_a_table_is_replaced_only_where_nobody_who_changed_is_told_by_it() -> None:
    spread = {"a": Twice(10, 5, 0, 10), "b": Twice(10, 6, 0, 10)}
    assert may_replace(spread)
    assert not may_replace({"a": Twice(10, 11, 0, 10), "b": Twice(10, 0, 0, 10)})
    assert not may_replace({"a": Twice(10, 7, 0, 10), "b": Twice(10, 4, 0, 10)})
    assert not may_replace(spread | {"c": Twice(10, 0, 1, 10)})
    assert not may_replace({"a": Twice(3, 5, 0, 10), "b": Twice(10, 5, 0, 10)})


def test_nothing_that_was_withheld_comes_to_light() -> None:
    table = {"a": Twice(20, 10, 0, 20), "b": Twice(2, 5, 0, 9), "c": Twice(6, 5, 0, 9)}
    hidden = withheld({group: twice.before for group, twice in table.items()})
    assert hidden == {"b", "c"}
    assert withheld({group: twice.now for group, twice in table.items()}) == frozenset()
    assert may_replace(table)
    assert not may_replace({group: twice for group, twice in table.items() if group != "a"})


def test_people_are_counted_in_their_group_both_times() -> None:
    people = [("a", True, True), ("a", False, True), ("b", True, False), ("b", False, False), ("b", False, False)]
    assert compared(people, ("a", "b", "c")) == {
        "a": Twice(1, 1, 0, 0),
        "b": Twice(0, 0, 1, 2),
        "c": Twice(0, 0, 0, 0),
    }
