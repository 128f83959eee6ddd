"""Sealing and opening one record, beside the bare public-key operations that no sealing can do without."""

import secrets
from collections.abc import Iterator
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from panel.kernel.ids import BoardId, SubmissionRef
from panel.sealed.vault.envelope import PADDED, SEED, KeyPair, identity_info, seal, unseal
from tests.benchmarks.table import Row
from tests.benchmarks.timing import beside, micro

SEALING: Final = 0.75
OPENING: Final = 0.70
#: Of which some 290 bytes are fixed.
_IDENTITY: Final = bytes(420)
_INFO: Final = identity_info(BoardId(bytes(16)), SubmissionRef(b"\x11" * 16), b"\x22" * 32, b"\x33" * 32)


def rows() -> Iterator[Row]:
    """The two bars, and what the parts cost."""
    pair, theirs = KeyPair.from_seed(secrets.token_bytes(SEED)), X25519PrivateKey.generate().public_key()
    lattice, curve = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    recipient = lattice.public_key()
    _, capsule = recipient.encapsulate()
    sealed = seal(pair.public, _INFO, _IDENTITY)

    def bare_sealing() -> None:
        X25519PrivateKey.generate().exchange(theirs)
        recipient.encapsulate()

    def bare_opening() -> None:
        curve.exchange(theirs)
        lattice.decapsulate(capsule)

    floor, ours = beside(bare_sealing, lambda: seal(pair.public, _INFO, _IDENTITY))
    yield _bar("sealing", ours, floor, SEALING, "key generation, exchange and encapsulation")
    floor, ours = beside(bare_opening, lambda: unseal(pair, _INFO, sealed))
    yield _bar("opening", ours, floor, OPENING, "exchange and decapsulation")
    yield from _parts()


def _bar(what: str, ours: float, floor: float, bar: float, parts: str) -> Row:
    said = f"{micro(ours)}, {1 / ours:,.0f}/s: {floor / ours:.0%} of the floor of {micro(floor)} ({parts})"
    return Row(f"{what} one record", said, f"at least {bar:.0%}", floor / ours >= bar)


def _parts() -> Iterator[Row]:
    alone = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    curve, nonce, key = X25519PrivateKey.generate(), bytes(12), AESGCM(bytes(32))
    public, padded = curve.public_key(), bytes(PADDED)
    shut = alone.encrypt(padded, public, _INFO)
    parts = {
        "X25519 alone, sealing": lambda: alone.encrypt(padded, public, _INFO),
        "X25519 alone, opening": lambda: alone.decrypt(shut, curve, _INFO),
        "AES-256-GCM over 1 KiB": partial(key.encrypt, nonce, padded, None),
        "HKDF-SHA256": lambda: HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(bytes(32)),
    }
    for what, seconds in zip(parts, beside(*parts.values()), strict=True):
        yield Row(f"… {what}", micro(seconds))
