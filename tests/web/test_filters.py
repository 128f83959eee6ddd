"""Dates, deadlines and exact numbers as people read them."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.web.filters import day, fraction, moment, plural, two_decimals


def test_day_has_no_leading_zero_and_is_a_day_in_the_united_kingdom() -> None:
    assert day(date(2026, 12, 5)) == "5 December 2026"
    assert day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (12, 0, "noon on 5 December 2026"),
        (17, 0, "5pm on 5 December 2026"),
        (9, 5, "9:05am on 5 December 2026"),
        (0, 30, "12:30am on 5 December 2026"),
        (12, 30, "12:30pm on 5 December 2026"),
    ],
)
def test_moment_is_said_as_people_say_it(hour: int, minute: int, said: str) -> None:
    assert moment(datetime(2026, 12, 5, hour, minute, tzinfo=UTC)) == said


def test_moment_is_uk_time_in_summer_too() -> None:
    assert moment(datetime(2026, 7, 1, 11, 0, tzinfo=UTC)) == "noon on 1 July 2026"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("3", "3"), ("5/2", "2.50"), ("10/3", "3.33 (10/3)"), ("-1/3", "-0.33 (-1/3)"), ("1/1000", "0.00 (1/1000)")],
)
def test_fraction_is_shown_to_two_decimals_and_exactly_where_that_differs(value: str, shown: str) -> None:
    assert fraction(value) == shown


@given(st.fractions(min_value=-10_000, max_value=10_000))
def test_two_decimals_are_never_further_off_than_half_a_hundredth(value: Fraction) -> None:
    assert abs(Fraction(two_decimals(value)) - value) <= Fraction(1, 200)


def test_plural_follows_the_count() -> None:
    assert [plural(n, "answer") for n in (0, 1, 1200)] == ["0 answers", "1 answer", "1,200 answers"]
    assert plural(2, "reply", "replies") == "2 replies"
