"""Help pages open to everyone, and say what they must not leave out."""

from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined

from panel.board.lifecycle import Stage
from panel.config import ROOT
from panel.web.converters import init_converters
from panel.web.errors import init_errors
from panel.web.frame import init_frame
from panel.web.help import PAGES, pages
from panel.web.sessions import TokenSessions
from panel.web.threats import THREATS, Threat
from panel.web.who_sees import ROLES


def _open(view: Callable[..., Any]) -> Callable[..., Any]:
    return view


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask("panel.app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "panel" / "static"))
    app.session_interface = TokenSessions(secure=False)
    app.jinja_env.undefined = StrictUndefined
    init_converters(app)
    init_frame(app)
    init_errors(app)
    app.register_blueprint(pages(_open))
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize("page", PAGES)
def test_help_page_opens_with_one_heading_and_its_title(client: FlaskClient, page: str) -> None:
    answer = client.get(f"/help/{page}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert f"<title>{PAGES[page][0]}" in answer.text


def test_index_leads_to_every_page(client: FlaskClient) -> None:
    text = client.get("/help").text
    assert all(f'href="/help/{page}"' in text for page in PAGES)


def test_unknown_help_page_is_not_found(client: FlaskClient) -> None:
    assert client.get("/help/no-such-page").status_code == 404


@pytest.mark.parametrize(
    "risk", ["way of writing", "tell a panel member", "Few candidates", "act together", "at the moment you submit"]
)
def test_page_on_sealing_admits_what_cannot_be_promised(client: FlaskClient, risk: str) -> None:
    assert risk in client.get("/help/sealed").text


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.who)
def test_page_on_sealing_says_who_could_try_and_what_remains(client: FlaskClient, threat: Threat) -> None:
    text = unescape(client.get("/help/sealed").text)
    assert threat.who in text
    assert threat.holds in text
    assert threat.remains in text


@pytest.mark.parametrize(
    "left_open",
    [
        "way of writing",
        "well-known incident",
        "tell a panel member",
        "act together with the chair or a deputy",
        "at the moment you submit",
        "Passphrases are typed into the service",
        "fewer than five submissions",
        "between two backups",
    ],
)
def test_page_on_sealing_admits_every_channel_that_no_test_closes(client: FlaskClient, left_open: str) -> None:
    assert left_open in client.get("/help/sealed").text


@pytest.mark.parametrize("topic", ["Who holds the keys", "eight words", "receipt proves", "open the names early"])
def test_page_on_sealing_explains_keys_words_and_receipts_and_leads_to_the_check(
    client: FlaskClient, topic: str
) -> None:
    text = client.get("/help/sealed").text
    assert topic in text
    assert 'href="/check-a-receipt"' in text


def test_who_sees_what_speaks_of_every_part_and_only_of_real_stages(client: FlaskClient) -> None:
    text = client.get("/help/who-sees-what").text
    assert all(f">{part.role}<" in text for part in ROLES)
    known = {stage.value for stage in Stage} | {"to", "and", "all", "stages"}
    assert {word.lower() for part in ROLES for row in part.stages for word in row.stage.split()} <= known
