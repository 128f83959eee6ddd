"""RFC 9162 proofs, made and verified: a leaf is in a tree, and a later tree only added to an earlier one."""

from collections.abc import Sequence

from panel.audit.merkle import EMPTY_ROOT, node, root


def inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The path from leaf `index` to the root, lowest first (section 2.1.3.1). Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError("there is no such leaf")
    if len(leaves) == 1:
        return ()
    cut = _split(len(leaves))
    if index < cut:
        return (*inclusion(leaves[:cut], index), root(leaves[cut:]))
    return (*inclusion(leaves[cut:], index - cut), root(leaves[:cut]))


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], whole: bytes) -> bool:
    """Whether `proof` leads from the leaf at `index` to the root of a tree of `size` (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node(step, found)
            here, last = _climb(here, last)
        else:
            found = node(found, step)
        here, last = here >> 1, last >> 1
    return last == 0 and found == whole


def consistency(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """The proof that the tree of all `leaves` extends that of the `first` ones (section 2.1.4.1)."""
    if not 0 <= first <= len(leaves):
        raise IndexError("the earlier tree is not the smaller one")
    return _subproof(leaves, first, whole=True) if first else ()


def _subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> tuple[bytes, ...]:
    if first == len(leaves):
        return () if whole else (root(leaves),)
    cut = _split(len(leaves))
    if first <= cut:
        return (*_subproof(leaves[:cut], first, whole=whole), root(leaves[cut:]))
    return (*_subproof(leaves[cut:], first - cut, whole=False), root(leaves[:cut]))


def verify_consistency(first: int, size: int, earlier: bytes, later: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` with root `later` extends that of `first` (section 2.1.4.2)."""
    if first in (0, size):
        return not proof and earlier == (later if first else EMPTY_ROOT)
    if not 0 < first < size or not proof:
        return False
    path = list(proof) if first & (first - 1) else [earlier, *proof]
    here, last = first - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node(step, old), node(step, new)
            here, last = _climb(here, last)
        else:
            new = node(new, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old == earlier and new == later


def _climb(here: int, last: int) -> tuple[int, int]:
    """Skip the levels on which this node rises without a neighbour."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
