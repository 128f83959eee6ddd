"""The table of OWASP's ASVS is whole: every requirement once, and all that it names is there."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from panel.config import ROOT

TABLE: Final[dict[str, dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("asvs.toml").read_text())
README: Final = (ROOT / "README.md").read_text()
#: How many requirements of levels 1 and 2 each section has that has any, chapter by chapter.
_SECTIONS: Final[dict[int, dict[int, int]]] = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    2: {1: 3, 2: 3, 3: 4, 4: 1},
    3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4},
    5: {1: 1, 2: 3, 3: 2, 4: 3},
    6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    8: {1: 2, 2: 3, 3: 1, 4: 1},
    9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5},
    14: {1: 2, 2: 4, 3: 3},
    15: {1: 3, 2: 3, 3: 7},
    16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
}
#: Of level 3, which were taken on as well.
_ADOPTED: Final = {"1.2.10", "6.3.8", "11.1.4", "14.2.8", "15.4.2"}


def test_every_requirement_is_there_once() -> None:
    wanted = {
        f"{chapter}.{section}.{number}"
        for chapter, sections in _SECTIONS.items()
        for section, most in sections.items()
        for number in range(1, most + 1)
    }
    # 70 of level 1 and 183 of level 2, less the seven about WebRTC
    assert len(wanted) == 70 + 183 - 7
    assert set(TABLE) == wanted | _ADOPTED
    assert [id_ for id_, row in TABLE.items() if row["level"] == 3] == sorted(_ADOPTED, key=_place)
    assert sum(row["level"] == 1 for row in TABLE.values()) == 70
    assert list(TABLE) == sorted(TABLE, key=_place)


@pytest.mark.parametrize("id_", TABLE)
def test_a_requirement_is_met_or_says_why_not_and_names_what_there_is(id_: str) -> None:
    row = TABLE[id_]
    assert len(row.keys() & {"met", "why", "open"}) == 1
    assert row.keys() <= {"level", "asks", "met", "why", "open", "readme"}
    assert all(row.values())
    assert [said for said in (row["asks"], row.get("why", "x."), row.get("open", "x.")) if not said.endswith(".")] == []
    assert not row.get("readme") or _is_paragraph(row["readme"])
    named = [*row.get("met", ()), *re.findall(r"tests/[\w/]+\.py", row.get("open", ""))]
    assert [each for each in named if not _is_there(each)] == []


def _place(id_: str) -> tuple[int, ...]:
    return tuple(map(int, id_.split(".")))


def _is_there(named: str) -> bool:
    path, _, rest = named.partition("#")
    if rest:
        return path == "README.md" and _is_paragraph(rest)
    path, _, test = named.partition("::")
    return (ROOT / path).exists() and (not test or test in _tests(path))


def _is_paragraph(name: str) -> bool:
    return bool(re.search(rf"^(- )?\*\*{re.escape(name)}\.?\*\*", README, flags=re.MULTILINE))


@cache
def _tests(path: str) -> frozenset[str]:
    found = ast.walk(ast.parse((ROOT / path).read_text()))
    return frozenset(each.name for each in found if isinstance(each, ast.FunctionDef))
