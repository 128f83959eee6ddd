"""Every demand on the vault can be found by its number: each has its tests, or says here why not yet."""

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from panel.config import ROOT

DEMANDS = tomllib.loads(Path(__file__).with_name("vault.toml").read_text())
#: What has no test of its own yet, and why. A number leaves this list when its first test comes.
NOT_YET: dict[str, str] = {}


def marked() -> Counter[str]:
    """How often each number is given to a test, a module or a parameter."""
    return Counter(number for path in (ROOT / "tests").rglob("*.py") for number in numbers(ast.parse(path.read_text())))


def numbers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "vault":
            yield from (each.value for each in node.args if isinstance(each, ast.Constant) and _is_mark(node.func))


def _is_mark(name: ast.Attribute) -> bool:
    return isinstance(name.value, ast.Attribute) and name.value.attr == "mark"


def test_the_list_is_whole() -> None:
    assert list(DEMANDS) == [f"V{number:02d}" for number in range(1, 29)]


def test_every_demand_has_a_test_or_says_why_not_yet() -> None:
    assert {number: why for number, why in NOT_YET.items() if not why.strip()} == {}
    assert sorted(set(DEMANDS) - set(marked())) == sorted(NOT_YET)


def test_no_test_carries_a_number_that_nobody_knows() -> None:
    assert set(marked()) <= set(DEMANDS)


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
    assert list(numbers(ast.parse(source))) == found
