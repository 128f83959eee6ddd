"""The application log: JSON lines from an allow-list. A message or a local variable could hold a name: none is kept."""

import json
import logging
import traceback
from typing import Final

_log: Final = logging.getLogger("panel")
_ALLOWED: Final = ("event", "endpoint", "error", "constraint", "at")


class AllowListed(logging.Formatter):
    """Formats a record as JSON with the allowed keys only, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; control characters escaped by JSON."""
        fields = {key: getattr(record, key) for key in _ALLOWED if hasattr(record, key)}
        return json.dumps({"level": record.levelname, **fields}, ensure_ascii=True, sort_keys=True)


def init_logs() -> None:
    """Send the application's log to standard error in our format. Other libraries' loggers stay at warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(AllowListed())
    _log.handlers = [handler]
    _log.propagate = False
    _log.setLevel(logging.INFO)


def log_failure(error: BaseException, endpoint: str | None) -> None:
    """Say what failed and where in the code: kinds, file names and lines, no message and no locals."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    constraint = getattr(getattr(getattr(error, "orig", None), "diag", None), "constraint_name", None)
    said = {"event": "failure", "endpoint": endpoint, "error": type(error).__name__, "at": where}
    _log.error("failure", extra={**said, "constraint": constraint})
