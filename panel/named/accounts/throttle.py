"""How often a password may be tried. Pure.

The threat is twofold: somebody who guesses, and somebody who guesses wrong on purpose, to keep a custodian out on the
day of the ceremony. Her address is no secret. So attempts are counted apart by what the browser can show, and each way
by itself (OWASP, "Device cookies"); one that goes past a limit is refused, and uses up nothing else:

- *Signed in already* (confirming the password): counted for that one sign-in. Nobody else can touch the count.
- *A browser she has signed in with before*: it holds a random token, given to it after a whole sign-in; attempts are
  counted for that token alone. Nobody without the token can touch the count, from the same network address or another.
- *Any other browser*: counted for the person from that network address, for the person from everywhere, and for the
  address, behind which a whole force may sit. Failures there hold up other unknown browsers and nobody else.

Counts are kept by the hour, so that a refusal is a delay: each hour begins at nothing, and the refusal says how long
to wait. Names that nobody has are counted alike.

A custodian who is attacked, and sits at a browser that is new to her account, can go to one that is not; or wait for
the hour; or ask for a link by which a new password is set. The link proves her mailbox, which no guesser has, and the
browser she opens it in is known from then on: she signs in at once, whatever is tried elsewhere. HR can post such a
link too, as often as needed (the outbox leaves with the next mail, so whoever runs the service sends it off). A link
stands in for the password alone, never for a second factor. Whoever prepares a ceremony has every custodian sign in
beforehand on the browser that she will use. Where single sign-on is set up, it is one more way in that no wrong
password here holds up.

A second step that fails in an unknown browser shows that somebody has the password. Such failures are counted over the
hours too, as a run: after each ten in a row the wait doubles, from an hour to a day, and after a hundred (NIST SP
800-63B-4, 3.2.2) none is tried there until the password or the second step is changed. Its owner is told by letter.
Browsers that are known, and sign-ins at hand, are held up by none of it.

Passphrases of keys are counted elsewhere, never by address: one's own with one's own key, and somebody else's, typed
where one is signed in, against the one who is signed in (`unsealing/child/room.py`). Guessing at the sign-in page
reaches neither.
"""

from datetime import datetime, timedelta
from typing import Final

from panel.kernel.encoding import digest_of
from panel.kernel.errors import Throttled

#: Failures an hour: one person from one place; one person from everywhere; one place, which may be a whole force.
PERSON_AND_PLACE: Final = 10
PERSON: Final = 40
PLACE: Final = 300
#: Failures an hour in one sign-in, and in one browser that is known.
OWN: Final = 10
#: What is asked for without a password in one hour (links, single sign-on): from one place, and from one browser that
#: is known to somebody.
ASKED_FROM_PLACE: Final = 100
ASKED_FROM_BROWSER: Final = 20
#: Second steps that fail in a row: at which of them the owner is told, after how many the wait doubles, and the last.
RUN_TOLD: Final = 4
RUN: Final = 10
RUN_ENDS: Final = 100
_LONGEST_WAIT: Final = 24
_MINUTES: Final = 60
_OTHER_WAYS: Final = (
    " A browser that has signed in to the account before is not held up. A link by which a new password is set lets "
    "this browser in sooner: select ‘I have forgotten my password’."
)


class TooManyAttempts(Throttled):
    """A limit was reached; the next hour starts afresh."""

    sentence = "Too many attempts. Wait up to an hour, then try again."


class RunTooLong(TooManyAttempts):
    """Too many second steps have failed in a row in browsers that are not known."""

    sentence = (
        "The second step of this account has failed too often in browsers that are new to it, so none is tried there "
        "for some hours. Sign in in a browser that has signed in to the account before. Or set a new password by a "
        "link: select ‘I have forgotten my password’ on the sign-in page."
    )


def limits(person: str, place: str) -> dict[bytes, int]:
    """What to count for a browser that is not known, as digests, and how far. Unknown names count like known ones."""
    return {
        digest_of({"person": person, "place": place}): PERSON_AND_PLACE,
        digest_of({"person": person}): PERSON,
        digest_of({"place": place}): PLACE,
    }


def limits_of(browser: bytes) -> dict[bytes, int]:
    """What to count for a browser that is known, or a sign-in at hand, and how far: itself alone."""
    return {digest_of({"browser": browser.hex()}): OWN}


def limits_on(what: str, place: str, browser: bytes | None) -> dict[bytes, int]:
    """What to count where anybody may ask for something: the browser, if it is known to somebody, else the place."""
    if browser is not None:
        return {digest_of({f"{what}_by": browser.hex()}): ASKED_FROM_BROWSER}
    return {digest_of({what: place}): ASKED_FROM_PLACE}


def refusal(moment: datetime, *, known: bool) -> str:
    """How long to wait, and for a browser that is not known which other ways there are: the same for every name."""
    left = _MINUTES - moment.minute
    wait = f"Wait {left} minute{'' if left == 1 else 's'}, then try again."
    return wait if known else wait + _OTHER_WAYS


def held_until(failures: int, moment: datetime) -> str | None:
    """Before which hour no further second step is tried in an unknown browser; None while there are some left."""
    if failures % RUN:
        return None
    wait = timedelta(hours=min(2 ** (failures // RUN - 1), _LONGEST_WAIT))
    return hour(moment + wait + timedelta(hours=1, microseconds=-1))  # whole hours, the one that has begun not counted


def hour(moment: datetime) -> str:
    """The hour a count belongs to, in UTC."""
    return f"{moment:%Y-%m-%dT%H}"
