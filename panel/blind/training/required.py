"""A course that a marker must have completed: whether it counts, until when, and if not, what she does next. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: How long before the last day pages and letters begin to say so.
SOON: Final = timedelta(days=28)


@dataclass(frozen=True)
class Required:
    """One course and how a marker stands with it.

    `expires_on`: the last day on which what she completed counts, None if nothing does. `replaced_until`: the same of a
    version that no longer counts, because a later one must be taken again. `used_up`: her attempts at the quiz, once
    none is left.
    """

    title: str
    expires_on: date | None = None
    key: str = ""
    online: bool = True
    replaced_until: date | None = None
    used_up: int | None = None

    def current(self, today: date) -> bool:
        """Whether it is complete and has not expired."""
        return self.expires_on is not None and today <= self.expires_on

    def replaced(self, today: date) -> bool:
        """Whether only a new version stands between her and a current course."""
        return not self.current(today) and self.replaced_until is not None and today <= self.replaced_until

    @property
    def never(self) -> bool:
        """Whether no version was ever completed."""
        return self.expires_on is None and self.replaced_until is None

    def ends_soon(self, today: date) -> bool:
        """Whether it counts today and not for much longer."""
        return self.expires_on is not None and today <= self.expires_on < today + SOON

    def sentence(self, today: date) -> str:
        """What she does next; nothing if it is current."""
        if self.current(today):
            return ""
        if self.online and self.used_up:
            return f"Ask HR for another attempt at the quiz of ‘{self.title}’. You have used all {self.used_up}."
        if self.replaced(today):
            return f"{self._again} A new version has replaced the one you completed."
        if self.expires_on is not None:
            on = f"{self.expires_on.day} {self.expires_on:%B %Y}"
            return f"{self._again} What you completed expired on {on}."
        if self.online:
            return f"Complete the course ‘{self.title}’."
        return f"Attend the training ‘{self.title}’. HR records it when you have."

    @property
    def _again(self) -> str:
        if self.online:
            return f"Take the course ‘{self.title}’ again."
        return f"Attend the training ‘{self.title}’ again. HR records it when you have."
