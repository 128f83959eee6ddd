"""Channels that are probed by asking twice: what nobody may find out must not change the answer."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from werkzeug.test import TestResponse

from panel.blindcheck.canaries import word
from panel.board.lifecycle import Stage
from panel.kernel.tables import NamedBase, SealedBase
from tests.walking import Door, doors
from tests.web.rights import table
from tests.world import Visit, World

STAGE = Stage.MARKING
BLIND = ("submissions", "training", "marking", "moderation", "merit", "consistency")
PROBES = (
    *("q", "search", "query", "name", "who", "user", "as", "sudo", "group", "role", "include", "expand", "fields"),
    *("format", "debug", "sort", "order", "filter", "email", "station", "unit", "rank", "gender", "anonymous", "blind"),
)
#: What strangers may open. Everything else leads to sign-in or is not there.
OPEN_TO_ALL = {
    "accounts.change_password_here",
    "accounts.forgotten",
    "accounts.sign_in",
    "blind_probes.health",
    "blind_probes.readiness",
    "help.index",
    "help.page",
    "intake.check_receipt",
    "probes.health",
    "probes.readiness",
    "register.check",
}


def blind_doors(visit: Visit, method: str = "GET") -> Iterator[Door]:
    return (door for door in doors(visit, STAGE, method) if door.endpoint.partition(".")[0] in BLIND)


def said(response: TestResponse) -> tuple[int, str, bytes]:
    return response.status_code, response.headers.get("Location", ""), response.data


@pytest.mark.leak("L26")
@pytest.mark.leak("L34")
@pytest.mark.leak("L38")
@pytest.mark.leak("L71")
@pytest.mark.leak("L72")
@pytest.mark.parametrize("part", ["marker", "chair"])
def test_no_parameter_finds_or_shows_anybody(visit: Visit, part: str) -> None:
    client = visit.client(visit.cast(STAGE)[part])
    who = visit.company(STAGE).candidates[0]
    probes = [urlencode(dict.fromkeys(PROBES, each)) for each in (who.name, str(who.account))]
    pages = 0
    for door in blind_doors(visit):
        plain = said(client.get(door.path))
        pages += plain[0] == 200
        for probe in probes if plain[0] == 200 else ():
            assert said(client.get(f"{door.path}?{probe}")) == plain, (door, probe)
    assert pages > 5


@pytest.mark.leak("L35")
def test_a_name_in_a_request_costs_the_same_statements_as_a_nonsense_word(visit: Visit) -> None:
    client = visit.client(visit.company(STAGE).chair)
    name = visit.company(STAGE).candidates[0].name
    hidden = {each.name for base in (NamedBase, SealedBase) for each in base.metadata.tables.values()}
    most = 0
    for door in blind_doors(visit):
        asked = [_asked(visit, client, f"{door.path}?{urlencode({'q': each})}") for each in (name, word(len(name)))]
        assert asked[0] == asked[1], door
        most = max(most, len(asked[0]))
        assert not hidden & set(re.findall(r"(?:FROM|JOIN) (?:main\.)?(\w+)", " ".join(asked[0]))), door
    assert most > 10  # pages were really asked for


def _asked(visit: Visit, client: FlaskClient, path: str) -> list[str]:
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engines = {visit.database.engine("named"), visit.database.engine("blind")}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    return statements


@pytest.mark.leak("L77")
@pytest.mark.leak("L80")
@pytest.mark.parametrize(
    "asking",
    [
        {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
        {"Accept": "text/csv, application/xml;q=0.9", "User-Agent": "Mozilla/5.0 (iPhone; Mobile)"},
        {"Accept": "text/event-stream"},
    ],
)
def test_another_client_gets_the_same_page(visit: Visit, asking: dict[str, str]) -> None:
    client = visit.client(visit.company(STAGE).markers[0])
    for door in blind_doors(visit):
        plain = said(client.get(door.path))
        other = client.get(door.path, headers=asking)
        assert other.status_code == 406 or said(other) == plain, door


@pytest.mark.leak("L29")
@pytest.mark.leak("L28")
def test_a_stranger_opens_only_what_is_on_the_list() -> None:
    found = {name.removeprefix("GET ") for name, parts in table().items() if "+" in parts.get("nobody", "")}
    assert {name for name in found if not name.startswith("POST ")} == OPEN_TO_ALL


@pytest.mark.leak("L30")
@pytest.mark.parametrize(
    "path",
    [
        "/instance/keys/pepper",
        "/keys/pepper",
        "/panel.sqlite3",
        "/.git/config",
        "/.env",
        "/security/",
        "/mail/",
        "{static}/../../instance/panel.sqlite3",
        "{static}/..%2f..%2fpyproject.toml",
        "{static}/%2e%2e/%2e%2e/pyproject.toml",
        "{static}//etc/passwd",
    ],
)
def test_no_file_besides_those_of_static_is_served(visit: Visit, path: str) -> None:
    static = next(rule.rule.partition("/<")[0] for rule in visit.app.url_map.iter_rules() if rule.endpoint == "static")
    for member in (None, visit.company(STAGE).hr):
        response = visit.client(member).get(path.format(static=static))
        assert response.status_code in {302, 308, 404}, path
        assert response.status_code == 404 or response.headers["Location"].startswith(("/", "http://localhost/"))


@pytest.mark.leak("L33")
@pytest.mark.leak("L71")
def test_a_cookie_is_a_random_token_and_an_altered_one_only_signs_out(visit: Visit) -> None:
    member = visit.company(STAGE).markers[0]
    client = visit.client(member)
    tokens = {visit.client(member).get_cookie("panel").value for _ in range(3)}  # type: ignore[union-attr]
    assert len(tokens) == 3
    token = client.get_cookie("panel")
    assert token is not None
    assert set(client._cookies) == {token._storage_key}
    raw = urlsafe_b64decode(token.value + "=")
    assert len(raw) == 32
    board = visit.boards[STAGE].board
    assert not [each for each in (member.account, member.marker, board) if bytes(each) in raw]
    page = f"/panel/{board}/marking"
    assert client.get(page).status_code == 200
    for at in range(0, len(token.value), 9):
        changed = token.value[:at] + ("A" if token.value[at] != "A" else "B") + token.value[at + 1 :]
        for value in (changed, token.value[:at]):
            client.set_cookie("panel", value)
            answer = client.get(page)
            assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in?next={page}")


@pytest.mark.leak("L07")
def test_a_name_after_an_at_sign_is_text_like_any_other(world: World, tmp_path: Path) -> None:
    real = world.boards[STAGE].people.candidates[0].email.partition("@")[0]
    answers = []
    for n, each in enumerate((real, word(len(real)))):
        with world.copied(tmp_path / str(n)) as visit:
            answers.append([*_mentioning(visit, each)])
            with visit.database.reading() as db:
                assert db.execute(text("SELECT count(*) FROM outgoing")).scalar_one() == 0
    assert answers[0] == answers[1]
    assert len(answers[0]) > 30


def _mentioning(visit: Visit, who: str) -> Iterator[tuple[str, int, str]]:
    """What every form of the panel answers, with the mention, ids and tokens taken out."""
    with visit.database.writing() as db:
        db.execute(text("DELETE FROM outgoing"))
    for part in ("marker", "chair"):
        client = visit.client(visit.cast(STAGE)[part])
        page = client.get("/help").get_data(as_text=True)
        token = (re.search(r'name="csrf_token" value="(\w+)"', page) or [""])[1]
        fields = ("evidence", "reason", "comment", "note", "answer", "text", "words", "name", "title", "search")
        form = {**dict.fromkeys(fields, f"As @{who} said in the last meeting of the panel."), "score": "3"}
        for door in blind_doors(visit, "POST"):
            response = client.post(door.path, data={**form, "csrf_token": token, "version": "0"})
            body = response.get_data(as_text=True).replace(who, "")
            yield door.endpoint, response.status_code, re.sub(r"[0-9a-f]{32,}|[0-9A-Z]{4}(-?[0-9A-Z]{4})+", "", body)


@pytest.mark.leak("L49")
@pytest.mark.parametrize("part", ["candidate", "marker", "HR"])
def test_a_file_sent_to_any_form_is_stored_nowhere(visit: Visit, part: str) -> None:
    client = visit.client(visit.cast(STAGE)[part])
    page = client.get("/help").get_data(as_text=True)
    token = (re.search(r'name="csrf_token" value="(\w+)"', page) or [""])[1]
    secret = word(14)
    for door in doors(visit, STAGE, "POST"):
        if door.endpoint != "accounts.sign_out" and str(visit.boards[STAGE].board) in door.path:
            sent = {"csrf_token": token, "file": (BytesIO(secret.encode()), f"{secret}.docx")}
            response = client.post(door.path, data=sent, content_type="multipart/form-data")
            assert response.status_code < 500, door
            assert secret not in response.get_data(as_text=True), door
    visit.database.dispose()
    kept = [
        path for path in visit.config.instance.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]
    assert kept == []


@pytest.mark.leak("L64")
@pytest.mark.leak("L36")
def test_what_is_too_large_is_refused_alike_everywhere_and_not_handed_back(visit: Visit) -> None:
    said_word = word(14)
    for part in ("nobody", "marker", "candidate"):
        client = visit.client(visit.cast(STAGE).get(part))
        pages = set()
        some = {door.endpoint.partition(".")[0]: door for door in doors(visit, STAGE, "POST")}
        for door in some.values():
            for path in (door.path, re.sub("[0-9a-f]{32}", "0" * 32, door.path)):
                response = client.post(path, data={"evidence": said_word * 50_000})
                assert (response.status_code, response.headers["Cache-Control"]) == (413, "no-store"), path
                pages.add(re.sub(r"[0-9a-f]{64}", "", response.get_data(as_text=True)))
        assert len(pages) == 1
        assert said_word not in pages.pop()


@pytest.mark.leak("L17")
@pytest.mark.parametrize("part", ["marker", "chair"])
@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.MARKING, Stage.MODERATION, Stage.UNSEALED])
def test_every_blind_list_is_ordered(visit: Visit, stage: Stage, part: str) -> None:
    loose: set[str] = set()
    _watch(visit.database.engine("blind"), loose)
    client = visit.client(visit.cast(stage)[part])
    for door in doors(visit, stage, "GET"):
        if door.endpoint.partition(".")[0] in BLIND:
            client.get(door.path)
    assert sorted(loose) == []
    with visit.database.reading("blind") as db:
        db.execute(text("SELECT code FROM task WHERE code IN (SELECT code FROM task)"))
    assert len(loose) == 1


def _watch(engine: Engine, loose: set[str]) -> None:
    """Collect every statement that gives several rows in no order, by asking the same again."""

    def look(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("SELECT") or "ORDER BY" in statement.rpartition(")")[2]:
            return
        again = cursor.connection.cursor()
        if len(again.execute(statement, parameters).fetchmany(2)) > 1:
            loose.add(statement)

    event.listen(engine, "after_cursor_execute", look)
