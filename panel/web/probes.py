"""Two addresses for whatever keeps the service running: is the process alive, and may it be sent requests.

They say one word and nothing else, ask for nobody and are never logged. The blind side has its own pair, since a proxy
knows that side by its first path segment.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]

_ALIVE: Final = "alive\n"
_READY: Final = "ready\n"
_NOT_READY: Final = "not ready\n"


def probes(name: str, prefix: str, unasked: Guard, ready: Callable[[], bool]) -> Blueprint:
    """The blueprint of one side. `unasked` is the guard that asks for nobody; `ready` asks this side's database."""
    views = Blueprint(name, __name__, url_prefix=prefix)

    @views.get("/health")
    @unasked
    def health() -> Response:
        return _said(_ALIVE)

    @views.get("/ready")
    @unasked
    def readiness() -> tuple[Response, int] | Response:
        return _said(_READY) if ready() else (_said(_NOT_READY), HTTPStatus.SERVICE_UNAVAILABLE)

    return views


def _said(word: str) -> Response:
    return Response(word, mimetype="text/plain")
