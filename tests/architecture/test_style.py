"""ruff and mypy run as part of the test command; size and words are held here."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from panel.config import ROOT

SOURCES = sorted((ROOT / "panel").rglob("*.py"))


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert run("ruff", "check", ".") == ""


def test_ruff_would_format_nothing() -> None:
    assert run("ruff", "format", "--check", ".") == ""


def test_mypy_strict_finds_nothing() -> None:
    assert run("mypy") == ""


def test_no_file_is_long() -> None:
    files = [
        path for top in ("panel", "tests", "templates", "migrations") for path in (ROOT / top).rglob("*.[ph][yt]*")
    ]
    long = {str(path.relative_to(ROOT)): lines for path in files if (lines := _lines(path)) >= 300}
    assert long == {}


def test_no_function_is_long() -> None:
    assert [where for path in SOURCES for where in _long_functions(path)] == []


def test_no_module_is_called_by_nothing() -> None:
    assert [path for path in SOURCES if path.stem in {"utils", "util", "helpers", "common", "misc"}] == []


def test_nothing_is_left_for_later() -> None:
    # put together here, so that a search for these words finds nothing but what was left
    words = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")
    unfinished = re.compile(rf"\b({'|'.join(words)})\b")
    assert [path for path in SOURCES if unfinished.search(path.read_text())] == []


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.suffix in {".py", ".html"} else 0


def _long_functions(path: Path) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, kinds) and (node.end_lineno or 0) - node.lineno + 1 > 40
    ]
