"""No unsafe request without a token given to this browser, and none from another site. Checked once, for every view."""

import hmac
from typing import Final, cast

from flask import Flask, request, session
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm

from panel.kernel.errors import Malformed
from panel.web.context import SAFE
from panel.web.sessions import TokenSession

FIELD: Final = "csrf_token"


class ForgedRequest(Malformed):
    """The form was not one this browser was given, or the session has ended since."""

    sentence = "This page was open for too long, or you signed in or out somewhere else. Nothing has been saved."


class OtherSite(Malformed):
    """The request was started by another site."""

    sentence = "This request did not come from this service."


class RequestCsrf(CSRF):
    """WTForms' hook: puts the token into every form. The check itself is `check`, before any view."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        """This browser's token."""
        return csrf_token()

    def validate_csrf_token(self, form: BaseForm, field: CSRFTokenField) -> None:
        """Nothing to do: `check` has run before the view."""


def csrf_token() -> str:
    """The token for forms given to this browser."""
    return cast(TokenSession, session).csrf_token()


def init_csrf(app: Flask) -> None:
    """Check every unsafe request before its view."""
    app.before_request(check)


def check() -> None:
    """Raises OtherSite or ForgedRequest."""
    if request.method in SAFE:
        return
    _refuse_other_sites()
    sent = request.form.get(FIELD) or request.headers.get("X-CSRF-Token", "")
    token = cast(TokenSession, session)
    if token.token is None or not hmac.compare_digest(sent.encode(), token.csrf_token().encode()):
        raise ForgedRequest


def _refuse_other_sites() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise OtherSite
        # under our Referrer-Policy a browser sends "Origin: null" even to ourselves, so this header decides alone
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        raise OtherSite
