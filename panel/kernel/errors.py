"""The error tree. Each error carries the sentence the person will read; `web/errors.py` maps kinds to statuses."""

from collections.abc import Sequence
from typing import ClassVar


class PanelError(Exception):
    """Something was refused. `sentence` is plain language and names nobody."""

    sentence: ClassVar[str] = "Something went wrong."

    def __init__(self, sentence: str | None = None, details: Sequence[str] = ()) -> None:
        self.message = sentence or self.sentence
        self.details = tuple(details)
        super().__init__(self.message)


class Malformed(PanelError):
    """What was given does not have the form asked for (400; in an address 404)."""

    sentence = "That is not in the right form."


class Invalid(PanelError):
    """A rule about the content was broken; shown beside the form (422)."""

    sentence = "Check your answers."


class Forbidden(PanelError):
    """Signed in, and still not allowed; shown as if the page did not exist (404)."""

    sentence = "Page not found."


class Missing(PanelError):
    """No such thing, or not yours: one answer for both (404)."""

    sentence = "Page not found."


class Refused(PanelError):
    """Lawful for this person, but not now or not so (409)."""

    sentence = "That cannot be done now."


class Stale(Refused):
    """Somebody, perhaps this person in another tab, changed it first (409)."""

    sentence = "This page was changed somewhere else since you opened it."


class Throttled(PanelError):
    """Too many attempts (429)."""

    sentence = "Too many attempts. Wait a while, then try again."


class StepUpNeeded(PanelError):
    """The person must confirm who they are before going on (302 to the password page)."""

    sentence = "Confirm your password to go on."


class Misconfigured(PanelError):
    """The installation is not set up as it must be; the command line prints the remedy."""

    sentence = "The configuration is not usable."
