"""Dates and times as people in the United Kingdom write them."""

from datetime import UTC, date, datetime

import pytest

from panel.named.setup.moment import NoSuchTime, clock_text, moment

WINTER, SUMMER = date(2027, 1, 15), date(2027, 7, 15)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("17:00", 17, 0),
        ("5pm", 17, 0),
        ("5:30 PM", 17, 30),
        ("noon", 12, 0),
        ("12am", 0, 0),
        ("12pm", 12, 0),
        ("9.05", 9, 5),
    ],
)
def test_time_is_read_as_people_write_it(text: str, hour: int, minute: int) -> None:
    assert moment(WINTER, text) == datetime(2027, 1, 15, hour, minute, tzinfo=UTC)


def test_summer_time_is_an_hour_ahead() -> None:
    assert moment(SUMMER, "17:00") == datetime(2027, 7, 15, 16, tzinfo=UTC)
    assert clock_text(moment(SUMMER, "17:00")) == "17:00"


@pytest.mark.parametrize("text", ["", "17", "25:00", "13pm", "0am", "5:60", "five", "17:00:00", "-1:00", "5 pm today"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NoSuchTime):
        moment(WINTER, text)


def test_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(NoSuchTime, match="clocks"):
        moment(date(2027, 3, 28), "01:30")
