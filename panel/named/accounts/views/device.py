"""The cookie by which a browser is known again after a sign-in: a random token and nothing else, for ninety days."""

from typing import Final

from flask import Response, after_this_request, g, request

from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts import devices

_PLAIN: Final = "panel-browser"


def shown() -> str:
    """The token that the browser shows, or nothing."""
    return request.cookies.get(_name(), "")


def remember(account: AccountId) -> None:
    """The person has proved who she is in this browser: from now on it is known to her account."""
    token = devices.remember(g.db, account, shown())
    if token is None:
        return

    @after_this_request
    def keep(response: Response) -> Response:
        secure, life = config().secure_cookies, devices.LIFE
        response.set_cookie(_name(), token, max_age=life, path="/", secure=secure, httponly=True, samesite="Lax")
        return response


def _name() -> str:
    return f"__Host-{_PLAIN}" if config().secure_cookies else _PLAIN
