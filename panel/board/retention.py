"""How long a board's texts and names are kept, and what stands in their place afterwards. Pure.

The period runs from publication and is one of the rules that candidates read before they apply. It must outlast the
time in which a result may be appealed or brought before a tribunal.
"""

import calendar
from datetime import date
from typing import Final

#: What HR may choose.
MONTHS: Final = range(6, 85)
#: What a destroyed text reads as.
DESTROYED: Final = "[destroyed]"
_YEAR: Final = 12


def ends(published_on: date, months: int) -> date:
    """The first day on which texts and names may be destroyed: the same day of the month, or the month's last."""
    years, month = divmod(published_on.month - 1 + months, _YEAR)
    year = published_on.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(published_on.day, last))
