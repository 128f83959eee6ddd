"""The table of leak channels stays whole: every row has its tests, or says here why no test can answer it."""

import tomllib
from pathlib import Path

import pytest

from tests.architecture.marks import marked

ROWS = tomllib.loads(Path(__file__).with_name("leaks.toml").read_text())
#: What no test answers, and why.
NO_TEST: dict[str, str] = {
    "L68": "No pack of answers about one person is made: HR answers from accounts and the roll, by hand.",
    "L89": "The database server's own log of writes is out of our reach: the guide has its administrator's steps.",
}


@pytest.mark.leak("L78")
def test_no_row_was_dropped_or_numbered_anew() -> None:
    assert list(ROWS) == [f"L{number:02d}" for number in range(1, 118)]
    assert all(channel.strip() for channel in ROWS.values())


@pytest.mark.leak("L78")
def test_every_row_has_a_test_or_says_why_none_can() -> None:
    assert {row: why for row, why in NO_TEST.items() if not why.strip()} == {}
    assert sorted(set(ROWS) - set(marked("leak"))) == sorted(NO_TEST)


@pytest.mark.leak("L78")
def test_no_test_names_a_row_that_nobody_knows() -> None:
    assert set(marked("leak")) <= set(ROWS)
