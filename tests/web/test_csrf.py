"""Forged requests: what a real browser sends to ourselves passes, what another site starts does not."""

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from panel.web import csrf
from panel.web.csrf import ForgedRequest, OtherSite
from panel.web.sessions import TokenSessions


def check(headers: dict[str, str], *, token: bool = True) -> None:
    app = Flask(__name__)
    app.session_interface = TokenSessions(secure=False)
    with app.test_request_context("/", method="POST", headers={"Cookie": "panel=abc", **headers}):
        assert session.token == "abc"  # type: ignore[attr-defined]
        if not token:
            return csrf.check()
    sent = {**headers, "Cookie": "panel=abc", "X-CSRF-Token": token_of(app)}
    with app.test_request_context("/", method="POST", headers=sent):
        return csrf.check()


def token_of(app: Flask) -> str:
    with app.test_request_context("/", headers={"Cookie": "panel=abc"}):
        return csrf.csrf_token()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {},
    ],
)
def test_our_own_form_is_taken(headers: dict[str, str]) -> None:
    check(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "http://elsewhere.example"},
    ],
)
def test_another_sites_form_is_refused_even_with_our_token(headers: dict[str, str]) -> None:
    with pytest.raises(OtherSite):
        check(headers)


def test_form_without_the_token_is_refused() -> None:
    with pytest.raises(ForgedRequest):
        check({"Sec-Fetch-Site": "same-origin"}, token=False)


def test_what_another_site_sends_is_not_shown_on_a_page_of_ours(client: FlaskClient) -> None:
    spoof = "Your account is locked. Telephone 020 7946 0000 and read out your recovery codes."
    refused = client.post("/sign-in", data={"about": spoof}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 400
    assert "020 7946 0000" not in refused.text
