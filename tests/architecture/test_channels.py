"""Channels that do not exist, and stay so: held by looking at the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from panel.config import ROOT, Config
from panel.kernel import ids
from panel.kernel.tables import BlindBase
from panel.web.who_sees import ROLES
from tests.web.rights import table

SOURCES = sorted((ROOT / "panel").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "panel" / "static").glob("*.js"))
#: A switch that somebody could forget, revert or find.
SWITCH = re.compile(r"\b\w*(?:show_name|hide_name|reveal_name|mask_|masked|anonymi[sz]e|is_blind|unblind)\w*\b")
PERSON = re.compile(r"\b(?:email|staff_no|preferred_name|forename|surname|account)\b")


def holding(paths: list[Path], pattern: re.Pattern[str] | str) -> dict[str, str]:
    """The files that hold it, with what they hold."""
    found = ((path, re.search(pattern, path.read_text())) for path in paths)
    return {str(path.relative_to(ROOT)): match[0] for path, match in found if match}


def blind(paths: list[Path]) -> list[Path]:
    return [path for path in paths if "blind" in path.relative_to(ROOT).parts]


def test_the_patterns_find_what_they_are_for() -> None:
    assert len(blind(SOURCES)) > 50
    assert len(blind(TEMPLATES)) > 10
    assert SWITCH.search("if board.show_names:")
    assert PERSON.search("{{ who.staff_no }}")
    assert holding(SOURCES, r"class AccountId")


@pytest.mark.leak("L07")
def test_nothing_completes_what_somebody_types() -> None:
    assert holding(TEMPLATES, r"<datalist|role=\"(?:combobox|listbox)\"|aria-autocomplete") == {}
    assert holding(SCRIPTS, r"datalist|combobox|listbox") == {}


@pytest.mark.leak("L15")
@pytest.mark.parametrize(
    "line", ["import uuid", "from uuid import uuid1", "import random", "from random import choice"]
)
def test_ids_with_a_time_or_a_guess_in_them_are_refused_by_the_linter(line: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", "panel/kernel/new.py"]
    done = subprocess.run([*command, "-"], cwd=ROOT, input=line, capture_output=True, text=True, check=False)
    assert "TID251" in done.stdout


@pytest.mark.leak("L15")
def test_no_library_makes_ids_and_none_is_made_from_anything() -> None:
    assert holding(SOURCES, r"\b(?:ulid|uuid[1-8]|ksuid|nanoid|snowflake|time_ns|gethostname|getnode)\b") == {}
    assert ids.Id.new.__func__.__code__.co_argcount == 1  # type: ignore[attr-defined] - the class and nothing else
    assert ids.Code.new.__func__.__code__.co_argcount == 1  # type: ignore[attr-defined] - as above


@pytest.mark.leak("L15")
def test_ids_sorted_tell_nothing_of_the_order_in_which_they_were_made() -> None:
    made = [ids.AccountId.new() for _ in range(200)]
    place = {each: rank for rank, each in enumerate(sorted(made))}
    apart = sum((n - place[each]) ** 2 for n, each in enumerate(made))
    assert abs(1 - 6 * apart / (200 * (200**2 - 1))) < 0.3
    assert sum(place[each] == n for n, each in enumerate(made)) <= 7


@pytest.mark.leak("L27")
@pytest.mark.leak("L71")
def test_no_switch_shows_or_hides_names() -> None:
    columns = [column.name for each in BlindBase.metadata.tables.values() for column in each.columns]
    assert [name for name in chain(columns, Config.__annotations__) if SWITCH.search(name)] == []
    assert holding(blind(SOURCES), SWITCH) == {}
    assert holding(blind(TEMPLATES), SWITCH) == {}


@pytest.mark.leak("L23")
@pytest.mark.leak("L27")
def test_no_blind_template_speaks_of_a_person() -> None:
    assert holding(blind(TEMPLATES), PERSON) == {}


@pytest.mark.leak("L32")
def test_no_page_loads_anything_from_another_host() -> None:
    assert (
        holding(TEMPLATES, r"(?:src|srcset|poster|data|action)=\"(?:https?:)?//|<link[^>]+href=\"(?:https?:)?//") == {}
    )
    assert holding(SCRIPTS, r"https?://(?!www\.w3\.org)|import\s*\(") == {}
    assert holding(sorted((ROOT / "panel" / "static").glob("*.css")), r"url\(|@import") == {}


@pytest.mark.leak("L49")
def test_nothing_is_uploaded() -> None:
    assert holding(SOURCES, r"request\.files|FileField|MultipleFileField|multipart/form-data") == {}
    assert holding(TEMPLATES, r"type=\"file\"|multipart/form-data") == {}


@pytest.mark.leak("L80")
@pytest.mark.leak("L31")
def test_nothing_is_live_and_nothing_is_kept_in_the_browser() -> None:
    assert holding(SOURCES, r"text/event-stream|websocket|socketio") == {}
    assert holding(SCRIPTS, r"WebSocket|EventSource|RTCPeer|BroadcastChannel") == {}
    assert holding(SCRIPTS, r"localStorage|sessionStorage|indexedDB|caches\.|serviceWorker|new Worker") == {}


@pytest.mark.leak("L63")
def test_the_example_proxies_and_servers_write_no_line_for_a_request() -> None:
    examples = {path.name: path.read_text() for path in (ROOT / "instance").glob("*.example")}
    nginx = re.split(r"^server \{", examples["nginx.conf.example"], flags=re.MULTILINE)[1:]
    assert len(nginx) == 2
    for server in nginx:
        assert re.findall(r"access_log\s+(\S+);", server) == ["off"]
    # Caddy writes one only where it is told to
    assert not re.search(r"^\s*log\b", examples["Caddyfile.example"], flags=re.MULTILINE)
    for side in ("named", "blind"):
        assert "accesslog = None" in examples[f"gunicorn-{side}.conf.py.example"]


@pytest.mark.leak("L73")
def test_who_sees_what_speaks_of_every_part_that_the_table_of_rights_knows() -> None:
    elsewhere = {"nobody", "newcomer", "successor", "another candidate"}
    parts = {part for row in table().values() for part in row} - elsewhere
    known = " ".join(part.role for part in ROLES).casefold()
    assert [part for part in parts if not any(word in known for word in _words(part))] == []


def _words(part: str) -> Iterator[str]:
    first = part.partition(" of ")[0].casefold()
    yield {"marker": "panel member", "deputy": "chair"}.get(first, first)


@pytest.mark.leak("L64")
def test_every_engine_hides_what_is_bound_to_statements() -> None:
    calls = [
        (path.name, node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "create_engine"
    ]
    assert len(calls) >= 3
    assert [name for name, call in calls if "hide_parameters" not in {word.arg for word in call.keywords}] == []
