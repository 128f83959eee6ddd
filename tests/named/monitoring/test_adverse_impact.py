"""Exact tests and intervals against the values of the domain brief and a direct enumeration."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.named.monitoring.adverse_impact import (
    ImpossibleCounts,
    Outcome,
    compare,
    fisher,
    mid_p,
    ratio,
    wilson,
)


def thousandths(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.3f}"


@pytest.mark.parametrize(
    ("group", "others", "exact", "mid"),
    [
        ((10, 1), (10, 2), "1.000", "0.605"),
        ((15, 3), (45, 18), "0.218", "0.169"),
        ((20, 4), (80, 32), "0.121", "0.095"),
        ((60, 12), (240, 96), "0.004", "0.003"),
    ],
)
def test_exact_tests_meet_the_known_values_and_each_ratio_is_a_half(
    group: tuple[int, int], others: tuple[int, int], exact: str, mid: str
) -> None:
    one, rest = Outcome(*group), Outcome(*others)
    assert thousandths(fisher(one, rest)) == exact
    assert thousandths(mid_p(one, rest)) == mid
    assert ratio(one, rest) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("group", "others", "exact"),
    [
        ((20, 9), (20, 15), "0.105"),
        ((40, 18), (40, 30), "0.012"),
        ((20, 6), (20, 13), "0.056"),
        ((30, 9), (30, 19), "0.019"),
    ],
)
def test_fisher_meets_the_values_for_coaching_cohorts(
    group: tuple[int, int], others: tuple[int, int], exact: str
) -> None:
    assert thousandths(fisher(Outcome(*group), Outcome(*others))) == exact


@pytest.mark.parametrize(("passed", "low", "high"), [(6, "0.20", "0.64"), (3, "0.07", "0.45")])
def test_wilson_meets_the_known_intervals(passed: int, low: str, high: str) -> None:
    interval = wilson(Outcome(15, passed))
    assert (f"{interval.low:.2f}", f"{interval.high:.2f}") == (low, high)


@given(st.integers(1, 500))
def test_an_interval_never_leaves_zero_to_one(applied: int) -> None:
    assert wilson(Outcome(applied, applied)).high == 1
    assert wilson(Outcome(applied, 0)).low == 0
    assert 0 <= wilson(Outcome(applied, applied // 2)).low <= wilson(Outcome(applied, applied // 2)).high <= 1


counted = st.integers(0, 40).flatmap(lambda n: st.builds(Outcome, st.just(n), st.integers(0, n)))


@settings(max_examples=200, deadline=None)
@given(counted, counted)
def test_fisher_equals_the_sum_over_tables_written_as_fractions(one: Outcome, rest: Outcome) -> None:
    everyone, passed = one.applied + rest.applied, one.passed + rest.passed
    chance = {
        k: Fraction(comb(one.applied, k) * comb(rest.applied, passed - k), comb(everyone, passed))
        for k in range(max(0, passed - rest.applied), min(passed, one.applied) + 1)
    }
    assert sum(chance.values()) == 1
    seen = chance[one.passed]
    assert fisher(one, rest) == sum(each for each in chance.values() if each <= seen)
    assert mid_p(one, rest) <= fisher(one, rest) <= 1
    assert fisher(one, rest) == fisher(rest, one)


def test_few_people_are_too_few_to_say() -> None:
    assert compare(Outcome(22, 10), Outcome(300, 150)) is None
    assert compare(Outcome(300, 150), Outcome(22, 10)) is None
    assert compare(Outcome(23, 10), Outcome(300, 150)) is not None


def test_there_is_no_ratio_to_a_group_nobody_of_which_passed() -> None:
    assert ratio(Outcome(30, 3), Outcome(30, 0)) is None
    assert ratio(Outcome(0, 0), Outcome(30, 10)) is None


def test_more_passes_than_applications_are_refused() -> None:
    with pytest.raises(ImpossibleCounts):
        Outcome(3, 4)
