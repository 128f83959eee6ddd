"""Which numbers the tests carry: read from their source, so that a test that is skipped counts too."""

import ast
from collections import Counter
from collections.abc import Iterator

from panel.config import ROOT


def marked(mark: str) -> Counter[str]:
    """How often each number of that mark is given to a test, a module or a parameter."""
    files = (ROOT / "tests").rglob("*.py")
    return Counter(number for path in files for number in numbers(ast.parse(path.read_text()), mark))


def numbers(tree: ast.AST, mark: str) -> Iterator[str]:
    """The numbers that one file gives: of `pytest.mark.<mark>("...")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == mark:
            yield from (each.value for each in node.args if isinstance(each, ast.Constant) and _is_mark(node.func))


def _is_mark(name: ast.Attribute) -> bool:
    return isinstance(name.value, ast.Attribute) and name.value.attr == "mark"
