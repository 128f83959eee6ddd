"""Which numbers the ceremonies of a board left out, and which names nothing opens any more, from its log. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from panel.audit.entry import Entry
from panel.board.lifecycle import Stage
from panel.kernel.errors import Malformed
from panel.kernel.ids import Number
from panel.named.unsealing.occasion import OPENED_AGAIN, Occasion


def set_aside(entries: Iterable[Entry], *, first: bool = False) -> frozenset[Number]:
    """The numbers set aside when names were last opened to be read; with `first`, at the unsealing.

    With `first` ask it of a board whose names are open: whoever can write into the log could say it of one that is not.
    """
    return frozenset(Number(each) for each in _to_read(entries, first=first).get("exceptions", ()))


def opened_at_first(entries: Iterable[Entry]) -> tuple[object, object]:
    """How many names the log says that the unsealing opened, and to which root they led; None if it says nothing."""
    facts = _to_read(entries, first=True)
    return facts.get("revealed"), facts.get("names_root")


def missing(entries: Iterable[Entry]) -> dict[Number, bytes]:
    """The names of which the digest alone is left: their envelopes were spoilt, and the results key lost. By number."""
    told = _to_read(entries).get("missing", ())
    try:
        return {Number(number): bytes.fromhex(digest) for number, digest in told}
    except (Malformed, TypeError, ValueError):  # somebody else wrote it, which must not keep anybody from a page
        return {}


def _to_read(entries: Iterable[Entry], *, first: bool = False) -> Mapping[str, Any]:
    """What the log says of the first or the last time that names were opened to be read; nothing if they never were."""
    kept = (entry for entry in entries if entry.kind == Stage.UNSEALED.entry or (_read_again(entry) and not first))
    found = [entry.facts for entry in kept]
    return found[0 if first else -1] if found else {}


def _read_again(entry: Entry) -> bool:
    return (entry.kind, entry.facts.get("occasion")) == (OPENED_AGAIN, Occasion.LOST_KEY.value)
