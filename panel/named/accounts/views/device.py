"""The cookie by which a browser is known again after a sign-in: random tokens and nothing else, for ninety days.

One for each of the last few people who signed in in it: two who share a browser do not make strangers of each other.
"""

from typing import Final

from flask import Response, after_this_request, g, request

from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts import devices

_PLAIN: Final = "panel-browser"
_BETWEEN: Final = "."


def shown() -> tuple[str, ...]:
    """The tokens that the browser shows, of which no more are looked at than it was given."""
    tokens = request.cookies.get(_name(), "").split(_BETWEEN, devices.MOST)
    return tuple(filter(None, tokens[: devices.MOST]))


def remember(account: AccountId) -> None:
    """The person has proved who she is in this browser: from now on it is known to her account."""
    tokens = devices.remember(g.db, account, shown())
    if tokens is None:
        return

    @after_this_request
    def keep(response: Response) -> Response:
        secure, life = config().secure_cookies, devices.LIFE
        value = _BETWEEN.join(tokens)
        response.set_cookie(_name(), value, max_age=life, path="/", secure=secure, httponly=True, samesite="Lax")
        return response


def _name() -> str:
    return f"__Host-{_PLAIN}" if config().secure_cookies else _PLAIN
