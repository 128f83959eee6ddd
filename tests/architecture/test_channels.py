"""Channels that do not exist, and stay so: held by looking at the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from panel.app import create_app
from panel.config import ROOT, Config
from panel.kernel import ids
from panel.kernel.database import Database
from panel.kernel.tables import BlindBase
from panel.web import headers
from panel.web.who_sees import ROLES
from tests.web.rights import table
from tests.world import STAGES

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


ELSEWHERE = (
    r"(?:src|srcset|poster|data|action|formaction|content|ping)\s*=\s*[\"']?(?:[^\"'>]*?url=)?(?:https?:)?//(?!www\.w3)"
    r"|<(?:link|base)\b[^>]+href\s*=\s*[\"']?(?:https?:)?//|url\(|@import"
)


@pytest.mark.leak("L32")
def test_no_page_loads_anything_from_another_host() -> None:
    assert holding(TEMPLATES, ELSEWHERE) == {}
    assert holding(SCRIPTS, r"https?://(?!www\.w3\.org)|import\s*\(") == {}
    assert holding(sorted((ROOT / "panel" / "static").glob("*.css")), r"url\(|@import") == {}


@pytest.mark.leak("L32")
@pytest.mark.parametrize(
    "tag",
    [
        '<script src="//x.example/a.js">',
        "<iframe src='https://x.example/'>",
        "<img src=https://x.example/a.png>",
        '<link rel="icon" href="https://x.example/a.ico">',
        '<meta http-equiv="refresh" content="0; url=https://x.example/">',
        '<p style="background: url(//x.example/a.png)">',
    ],
)
def test_what_loads_from_another_host_would_be_found(tag: str) -> None:
    assert re.search(ELSEWHERE, tag)


@pytest.mark.leak("L32")
def test_the_browser_is_told_to_load_nothing_but_ours() -> None:
    rules = {first: set(rest) for first, *rest in (rule.split() for rule in headers._POLICY.split(";"))}
    nothing = {"default-src", "base-uri", "frame-ancestors"}
    assert rules.keys() == nothing | {f"{kind}-src" for kind in ("script", "style", "img", "font", "connect")} | {
        "form-action"
    }
    assert all(rules[name] == ({"'none'"} if name in nothing else {"'self'"}) for name in rules)


@pytest.mark.leak("L49")
def test_nothing_is_uploaded() -> None:
    assert holding(SOURCES, r"request\.files|FileField|MultipleFileField|multipart/form-data") == {}
    assert holding(TEMPLATES, r"type=\"file\"|multipart/form-data") == {}


@pytest.mark.leak("L80")
@pytest.mark.leak("L31")
def test_nothing_is_live_and_nothing_is_kept_in_the_browser() -> None:
    assert holding(SOURCES, r"text/event-stream|websocket|socketio") == {}
    assert holding(SCRIPTS, r"WebSocket|EventSource|RTCPeer|BroadcastChannel") == {}
    assert holding(SCRIPTS, r"postMessage|onmessage|[\"']message[\"']") == {}
    assert holding(SCRIPTS, r"localStorage|sessionStorage|indexedDB|caches\.|serviceWorker|new Worker") == {}


def test_no_template_is_made_of_what_somebody_typed() -> None:
    assert holding(SOURCES, r"render_template_string|from_string\(|\bTemplate\(") == {}
    assert holding(TEMPLATES, r"\{%-? *include (?![\"'])|\{%-? *extends (?![\"'])") == {}


def test_whoever_is_asked_leads_nowhere_else() -> None:
    """A provider's redirect would send the service's secrets, or its question, to another address."""
    calls = [call for path in SOURCES for call in _asking(ast.parse(path.read_text()))]
    assert len(calls) == 2
    assert [ast.unparse(call) for call in calls if "allow_redirects=False" not in ast.unparse(call)] == []


def _asking(tree: ast.AST) -> Iterator[ast.Call]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and re.search(r"\.fetch_token$|^requests\.|urlopen$", ast.unparse(call.func)):
            yield call


#: All of the library that is used; what it still has of old ciphers, modes and hashes is not.
CIPHERS = {
    *("AESGCM", "AESGCMSIV", "Argon2id", "Ed25519PrivateKey", "Ed25519PublicKey", "HKDF", "HOTP", "SHA1", "SHA256"),
    *("AEAD", "KDF", "KEM", "Suite", "MLKEM768PrivateKey", "MLKEM768PublicKey", "X25519PrivateKey", "X25519PublicKey"),
    *("MLKEM768X25519PrivateKey", "MLKEM768X25519PublicKey", "constant_time"),
}


def test_no_other_cipher_mode_or_hash_is_used() -> None:
    """SHA-1 is that of authenticator apps (RFC 6238), MD5 that of a name the blindness check looks for."""
    found, hashes = set(), set()
    for path in SOURCES:
        for each in ast.walk(ast.parse(path.read_text())):
            if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("cryptography.hazmat"):
                found |= {name.name for name in each.names}
            if (
                isinstance(each, ast.Attribute)
                and ast.unparse(each.value) == "hashlib"
                and "blindcheck" not in path.parts
            ):
                hashes.add(each.attr)
    assert found == CIPHERS
    assert hashes <= {"sha256", "sha512", "shake_256", "file_digest"}
    assert all(each.endswith("hashlib.sha256)") for each in holding(SOURCES, r"file_digest\(.*?\)").values())
    assert holding(SOURCES, r"import SHA1") == {"panel/named/accounts/factors/totp.py": "import SHA1"}


@pytest.mark.leak("L63")
def test_the_example_proxies_and_servers_write_no_line_for_a_request() -> None:
    examples = {path.name: path.read_text() for path in (ROOT / "instance").glob("*.example")}
    nginx = re.split(r"^server \{", examples["nginx.conf.example"], flags=re.MULTILINE)[1:]
    assert len(nginx) == 2
    for server in nginx:
        assert re.findall(r"access_log\s+(\S+);", server) == ["off"]
    # Caddy writes one only where it is told to, but for a request that failed
    logs = re.findall(r"^\s*log\b\s*(\{[^}]*\}|.*)", examples["Caddyfile.example"], flags=re.MULTILINE)
    assert ["".join(each.split()) for each in logs] == ["{excludehttp.log}"]
    for side in ("named", "blind"):
        assert "accesslog = None" in examples[f"gunicorn-{side}.conf.py.example"]


@pytest.mark.leak("L63")
def test_no_address_says_which_application_or_which_task_somebody_is_about() -> None:
    """Addresses stand in the log of every proxy: a candidate's say the board alone."""
    application = create_app(Config(instance=ROOT / "nowhere"), Database(None, None))
    held = {rule.endpoint: rule.arguments for rule in application.url_map.iter_rules()}
    hers = {name: arguments for name, arguments in held.items() if name.startswith(("intake.", "results.own"))}
    assert len(hers) > 15
    assert {name for name, arguments in hers.items() if not arguments <= {"board", "key"}} == set()


