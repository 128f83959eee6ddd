"""What every response says to the browser: run only our own code, keep no copy, tell nobody where you came from."""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request

from panel.web.assets import KEPT

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def init_headers(app: Flask, *, tls: bool) -> None:
    """Set the headers on every response; HSTS where there is TLS."""

    @app.after_request
    def say(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        if tls:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        elif response.status_code < HTTPStatus.BAD_REQUEST:
            response.headers["Cache-Control"] = KEPT
        return response
