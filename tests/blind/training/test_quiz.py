"""A quiz: drawn order, exact marking, expiry by calendar months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.blind.training.quiz import Score, expiry, mark, shuffled


def test_order_holds_every_question_once() -> None:
    assert sorted(shuffled(11)) == list(range(11))


def test_order_differs_between_draws() -> None:
    # twenty equal draws of eleven questions have odds of 1 in 10**144
    assert len({shuffled(11) for _ in range(20)}) > 1


@pytest.mark.parametrize(("right", "asked", "passed"), [(8, 10, True), (7, 10, False), (8, 11, False), (9, 11, True)])
def test_pass_mark_is_compared_exactly(right: int, asked: int, passed: bool) -> None:
    assert Score(right, asked, 80).passed is passed


@given(st.integers(1, 60), st.integers(1, 100))
def test_needed_is_the_smallest_passing_number(asked: int, percent: int) -> None:
    needed = Score(0, asked, percent).needed
    assert needed * 100 >= percent * asked > (needed - 1) * 100


def test_marking_counts_agreement_in_order() -> None:
    assert mark([0, 1, 2, 3], [0, 1, 3, 2], 50) == Score(2, 4, 50)


def test_marking_refuses_a_missing_answer() -> None:
    with pytest.raises(ValueError, match="shorter"):
        mark([0, 1], [0], 80)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
    ],
)
def test_expiry_is_the_same_day_of_a_later_month(start: date, months: int, end: date) -> None:
    assert expiry(start, months) == end
