"""A date and a time of day as people in the United Kingdom write them, as one moment. Pure."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from panel.kernel.clock import UK
from panel.kernel.errors import Malformed

_WORDS: Final = {"noon": time(12), "midday": time(12)}
_HALF: Final = 12


class NoSuchTime(Malformed):
    """The text is not a time, or the clocks skip it that night."""

    sentence = "Time must be a time of day, like 17:00 or 5pm"


def moment(day: date, text: str) -> datetime:
    """The moment in UTC. `text` like 17:00, 5pm, 5:30pm or noon. Raises NoSuchTime."""
    local = datetime.combine(day, _time(text.strip().lower()), UK)
    instant = local.astimezone(UTC)
    if instant.astimezone(UK).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime("Time must be one that the clocks do not skip that night")
    return instant


def clock_text(instant: datetime) -> str:
    """The time of day in the United Kingdom, as in 17:00."""
    return instant.astimezone(UK).strftime("%H:%M")


def _time(text: str) -> time:
    if text in _WORDS:
        return _WORDS[text]
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?", text)
    if not match or not (match[2] or match[3]):
        raise NoSuchTime
    return _of_day(int(match[1]), int(match[2] or 0), match[3])


def _of_day(hour: int, minute: int, half: str | None) -> time:
    if half and not 1 <= hour <= _HALF:
        raise NoSuchTime
    if half:
        hour = hour % _HALF + (_HALF if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise NoSuchTime from error
