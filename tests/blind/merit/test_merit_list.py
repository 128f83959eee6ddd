"""The order and the outcome, on exact fractions."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.blind.merit.merit_list import Outcome, floors_missed, merit_list, outcome
from panel.board.policy import Criterion, Kind, PassRule, Policy
from panel.board.scales import SCALES
from panel.kernel.ids import Number

POLICY = Policy(
    criteria=(
        Criterion("ownership", Kind.COMPETENCY, "We take ownership", "When?", weight=2, floor=2),
        Criterion("analysis", Kind.COMPETENCY, "We analyse critically", "How?", weight=1),
        Criterion("courage", Kind.VALUE, "Courage", whole=True, weight=1, floor=1),
    ),
    scale=SCALES["0-4"],
    pass_rule=PassRule(Fraction(10)),
    tie_break=("ownership", "courage"),
)
ANNE, BETH, CARA, DORA = Number(400001), Number(300002), Number(200003), Number(100004)


def scores(ownership: str, analysis: str, courage: str) -> dict[str, Fraction]:
    return {"ownership": Fraction(ownership), "analysis": Fraction(analysis), "courage": Fraction(courage)}


def test_total_is_the_exact_weighted_sum() -> None:
    (place,) = merit_list(POLICY, {ANNE: scores("8/3", "7/3", "3")})
    assert place.total == Fraction(32, 3)


def test_thirds_just_below_the_pass_mark_do_not_pass() -> None:
    strict = replace(POLICY, pass_rule=PassRule(Fraction(1066667, 100000)))
    assert outcome(strict, scores("8/3", "7/3", "3")) is Outcome.NOT_PASSED
    assert outcome(replace(strict, pass_rule=PassRule(Fraction(32, 3))), scores("8/3", "7/3", "3")) is Outcome.PASSED


def test_missed_floor_fails_whatever_the_total() -> None:
    high = scores("5/3", "4", "4")
    assert POLICY.weighted_total(high) > POLICY.pass_rule.total
    assert floors_missed(POLICY, high) == ("ownership",)
    assert outcome(POLICY, high) is Outcome.NOT_PASSED


def test_floor_is_compared_before_rounding() -> None:
    assert floors_missed(POLICY, scores("1999999/1000000", "4", "4")) == ("ownership",)
    assert floors_missed(POLICY, scores("2", "4", "4")) == ()


def test_passed_come_first_then_the_highest_total() -> None:
    order = merit_list(
        POLICY,
        {
            ANNE: scores("1", "4", "4"),
            BETH: scores("3", "3", "3"),
            CARA: scores("4", "4", "4"),
            DORA: scores("1", "1", "1"),
        },
    )
    assert [(place.number, place.rank) for place in order] == [(CARA, 1), (BETH, 2), (ANNE, 3), (DORA, 4)]
    assert [place.outcome for place in order] == [
        Outcome.PASSED,
        Outcome.PASSED,
        Outcome.NOT_PASSED,
        Outcome.NOT_PASSED,
    ]


def test_tie_is_broken_by_the_named_criteria_in_turn() -> None:
    order = merit_list(POLICY, {ANNE: scores("3", "4", "2"), BETH: scores("4", "2", "2"), CARA: scores("3", "3", "3")})
    assert {place.total for place in order} == {Fraction(12)}
    assert [(place.number, place.rank) for place in order] == [(BETH, 1), (CARA, 2), (ANNE, 3)]


def test_equals_share_a_rank_and_the_next_is_left_out() -> None:
    same = scores("3", "3", "3")
    order = merit_list(POLICY, {ANNE: same, BETH: same, CARA: scores("4", "4", "4"), DORA: scores("3", "3", "2")})
    assert [(place.number, place.rank) for place in order] == [(CARA, 1), (BETH, 2), (ANNE, 2), (DORA, 4)]


def test_tie_is_never_broken_by_the_number() -> None:
    policy = replace(POLICY, tie_break=())
    order = merit_list(policy, {ANNE: scores("3", "4", "2"), BETH: scores("4", "2", "2")})
    assert {place.rank for place in order} == {1}


def test_missing_score_is_refused() -> None:
    with pytest.raises(KeyError):
        merit_list(POLICY, {ANNE: {"ownership": Fraction(3)}})


THIRDS = st.integers(min_value=0, max_value=12).map(lambda third: Fraction(third, 3))
FIELDS = st.dictionaries(
    st.integers(min_value=100000, max_value=100050).map(Number),
    st.fixed_dictionaries(dict.fromkeys(POLICY.keys, THIRDS)),
    max_size=12,
)


@settings(deadline=None)
@given(FIELDS)
def test_list_keeps_everyone_and_depends_on_nothing_but_marks(field: dict[Number, dict[str, Fraction]]) -> None:
    order = merit_list(POLICY, field)
    assert {place.number for place in order} == set(field)
    assert order == merit_list(POLICY, dict(reversed(field.items())))
    assert all(place.rank == 1 + sum(other.rank < place.rank for other in order) for place in order)


@settings(deadline=None)
@given(FIELDS, THIRDS)
def test_higher_score_never_lowers_a_place(field: dict[Number, dict[str, Fraction]], more: Fraction) -> None:
    if not field:
        return
    number = min(field)
    better = {**field, number: {**field[number], "analysis": field[number]["analysis"] + more}}
    before = {place.number: place.rank for place in merit_list(POLICY, field)}
    after = {place.number: place.rank for place in merit_list(POLICY, better)}
    assert after[number] <= before[number]
