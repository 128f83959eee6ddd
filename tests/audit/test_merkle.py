"""The tree against the published vectors, and the frontier against the whole tree."""

import hashlib

import pytest

from panel.audit.merkle import EMPTY_ROOT, Frontier, leaf, root
from panel.kernel.encoding import words

CT_INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
CT_LEAVES = [leaf(data) for data in CT_INPUTS]


@pytest.mark.vault("V21")
@pytest.mark.parametrize("size", range(1, 9))
def test_root_equals_certificate_transparency_vectors(size: int) -> None:
    assert root(CT_LEAVES[:size]).hex() == CT_ROOTS[size - 1]


@pytest.mark.vault("V21")
def test_root_of_eight_reads_as_the_known_words() -> None:
    bits = int.from_bytes(root(CT_LEAVES), "big")
    assert [bits >> (256 - 11 * (i + 1)) & 0x7FF for i in range(8)] == [750, 630, 1267, 624, 812, 1702, 1450, 1436]
    assert len(words(root(CT_LEAVES))) == 8


def test_root_of_nothing_is_the_empty_digest() -> None:
    assert EMPTY_ROOT == root([]) == Frontier().root() == hashlib.sha256(b"").digest()


@pytest.mark.vault("V19")
def test_frontier_equals_full_root_at_every_size() -> None:
    hashes = [leaf(bytes([n])) for n in range(199)]
    frontier = Frontier()
    for size, entry in enumerate(hashes, start=1):
        frontier = frontier.append(entry)
        assert frontier.root() == root(hashes[:size])
        assert Frontier.from_bytes(size, frontier.to_bytes()) == frontier


def test_frontier_refuses_bytes_that_do_not_fit_its_size() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Frontier.from_bytes(3, bytes(32))
