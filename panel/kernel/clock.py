"""The only source of time, so that tests can set it and nothing else reads the machine's clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")


def _machine() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - here, and nowhere else


_source: Callable[[], datetime] = _machine


def now() -> datetime:
    """This moment in UTC, to the second."""
    return _source().replace(microsecond=0)


def today() -> date:
    """Today's date in the United Kingdom."""
    return _source().astimezone(UK).date()


@contextmanager
def set_to(moment: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Run a block at another moment: tests, the demo and rehearsals only."""
    global _source  # noqa: PLW0603 - one clock for the whole process is the point
    before = _source
    _source = moment if callable(moment) else lambda: moment
    try:
        yield
    finally:
        _source = before
