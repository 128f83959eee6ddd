"""The log as an auditor reads it: entries with the names of staff, signed heads, and whether it all still agrees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from panel.access.queries import accounts_of
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.audit.entry import Entry, Stored, UnreadableEntry
from panel.audit.heads import faulty
from panel.audit.merkle import leaf, root
from panel.audit.queries import Signed
from panel.board.queries import board
from panel.kernel.errors import Malformed
from panel.kernel.ids import SYSTEM, BoardId, MarkerId
from panel.named.accounts.queries import cards
from panel.named.oversight.sentences import particulars, sentence

#: Facts that hold the id of somebody on the staff.
_PEOPLE = ("person", "marker", "witness")


@dataclass(frozen=True)
class Line:
    """One entry as a person reads it; `on` is None for one that cannot be read."""

    seq: int
    on: date | None
    who: str
    part: str
    sentence: str
    particulars: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Log:
    """A whole log in order, and the heads that were signed of it."""

    title: str
    lines: tuple[Line, ...]
    heads: tuple[Signed, ...]


@dataclass(frozen=True)
class Verdict:
    """What checking a log found; `faults` are sentences, and none means that everything agrees."""

    title: str
    size: int
    root: bytes
    heads: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A head kept elsewhere beside the log as it now is. `holds` is None where the log has not come so far."""

    size: int
    holds: bool | None


def log(db: Session, which: BoardId) -> Log:
    """A board's log, or the system's. Raises Missing for a board that does not exist."""
    found = [_read(stored) for stored in audit.stored_entries(db, which)]
    names = _names(db, (entry for entry in found if isinstance(entry, Entry)))
    return Log(_title(db, which), tuple(_line(each, names) for each in found), audit.signed_heads(db, which))


def verdict(db: Session, which: BoardId, public: bytes) -> Verdict:
    """Build the tree anew, and compare it with the head and with every signed one. `public`: the signing key's half."""
    replayed, heads = audit.rebuild(db, which), audit.signed_heads(db, which)
    unsigned = (
        f"The head at {size} entries is not signed with this installation’s key."
        for size in faulty(which, heads, public)
    )
    return Verdict(_title(db, which), replayed.size, replayed.root, len(heads), (*replayed.faults, *unsigned))


def compare(db: Session, which: BoardId, size: int, kept: bytes) -> Comparison:
    """Whether the log still begins with the entries that a head kept elsewhere was signed for."""
    found = [leaf(stored.body) for stored in audit.stored_entries(db, which)]
    return Comparison(size, None if size > len(found) else root(found[:size]) == kept)


def _title(db: Session, which: BoardId) -> str:
    return "The service" if which == SYSTEM else board(db, which).title


def _read(stored: Stored) -> Entry | Stored:
    try:
        return Entry.read(stored)
    except UnreadableEntry:
        return stored


def _line(found: Entry | Stored, names: Mapping[str, str]) -> Line:
    if isinstance(found, Stored):
        told = "This entry cannot be read: it was not written by the service."
        return Line(found.seq, None, "Nobody knows", "", told, (("Leaf", found.leaf.hex()),))
    facts = (*particulars(found.facts, names), ("Leaf", found.stored.leaf.hex()))
    who = "The service" if found.actor is None else names.get(str(found.actor), "Somebody no longer known")
    return Line(found.stored.seq, found.on, who, _part(found.role), sentence(found.kind, found.facts, names), facts)


def _part(role: str) -> str:
    return Role(role).label if role in set(Role) else ""


def _names(db: Session, entries: Iterable[Entry]) -> Mapping[str, str]:
    """The names of everyone an entry speaks of: all of them staff, for entries never name candidates."""
    markers = {marker for entry in entries for marker in _people(entry)}
    accounts = accounts_of(db, markers)
    people = cards(db, accounts.values())
    return {str(marker): people[account].name for marker, account in accounts.items() if account in people}


def _people(entry: Entry) -> Iterable[MarkerId]:
    if entry.actor is not None:
        yield entry.actor
    for key in _PEOPLE:
        try:
            yield MarkerId.parse(str(entry.facts.get(key)))
        except Malformed:
            continue
