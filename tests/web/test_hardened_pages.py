"""What holds for every answer and every request, whatever page it is about: headers, hosts, methods, odd input."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from panel.access.models import RoleRow
from panel.access.roles import Role
from panel.access.service import grant
from panel.app import create_app
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.config import ROOT, Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM
from panel.named.accounts.queries import State, by_email
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, hidden_on, sign_in

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
#: Methods that no page has.
STRANGE = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "OPTIONS", "PROPFIND")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def strict(config: Config, database: Database) -> Flask:
    """As it is served: with TLS in front, and one host name."""
    return create_app(replace(config, secure_cookies=True, trusted_hosts=("boards.example",)), database)


def headers(answer: TestResponse) -> list[str]:
    """What is wrong with the headers of an answer."""
    told = dict(each.strip().split(" ", 1) for each in answer.headers.get("Content-Security-Policy", "x x").split(";"))
    wanted = {
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }
    wrong = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    wrong += [name for name, value in POLICY.items() if told.get(name) != value]
    wrong += [
        name for name in ("Access-Control-Allow-Origin", "Server", "X-Powered-By", "Allow") if name in answer.headers
    ]
    wrong += [] if "camera=()" in answer.headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    wrong += ["unsafe"] if "unsafe" in str(answer.headers) else []
    said = answer.headers.get("Content-Type", "")
    return wrong + ([] if "charset=utf-8" in said or not answer.data else ["Content-Type"])


def test_every_answer_has_the_headers_whatever_it_is(strict: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    strict.config["PROPAGATE_EXCEPTIONS"] = False
    client, here = strict.test_client(), "https://boards.example"
    answers = {
        200: client.get("/sign-in", base_url=here),
        302: client.get("/", base_url=here),
        404: client.get("/nowhere", base_url=here),
        400: client.post("/sign-in", base_url=here),
        413: client.post("/sign-in", base_url=here, data={"x": "x" * 600_000}),
    }
    stranger = client.get("/sign-in", base_url="https://elsewhere.example")
    monkeypatch.setitem(strict.view_functions, "help.index", lambda: 1 / 0)
    answers[500] = client.get("/help", base_url=here)
    assert {status: answer.status_code for status, answer in answers.items()} == {each: each for each in answers}
    assert {status: headers(answer) for status, answer in answers.items()} == {status: [] for status in answers}
    assert (stranger.status_code, headers(stranger)) == (400, [])


@pytest.mark.vault("V25")
def test_with_tls_the_cookie_belongs_to_the_host_and_the_browser_stays_with_tls(strict: Flask) -> None:
    answer = strict.test_client().get("/sign-in", base_url="https://boards.example")
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-panel"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest.split("; "))
    assert "Domain" not in rest
    assert "Strict-Transport-Security" in answer.headers


def test_a_method_that_no_page_has_is_like_a_page_that_is_not_there(app: Flask) -> None:
    client = app.test_client()
    missing = client.get("/nowhere")
    for path in ("/sign-in", "/", "/accounts", "/help"):
        for method in STRANGE:
            answer = client.open(path, method=method, headers={"X-Secret": "mirrored"})
            # without a token what would change something is refused before anybody looks whether the page exists
            assert answer.status_code in {400, 404}, (method, path)
            assert "mirrored" not in answer.text
            assert "Allow" not in answer.headers
    assert client.options("/sign-in").text == missing.text
    assert client.head("/sign-in").data == b""


def test_hosts_that_are_not_ours_are_refused_and_forwarded_ones_are_not_believed(
    strict: Flask, config: Config, database: Database
) -> None:
    forwarded = {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"}
    here = "https://boards.example"
    for host in (
        "elsewhere.example",
        "boards.example.elsewhere.example",
        "xboards.example",
        "boards.example@elsewhere",
    ):
        answer = strict.test_client().get("/sign-in", base_url="https://boards.example", headers={"Host": host})
        assert (answer.status_code, host in answer.text) == (400, False), host
    seen: list[tuple[str, str | None]] = []
    behind = create_app(replace(config, trusted_hosts=("boards.example",), proxy_hops=1), database)
    for each in (strict, behind):
        each.before_request_funcs.setdefault(None, []).append(_noting(seen))
    assert strict.test_client().get("/sign-in", base_url=here, headers=forwarded).status_code == 200
    # one proxy says the last of several; what came before it is the client's own invention
    forwarded |= {
        "X-Forwarded-Host": "elsewhere.example, boards.example",
        "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
    }
    assert behind.test_client().get("/sign-in", base_url=here, headers=forwarded).status_code == 200
    assert seen == [("boards.example", "127.0.0.1"), ("boards.example", "203.0.113.9")]


def _noting(seen: list[tuple[str, str | None]]) -> Callable[[], None]:
    return lambda: seen.append((request.host, request.remote_addr))


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/help/%00sealed",
        "/help/sealed%00",
        "/" + "x" * 100_000,
        "/%ff%fe",
        "/boards/" + "0" * 33,
        "/..%2f..%2fetc",
        "//",
        "/help/%0d%0aSet-Cookie:x=y",
    ],
)
def test_what_is_too_long_or_has_a_null_byte_is_no_page(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code in {404, 308}
    assert "Set-Cookie" not in answer.headers or "x=y" not in answer.headers["Set-Cookie"]
    assert answer.status_code == 404 or answer.headers["Location"].endswith("/")


def test_null_bytes_in_fields_fail_nothing(client: FlaskClient, database: Database) -> None:
    added_niamh(database)
    for sent in ({"email": f"{EMAIL}\0", "password": PASSWORD}, {"email": EMAIL, "password": f"{PASSWORD}\0"}):
        assert sign_in(client, **sent).status_code in {303, 422}


@pytest.mark.vault("V02")
def test_fields_that_no_form_has_change_nothing(client: FlaskClient, database: Database) -> None:
    niamh = added_niamh(database)
    other = {"role": "administrator", "account": "0" * 32, "id": "0" * 32, "state": "active", "stage": "published"}
    other |= {"board": str(SYSTEM), "administrator": "1", "stepped_up": "1", "kind": "hr"}
    sign_in(client, **other)
    with database.writing() as db:
        assert roles_given(db) == []
        grant(db, SYSTEM, niamh, Role.HR)
    # whoever gets a first part is signed out
    sign_in(client, **other)
    for page, boxes in {
        "/accounts/invite": {"name": "Zoë Ngata", "email": "zoe@fictional.police.uk", "staff_no": "N-9"},
        "/boards/new": {"title": "Inspector 2027"},
    }.items():
        assert fill(client, page, **boxes, **other).status_code == 303
    with database.reading() as db:
        made = by_email(db, "zoe@fictional.police.uk")
        assert made is not None
        assert (made.staff_no, str(made.id) == other["id"], made.state) == ("N-9", False, State.INVITED)
        board = db.scalars(select(BoardRow)).one()
        assert (board.stage, board.id == SYSTEM) == (Stage.DRAFT, False)
        # whoever makes a board runs it, and nobody was given anything else
        assert roles_given(db) == sorted([(SYSTEM, "hr"), (board.id, "hr")])


def roles_given(db: Session) -> list[tuple[bytes, str]]:
    return sorted((row.board, row.role) for row in db.scalars(select(RoleRow)))


def test_a_field_sent_twice_counts_once_and_the_address_is_no_form(client: FlaskClient, database: Database) -> None:
    added_niamh(database)
    token = hidden_on(client, "/sign-in")
    twice = {**token, "email": [EMAIL, "other@fictional.police.uk"], "password": ["not the password at all", PASSWORD]}
    assert client.post("/sign-in", data=twice).status_code == 422
    address = f"/sign-in?email={EMAIL}&password={PASSWORD.replace(' ', '+')}"
    assert client.post(address, data=token).status_code == 422
    assert client.post(f"/sign-in?csrf_token={token['csrf_token']}", data={"email": EMAIL}).status_code == 400
    assert PASSWORD not in client.get(address).text


def test_a_failure_says_nothing_of_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> str:
        raise LookupError("the-inside")

    monkeypatch.setitem(app.view_functions, "help.index", fails)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/help")
    assert (answer.status_code, app.debug) == (500, False)
    assert not [each for each in ("the-inside", "LookupError", "Traceback", "test_hardening") if each in answer.text]


def test_a_line_of_the_log_stays_one_line_whatever_is_sent(
    client: FlaskClient, database: Database, config: Config
) -> None:
    added_niamh(database)
    forged = '"\r\n{"event": "signed in", "who": "forged"}\u2028'
    # the one thing from outside that this log holds; a proxy passes it on as it came
    client.environ_base["REMOTE_ADDR"] = f"203.0.113.9{forged}"
    sign_in(client, email=f"a@b{forged}", password=f"not the password{forged}")
    sign_in(client, password=f"not the password{forged}")
    lines = [line for file in (config.instance / "security").iterdir() for line in file.read_text("utf-8").splitlines()]
    assert [json.loads(line)["what"] for line in lines] == ["sign_in_refused"]


@pytest.mark.vault("V24")
def test_a_session_ends_after_twenty_idle_minutes_and_after_ten_hours_in_any_case(
    client: FlaskClient, database: Database
) -> None:
    added_niamh(database)
    with clock.set_to(NOON):
        sign_in(client)
    moment = NOON
    while moment < NOON + timedelta(hours=9, minutes=50):
        moment += timedelta(minutes=19)
        with clock.set_to(moment):
            answer = client.get("/").status_code
            assert answer == (200 if moment <= NOON + timedelta(hours=10) else 302), moment
    with clock.set_to(NOON + timedelta(hours=10, minutes=1)):
        assert client.get("/").status_code == 302
        sign_in(client)
    with clock.set_to(NOON + timedelta(hours=10, minutes=22)):
        assert client.get("/").status_code == 302


def test_no_script_writes_markup_or_runs_text() -> None:
    risky = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__|javascript:"
    )
    scripts = list(Path(ROOT / "panel" / "static").glob("*.js"))
    assert len(scripts) > 3
    assert [path.name for path in scripts if risky.search(path.read_text())] == []
