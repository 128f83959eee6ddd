"""How often a password may be tried. Pure.

Counted by the hour for the person from one place, for the person from anywhere, and for the place. Each new hour begins
at nothing, so that nobody can lock another person out for good; and knowing an address is not enough to lock its owner
out from where she works, since her own place is counted apart.
"""

from datetime import datetime
from typing import Final

from panel.kernel.encoding import digest_of
from panel.kernel.errors import Throttled

#: Failures an hour: one person from one place; one person from everywhere; one place, which may be a whole force.
PERSON_AND_PLACE: Final = 10
PERSON: Final = 40
PLACE: Final = 300


class TooManyAttempts(Throttled):
    """A limit was reached; the next hour starts afresh."""

    sentence = "Too many attempts. Wait up to an hour, then try again."


def limits(person: str, place: str) -> dict[bytes, int]:
    """What to count, as digests, and how far. Unknown names count like known ones."""
    return {
        digest_of({"person": person, "place": place}): PERSON_AND_PLACE,
        digest_of({"person": person}): PERSON,
        digest_of({"place": place}): PLACE,
    }


def hour(moment: datetime) -> str:
    """The hour a count belongs to, in UTC."""
    return f"{moment:%Y-%m-%dT%H}"
