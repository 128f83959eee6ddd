"""Every proof up to 39 leaves verifies, and no altered one does."""

from collections.abc import Iterator

import pytest

from panel.audit.merkle import leaf, root
from panel.audit.proofs import consistency, inclusion, verify_consistency, verify_inclusion

LEAVES = [leaf(bytes([n])) for n in range(39)]
ROOTS = [root(LEAVES[:size]) for size in range(40)]

pytestmark = pytest.mark.vault("V19")


def mutants(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Each step altered, each step left out, one too many."""
    for i, step in enumerate(proof):
        yield (*proof[:i], bytes([step[0] ^ 1]) + step[1:], *proof[i + 1 :])
        yield (*proof[:i], *proof[i + 1 :])
    yield (*proof, bytes(32))


@pytest.mark.parametrize("size", range(1, 40))
def test_inclusion_verifies_and_mutants_do_not(size: int) -> None:
    for index in range(size):
        proof = inclusion(LEAVES[:size], index)
        assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
        assert not verify_inclusion(leaf(b"other"), index, size, proof, ROOTS[size])
        assert not verify_inclusion(LEAVES[index], index, size, proof, bytes(32))
        assert not any(verify_inclusion(LEAVES[index], index, size, bad, ROOTS[size]) for bad in mutants(proof))


@pytest.mark.parametrize("size", range(1, 40))
def test_inclusion_holds_for_one_position_only(size: int) -> None:
    for index in range(size):
        proof = inclusion(LEAVES[:size], index)
        others = set(range(-1, size + 2)) - {index}
        assert not any(verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size]) for other in others)


@pytest.mark.parametrize("size", range(1, 40))
def test_consistency_verifies_and_mutants_do_not(size: int) -> None:
    for first in range(size + 1):
        proof = consistency(LEAVES[:size], first)
        assert verify_consistency(first, size, ROOTS[first], ROOTS[size], proof)
        assert not verify_consistency(first, size, leaf(b"other"), ROOTS[size], proof)
        assert not verify_consistency(first, size, ROOTS[first], leaf(b"other"), proof) or first == 0
        assert not any(verify_consistency(first, size, ROOTS[first], ROOTS[size], bad) for bad in mutants(proof))


def test_consistency_refuses_a_forked_history() -> None:
    forked = [*LEAVES[:5], leaf(b"other"), *LEAVES[6:]]
    proof = consistency(forked, 8)
    assert not verify_consistency(8, 39, ROOTS[8], root(forked), proof)


def test_consistency_refuses_a_shrunken_tree() -> None:
    assert not verify_consistency(9, 8, ROOTS[9], ROOTS[8], ())


def test_proofs_refuse_what_is_not_in_the_tree() -> None:
    with pytest.raises(IndexError):
        inclusion(LEAVES, 39)
    with pytest.raises(IndexError):
        consistency(LEAVES, 40)


def test_a_proof_that_is_refused_at_once_is_plainly_false() -> None:
    one = LEAVES[0]
    assert verify_inclusion(one, 3, 3, (), one) is False
    assert verify_inclusion(one, 0, 1, (one,), one) is False
    assert verify_consistency(3, 4, one, one, ()) is False
    assert verify_consistency(5, 1, one, one, (one,)) is False
    assert verify_consistency(1, 2, one, one, (one, one)) is False
