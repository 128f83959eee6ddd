"""The cookie is a random token and nothing else. What belongs to it lives in a table of access."""

import hmac
import secrets
from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from panel.kernel.encoding import context, digest

_CSRF: Final = b"panel/csrf/v1"


class TokenSession(dict[str, Any], SessionMixin):
    """One browser's token. The mapping itself stays empty; Flask-Login only ever asks it for what is not there."""

    def __init__(self, token: str | None) -> None:
        super().__init__()
        self.token = token
        self._sent = token
        self.ended = False

    def begin(self, token: str) -> None:
        """Use a new token from now on (sign-in, step-up)."""
        self.token = token
        self.ended = False

    def end(self) -> None:
        """Forget the token, in the browser too."""
        self.token, self.ended = None, True

    @property
    def changed(self) -> bool:
        """Whether the browser must be told a new token."""
        return self.token is not None and self.token != self._sent

    def csrf_token(self) -> str:
        """An HMAC keyed by the token: a form proves that it was given to this browser."""
        if self.token is None:
            self.begin(secrets.token_urlsafe(32))
        key = digest(context(_CSRF, (self.token or "").encode()))
        return hmac.new(key, _CSRF, "sha256").hexdigest()


class TokenSessions(SessionInterface):
    """Reads and sets the token cookie. `secure` is off only where there is no TLS: the demo and tests on loopback."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self.cookie = "__Host-panel" if secure else "panel"

    def open_session(self, app: Flask, request: Request) -> TokenSession:
        """The request's token, as the browser sent it."""
        return TokenSession(request.cookies.get(self.cookie) or None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie when the token changed; delete it when the session ended."""
        response.vary.add("Cookie")
        if not isinstance(session, TokenSession):
            return
        flags: dict[str, Any] = {"secure": self.secure, "httponly": True, "samesite": "Lax", "path": "/"}
        if session.ended:
            response.delete_cookie(self.cookie, **flags)
        elif session.changed and session.token:
            response.set_cookie(self.cookie, session.token, **flags)
