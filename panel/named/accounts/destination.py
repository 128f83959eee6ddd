"""Where to go after signing in: a page of ours, whatever the address says. Pure."""

import re
from collections.abc import Callable
from typing import Final

HOME: Final = "/"
_PLAIN: Final = re.compile(r"/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?")


def safe(wanted: str | None, opens: Callable[[str], bool]) -> str:
    """`wanted` if it is a plain path that `opens` as a page, else the home page.

    No host, no scheme, no second slash, no backslash, no query: so nobody can be sent from our sign-in page to
    another site, nor to the target of a form.
    """
    return wanted if wanted and _PLAIN.fullmatch(wanted) and opens(wanted) else HOME
