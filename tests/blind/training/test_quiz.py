"""A quiz: drawn order, exact marking, expiry by calendar months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.blind.training.quiz import Score, Tries, drawn, expiry, mark


def test_order_holds_every_question_once() -> None:
    assert sorted(drawn(11, 11)) == list(range(11))


def test_order_differs_between_draws() -> None:
    # twenty equal draws of eleven questions have odds of 1 in 10**144
    assert len({drawn(11, 11) for _ in range(20)}) > 1


def test_quiz_is_drawn_from_a_larger_bank() -> None:
    draws = [drawn(11, 4) for _ in range(60)]
    assert all(len(set(draw)) == 4 for draw in draws)
    # that any question is left out of sixty draws has odds below 1 in 10**10
    assert {place for draw in draws for place in draw} == set(range(11))


@pytest.mark.parametrize(
    ("passed", "further", "left"),
    [
        ((), (), True),
        ((False, False), (), True),
        ((False, False, False), (), False),
        ((False, False, None), (), True),
        ((False, False, False), (4,), True),
        ((False, False, False, False), (4,), False),
        ((False, False, False, True), (4,), True),
        ((False, True, False, False, False), (), False),
    ],
)
def test_attempts_are_counted_since_the_last_that_passed(
    passed: tuple[bool | None, ...], further: tuple[int, ...], left: bool
) -> None:
    assert Tries(passed, 3, frozenset(further)).left is left
    assert Tries(passed).left


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
