"""How shares and chances are written for people. Pure, and never by way of a float."""

from decimal import Decimal
from fractions import Fraction


def decimals(value: Fraction | Decimal, places: int = 2) -> str:
    """Rounded half away from zero; a chance too small to show says so instead of reading as none."""
    scale = 10**places
    units = int(Fraction(value) * scale + Fraction(1, 2))
    if units == 0 < value:
        return f"less than {_written(1, places)}"
    return _written(units, places)


def percent(value: Fraction | Decimal) -> str:
    """A share as a whole percentage: two thirds is 67%."""
    return f"{int(Fraction(value) * 100 + Fraction(1, 2))}%"


def _written(units: int, places: int) -> str:
    return f"{units // 10**places}.{units % 10**places:0{places}}"
