"""Every demand on the vault can be found by its number: each has its tests, or says here why not yet."""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.architecture.marks import marked, numbers

DEMANDS = tomllib.loads(Path(__file__).with_name("vault.toml").read_text())
#: What has no test of its own yet, and why. A number leaves this list when its first test comes.
NOT_YET: dict[str, str] = {}


def test_the_list_is_whole() -> None:
    assert list(DEMANDS) == [f"V{number:02d}" for number in range(1, 29)]


def test_every_demand_has_a_test_or_says_why_not_yet() -> None:
    assert {number: why for number, why in NOT_YET.items() if not why.strip()} == {}
    assert sorted(set(DEMANDS) - set(marked("vault"))) == sorted(NOT_YET)


def test_no_test_carries_a_number_that_nobody_knows() -> None:
    assert set(marked("vault")) <= set(DEMANDS)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('pytestmark = pytest.mark.vault("V01")', ["V01"]),
        ('@pytest.mark.vault("V02")\ndef test(): ...', ["V02"]),
        ('vault("V03")', []),
        ('service.vault("V04")', []),
    ],
)
def test_marks_are_found_where_they_stand(source: str, found: list[str]) -> None:
    assert list(numbers(ast.parse(source), "vault")) == found
