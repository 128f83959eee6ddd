"""Building a log's tree anew from its bodies, and naming whatever does not agree with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from panel.audit.entry import Entry, Stored, UnreadableEntry
from panel.audit.merkle import Frontier, leaf
from panel.kernel.ids import BoardId


@dataclass(frozen=True)
class Replay:
    """What was found: the tree as it now stands, and the faults as sentences. No fault means that all agrees."""

    size: int
    root: bytes
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing disagreed."""
        return not self.faults


def replay(log: BoardId, entries: Sequence[Stored], head: Frontier | None, signed: Mapping[int, bytes]) -> Replay:
    """Compare numbering, leaves, head and signed roots (by size) with a tree built from the bodies alone.

    `head` is None if it could not be read; signatures are for `heads` to check.
    """
    tree = Frontier()
    faults: list[str] = []
    roots: dict[int, bytes] = {}
    for position, entry in enumerate(entries):
        faults += _entry_faults(log, position, entry)
        tree = tree.append(leaf(entry.body))
        if tree.size in signed:
            roots[tree.size] = tree.root()
    if head is None:
        faults.append("The log’s head cannot be read.")
    elif tree != head:
        faults.append(f"The log has {tree.size} entries that do not lead to its head of size {head.size}.")
    faults += _signed_faults(signed, roots)
    return Replay(tree.size, tree.root(), tuple(faults))


def _entry_faults(log: BoardId, position: int, stored: Stored) -> Iterator[str]:
    if leaf(stored.body) != stored.leaf:
        yield f"Entry {stored.seq} is not what was written."
    try:
        entry = Entry.read(stored)
    except UnreadableEntry as error:
        yield error.message
        return
    if stored.seq != position or entry.written_seq != position or entry.log != log:
        yield f"Entry {stored.seq} is not where it was written."


def _signed_faults(signed: Mapping[int, bytes], roots: Mapping[int, bytes]) -> Iterator[str]:
    for size, root in signed.items():
        if roots.get(size) != root:
            yield f"The head signed at {size} entries has another root."