#: Who reads an endpoint, or what begins so, and from which stage on: what `who_sees` says in words.
PROMISED = {
    "results.named_list": {"HR": "unsealed"},
    "results.candidate": {"HR": "unsealed"},
    "results.export": {"HR": "unsealed"},
    "oversight.take_named_record": {"HR": "unsealed"},
    "monitoring.outcomes": {"HR": "unsealed"},
    "oversight.record": {"HR": "unsealed", "chair": "unsealed", "deputy": "unsealed", "auditor": "locked"},
    "merit.merit": {"chair": "locked", "deputy": "locked", "auditor": "locked"},
    "merit.submission": {"chair": "locked", "deputy": "locked", "auditor": "locked"},
    "moderation.": {"chair": "marking", "deputy": "marking"},
    "moderation.answer": {"chair": "moderation", "deputy": "moderation"},
    "consistency.": {"chair": "moderation", "deputy": "moderation"},
    "submissions.": {"chair": "closed", "deputy": "closed"},
    "marking.task": {"marker": "marking"},
    "results.own": {"candidate": "published", "another candidate": "published"},
    "oversight.board_log": {"auditor": "draft"},
}


@pytest.mark.leak("L73")
@pytest.mark.parametrize("pages", PROMISED)
def test_the_table_of_rights_keeps_what_who_sees_what_promises(pages: str) -> None:
    alike = str.startswith if pages.endswith(".") else str.__eq__
    rows = [row for name, row in table().items() if alike(name, f"GET {pages}")]
    first: dict[str, str] = {}
    for part, signs in (each for row in rows for each in row.items()):
        if "+" in signs:
            stage = STAGES[signs.index("+")]
            first[part] = min(first.get(part, stage), stage, key=STAGES.index)
    assert first == PROMISED[pages]


@pytest.mark.leak("L73")
def test_names_are_for_hr_alone_and_from_the_unsealing_on() -> None:
    told = {part.role: part.names for part in ROLES}
    assert told["HR"] == "From unsealed on"
    assert {role for role, names in told.items() if not names.startswith("N")} == {"HR", "Custodian"}
    assert told["Custodian"] == "From unsealed on, and only if also HR"


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
