"""No count of one to four can be worked out from what is published: tried by enumerating every population."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.named.monitoring.adverse_impact import Outcome
from panel.named.monitoring.suppression import THRESHOLD, together, withheld

Cells = tuple[Outcome, ...]


def splits(total: int, groups: int) -> Iterator[tuple[int, ...]]:
    if groups == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, groups - 1):
            yield (first, *rest)


def tables(passed: int, failed: int, groups: int) -> Iterator[Cells]:
    for ups, downs in product(splits(passed, groups), splits(failed, groups)):
        yield tuple(Outcome(up + down, up) for up, down in zip(ups, downs, strict=True))


def published(cells: Cells, threshold: int) -> tuple[Outcome | None, ...]:
    hidden = withheld({str(place): cell for place, cell in enumerate(cells)}, threshold)
    return tuple(None if str(place) in hidden else cell for place, cell in enumerate(cells))


def counts(cell: Outcome) -> tuple[int, int, int]:
    return cell.applied, cell.passed, cell.failed


def solved_cells(passed: int, failed: int, groups: int, threshold: int) -> list[Cells]:
    """Tables with a small count that is the same in every table that would be published alike: the worst attacker."""
    alike: dict[tuple[Outcome | None, ...], list[Cells]] = defaultdict(list)
    for cells in tables(passed, failed, groups):
        alike[published(cells, threshold)].append(cells)
    found = []
    for members in alike.values():
        for place in range(groups):
            for column in range(3):
                values = {counts(cells[place])[column] for cells in members}
                if len(values) == 1 and 0 < values.pop() < threshold:
                    found.append(members[0])
    return found


@pytest.mark.leak("L41")
@pytest.mark.vault("V17")
@pytest.mark.parametrize(("passed", "failed"), [(p, f) for p in range(10) for f in range(10) if p + f >= 3])
def test_no_small_count_is_solved_by_one_who_knows_rule_and_totals(passed: int, failed: int) -> None:
    # threshold 3 is the same rule with room for more shapes of table in a population one can enumerate
    assert solved_cells(passed, failed, groups=3, threshold=3) == []


@pytest.mark.leak("L41")
@pytest.mark.parametrize(("passed", "failed"), [(5, 0), (6, 6), (11, 2), (9, 7), (12, 12), (16, 1)])
def test_no_small_count_is_solved_at_the_threshold_in_use(passed: int, failed: int) -> None:
    assert solved_cells(passed, failed, groups=3, threshold=THRESHOLD) == []


@pytest.mark.leak("L41")
@pytest.mark.parametrize(("passed", "failed"), [(4, 4), (6, 3), (7, 1), (9, 0)])
def test_no_small_count_is_solved_with_four_groups(passed: int, failed: int) -> None:
    assert solved_cells(passed, failed, groups=4, threshold=3) == []


def test_the_attacker_above_does_solve_a_table_that_only_withholds_small_counts() -> None:
    # the broken twin: primary suppression alone is undone by one subtraction
    cells = (Outcome(3, 0), Outcome(20, 0))
    shown = [None if 0 < cell.applied < THRESHOLD else cell for cell in cells]
    assert 23 - sum(cell.applied for cell in shown if cell) == 3


outcomes = st.builds(lambda up, down: Outcome(up + down, up), st.integers(0, 40), st.integers(0, 40))
populations = st.dictionaries(st.sampled_from("abcdefghi"), outcomes, min_size=2)


@pytest.mark.leak("L41")
@settings(max_examples=300, deadline=None)
@given(populations)
def test_withheld_groups_give_their_sum_away_and_the_sum_is_never_small(table: dict[str, Outcome]) -> None:
    hidden = withheld(table)
    shown = [table[group] for group in table if group not in hidden]
    assert not any(0 < count < THRESHOLD for cell in shown for count in counts(cell))
    if hidden and shown:
        rest = together(table[group] for group in hidden)
        assert len(hidden) > 1
        assert not any(0 < count < THRESHOLD for count in counts(rest))


@settings(max_examples=200, deadline=None)
@given(populations, st.data())
def test_the_choice_depends_on_counts_alone_so_withheld_counts_can_change_places(
    table: dict[str, Outcome], data: st.DataObject
) -> None:
    hidden = sorted(withheld(table))
    dealt = data.draw(st.permutations(hidden))
    swapped = table | {group: table[other] for group, other in zip(hidden, dealt, strict=True)}
    assert withheld(swapped) == frozenset(hidden)


def test_a_table_without_small_counts_is_shown_whole_and_zero_is_not_small() -> None:
    assert withheld({"a": Outcome(20, 10), "b": Outcome(0, 0), "c": Outcome(9, 0)}) == frozenset()


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    table = {"a": Outcome(40, 20), "b": Outcome(12, 6), "c": Outcome(3, 1)}
    assert withheld(table) == {"b", "c"}


def test_the_demonstration_board_of_fifteen_withholds_twelve_because_of_three() -> None:
    # 12 internal and 3 external top scorers: 15 - 12 gives the 3
    assert withheld({"internal": Outcome(12, 12), "external": Outcome(3, 3)}) == {"internal", "external"}


def others_published_alike(table: dict[str, Outcome]) -> Iterator[dict[str, Outcome]]:
    """Other populations with the same totals and the same published table: two withheld groups change places, or one
    person of a withheld group is in another."""
    hidden = sorted(withheld(table))
    for one, other in product(hidden, hidden):
        a, b = table[one], table[other]
        changed = [{one: b, other: a}]
        if one != other and a.passed:
            changed.append({one: Outcome(a.applied - 1, a.passed - 1), other: Outcome(b.applied + 1, b.passed + 1)})
        if one != other and a.failed:
            changed.append({one: Outcome(a.applied - 1, a.passed), other: Outcome(b.applied + 1, b.passed)})
        yield from (table | change for change in changed if withheld(table | change) == frozenset(hidden))


@st.composite
def pairs_of_tables(draw: st.DrawFn) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    """Two characteristics of one population of 5 to 300 people."""
    people = draw(
        st.lists(st.tuples(st.sampled_from("aaaab"), st.sampled_from("uvwxy"), st.booleans()), min_size=5, max_size=300)
    )
    return tuple(  # type: ignore[return-value]
        {
            group: Outcome(
                sum(person[which] == group for person in people),
                sum(person[which] == group and person[2] for person in people),
            )
            for group in groups
        }
        for which, groups in enumerate(("abc", "uvwxyz"))
    )


@pytest.mark.leak("L41")
@pytest.mark.vault("V17")
@settings(max_examples=150, deadline=None)
@given(pairs_of_tables())
def test_two_published_tables_of_one_board_fit_other_populations_at_every_small_count(
    pair: tuple[dict[str, Outcome], dict[str, Outcome]],
) -> None:
    # tables of one board share their totals alone, and totals stay: so what fits one table fits the pair
    assert together(pair[0].values()) == together(pair[1].values())
    for table in pair:
        alternatives = list(others_published_alike(table))
        assert all(together(other.values()) == together(table.values()) for other in alternatives)
        for group in withheld(table):
            for column, count in enumerate(counts(table[group])):
                if 0 < count < THRESHOLD:
                    assert any(counts(other[group])[column] != count for other in alternatives), (table, group)
