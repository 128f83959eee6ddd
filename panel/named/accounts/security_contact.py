"""Whom to tell of a weakness: the file of RFC 9116. Pure."""

from datetime import date, timedelta
from typing import Final

PATH: Final = "/.well-known/security.txt"
#: Shorter than the year that the standard advises at most.
_HOLDS: Final = timedelta(days=180)


def security_txt(contact: str, base_url: str, today: date) -> str:
    """The file: an address to write to, until when it holds, and where the file is."""
    return (
        f"Contact: {contact}\n"
        f"Expires: {today + _HOLDS}T00:00:00Z\n"
        "Preferred-Languages: en\n"
        f"Canonical: {base_url}{PATH}\n"
    )
