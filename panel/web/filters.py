"""How values are written on a page, and in sentences that are made where there is no page. Pure."""

from datetime import date, datetime
from fractions import Fraction
from typing import Final

from panel.kernel.clock import UK
from panel.kernel.encoding import words
from panel.kernel.ids import Code

_NOON: Final = 12


def day(value: date) -> str:
    """A date as people write it: 5 December 2026. A moment gives its date in the United Kingdom."""
    if isinstance(value, datetime):
        value = value.astimezone(UK).date()
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """A deadline in UK time: noon on 5 December 2026."""
    local = value.astimezone(UK)
    return f"{_hour(local)} on {day(local)}"


def _hour(local: datetime) -> str:
    if (local.hour, local.minute) == (_NOON, 0):
        return "noon"
    half = "am" if local.hour < _NOON else "pm"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % _NOON or _NOON}{minutes}{half}"


def fraction(value: Fraction | int | str) -> str:
    """An exact number: whole as it is, otherwise two decimals with the exact fraction beside them when they round."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    rounded = two_decimals(exact)
    return rounded if Fraction(rounded) == exact else f"{rounded} ({exact.numerator}/{exact.denominator})"


def two_decimals(value: Fraction | float) -> str:
    """Rounded half away from zero to two decimals; a fraction never passes through a float."""
    hundredths = int(abs(Fraction(value)) * 100 + Fraction(1, 2))
    return f"{'-' if value < 0 and hundredths else ''}{hundredths // 100}.{hundredths % 100:02}"


def grouped(value: Code) -> str:
    """A code in groups of four."""
    return value.grouped


def hexid(value: bytes) -> str:
    """An id or digest as hexadecimal digits."""
    return value.hex()


def eight_words(value: bytes) -> str:
    """A digest as the eight words people read to each other."""
    return " ".join(words(value, 8))


def plural(count: int, noun: str, several: str = "") -> str:
    """A count with its noun: 1 answer, 2 answers."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


#: What the templates know.
FILTERS: Final = (day, moment, fraction, two_decimals, grouped, hexid, eight_words, plural)
