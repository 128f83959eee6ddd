"""The application log: JSON lines from an allow-list. A message or a local variable could hold a name: none is kept.

No request gets a line of its own: who sent what when would tell who applied when, and so whose answer is whose. What is
logged is what the service did and refused, by the name of the page's code and never by an address. It keeps no time
either; whatever collects the lines has its own. Libraries write in the same form, less their messages.
"""

import json
import logging
import sys
import traceback
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

_log: Final = logging.getLogger("panel")
#: What a line may hold, and as what: words of our own code and numbers, nothing that anybody typed or sent.
_ALLOWED: Final[dict[str, Callable[[Any], bool]]] = {
    "event": lambda value: isinstance(value, str),
    "endpoint": lambda value: value is None or isinstance(value, str),
    "error": lambda value: isinstance(value, str),
    "constraint": lambda value: value is None or isinstance(value, str),
    "at": lambda value: isinstance(value, list),
    "side": lambda value: value in {"named", "blind", "both"},
    "engine": lambda value: value in {"sqlite", "postgresql"},
    "kind": lambda value: isinstance(value, str),
    "count": lambda value: isinstance(value, int),
}
#: Loggers of those we run on; each had a format, or a handler, of its own.
LIBRARIES: Final = (
    "alembic",
    "gunicorn.access",
    "gunicorn.error",
    "sqlalchemy",
    "waitress",
    "werkzeug",
)
#: Of requests alone: what it would say is who was there when.
_NEVER: Final = ("gunicorn.access",)


class Event(StrEnum):
    """What the service says of itself."""

    STARTED = "started"
    STOPPED = "stopped"
    MIGRATED = "migrated"
    MAIL_SENT = "mail_sent"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    FAILURE = "failure"
    HOST_REFUSED = "host_refused"
    FORGERY_REFUSED = "forgery_refused"
    THROTTLED = "throttled"


class AllowListed(logging.Formatter):
    """Formats a record as JSON with the allowed keys only, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; control characters escaped by JSON."""
        fields = {
            key: getattr(record, key)
            for key, allowed in _ALLOWED.items()
            if hasattr(record, key) and allowed(getattr(record, key))
        }
        if record.name != _log.name:
            fields = {"library": record.name.split(".")[0], **_kind_of(record)}
        return json.dumps({"level": record.levelname, **fields}, ensure_ascii=True, sort_keys=True)


def init_logs() -> None:
    """Send every logger's lines to standard error in our format; safe to repeat."""
    handler = _Ours(sys.stderr)
    handler.setFormatter(AllowListed())
    for name in (_log.name, *LIBRARIES):
        log = logging.getLogger(name)
        log.handlers, log.propagate, log.disabled = [handler], False, name in _NEVER
        log.setLevel(logging.INFO if log is _log else logging.WARNING)
    # whatever else a library may be called; whoever runs the tests listens here too, and is left alone
    root = logging.getLogger()
    root.handlers = [*(each for each in root.handlers if not isinstance(each, _Ours)), handler]
    # a line that cannot be written would otherwise be printed with all that it was made of
    logging.raiseExceptions = False


def note(event: Event, **fields: Any) -> None:
    """Log what happened, with allowed fields. Raises ValueError for any other: a slip of ours, found by any test."""
    wrong = [key for key, value in fields.items() if key not in _ALLOWED or not _ALLOWED[key](value)]
    if wrong:
        raise ValueError(f"not allowed in the log: {', '.join(wrong)}")
    _log.info(event.value, extra={"event": event.value, **fields})


def log_failure(error: BaseException, endpoint: str | None) -> None:
    """Say what failed and where in the code: kinds, file names and lines, no message and no locals."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    constraint = getattr(getattr(getattr(error, "orig", None), "diag", None), "constraint_name", None)
    said = {"event": Event.FAILURE.value, "endpoint": endpoint, "error": type(error).__name__, "at": where}
    _log.error("failure", extra={**said, "constraint": constraint})


class _Ours(logging.StreamHandler[Any]):
    """Told from handlers that others have put there."""


def _kind_of(record: logging.LogRecord) -> dict[str, str]:
    kind = record.exc_info[0] if record.exc_info else None
    return {"error": kind.__name__} if kind else {}
