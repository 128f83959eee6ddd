"""What a ceremony is held for: the names for the first time, or the envelopes once more when that is done. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from panel.audit.entry import Entry
from panel.board.lifecycle import Stage
from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid, Stale
from panel.sealed.vault.opening import Unsound

#: The kind of the entry with which a later ceremony ends well.
OPENED_AGAIN: Final = "names.opened_again"


class NotCalledFor(Invalid):
    """A later ceremony opens every envelope, so there must be a need for it; which is missing stands in the message."""

    sentence = "There is nothing to open the envelopes again for."


class OtherCeremony(Stale):
    """The ceremony that is open is for something else than the page said on which somebody consented."""

    sentence = "This ceremony is not the one that your page was about. Nothing was released. Go back and read it."


class Occasion(StrEnum):
    """Why the envelopes of a board are opened. A closed list: free text in the log could name somebody."""

    OPENING = "opening"
    LOST_KEY = "lost_key"
    RECOUNT = "recount"

    @property
    def later(self) -> bool:
        """Whether the names were open before."""
        return self is not Occasion.OPENING

    @property
    def stages(self) -> tuple[Stage, ...]:
        """When such a ceremony can be held: a later one while names and envelopes are both kept."""
        return OPENED if self.later else (Stage.LOCKED,)


#: What the log says alike of the unsealing and of every later opening.
_THE_SAME: Final = ("names_root", "revealed", "submissions")
#: The names are open, and the envelopes not yet destroyed.
OPENED: Final = (Stage.UNSEALED, Stage.PUBLISHED)


def check_again(entries: Iterable[Entry], facts: Mapping[str, Json]) -> None:
    """C10, of a later ceremony: the very names of the unsealing, no more, no fewer and no others.

    Nobody can withdraw or stand down once names are open, so what was revealed then is what is revealed now; a name
    whose envelope was spoilt since is there by its digest. `facts`: what the log is going to say of this opening.
    """
    first = [entry.facts for entry in entries if entry.kind == Stage.UNSEALED.entry]
    if len(first) != 1 or any(facts[key] != first[0].get(key) for key in _THE_SAME):
        raise Unsound("C10")
