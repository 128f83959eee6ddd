"""RFC 9162 Merkle trees over SHA-256, by `hashlib` alone: roots, a frontier to append to, and both kinds of proof."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

HASH_SIZE: Final = 32

#: The root of a tree without leaves.
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """The leaf hash of `data`: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two children: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (what `leaf` returns, not the data): RFC 9162, section 2.1.1."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        above = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        # A last one without a neighbour rises as it is, which gives the RFC's unbalanced tree.
        level = above + level[len(above) * 2 :]
    return level[0]


@dataclass(frozen=True)
class Frontier:
    """The right edge of a tree: the roots of its full subtrees, largest first. All that appending needs."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def append(self, leaf_hash: bytes) -> "Frontier":
        """The frontier of the tree with one more leaf."""
        nodes, rising, size = list(self.nodes), leaf_hash, self.size
        while size & 1:
            rising = node(nodes.pop(), rising)
            size >>= 1
        return Frontier(self.size + 1, (*nodes, rising))

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.nodes:
            return EMPTY_ROOT
        found = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            found = node(left, found)
        return found

    def to_bytes(self) -> bytes:
        """The node hashes one after another; the size says how many."""
        return b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Self:
        """Read `to_bytes` back. Raises ValueError if the length does not fit the size."""
        if len(data) != size.bit_count() * HASH_SIZE:
            raise ValueError("the frontier does not fit its size")
        return cls(size, tuple(data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)))
