"""The mutator itself: it makes real changes, each another module, and leaves words for people alone."""

import ast

import pytest

from panel.config import ROOT
from tests.mutation.__main__ import _EXPLAINED
from tests.mutation.mapped import TESTS
from tests.mutation.mutants import mutants

pytestmark = pytest.mark.vault("V28")

SOURCE = '''
"""A docstring."""
LIMIT = 3

def within(value: int, *, strict: bool = True) -> bool:
    """A promise."""
    if value is None or not strict:
        raise ValueError("a sentence")
    note(value)
    return value < LIMIT
'''


def test_every_kind_of_change_is_made_and_each_is_another_module() -> None:
    made = list(mutants(SOURCE))
    assert {each.change for each in made} == {
        "and/or changed",
        "boundary moved",
        "comparison flipped",
        "condition negated",
        "constant plus one",
        "constant turned",
        "returns None",
        "statement dropped",
    }
    plain = ast.unparse(ast.parse(SOURCE))
    assert len({each.source for each in made} | {plain}) == len(made) + 1
    assert all(("A promise." in each.source and "a sentence" in each.source) or "pass" in each.source for each in made)


def test_every_module_of_vault_log_and_encoding_is_mapped_to_tests_that_are_there() -> None:
    wanted = {
        str(path.relative_to(ROOT))
        for folder in ("sealed/vault", "audit")
        for path in (ROOT / "panel" / folder).glob("*.py")
        if path.name not in {"__init__.py", "models.py"}
    } | {"panel/kernel/encoding.py"}
    assert set(TESTS) == wanted
    assert [test for tests in TESTS.values() for test in tests if not (ROOT / test.partition("::")[0]).exists()] == []


def test_every_explained_survivor_is_still_a_mutant() -> None:
    for module, explained in _EXPLAINED.items():
        places = {each.place for each in mutants((ROOT / module).read_text())}
        assert set(explained) <= places, module
        assert all(why.strip() for why in explained.values())
