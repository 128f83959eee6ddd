"""Sealing one record: HPKE (RFC 9180) base mode, one shot, one encapsulation per record, padded to one length. Pure.

Suite: X-Wing (ML-KEM-768 with X25519), HKDF-SHA256, AES-256-GCM. The context goes through `info`. HPKE does not say who
sealed: anyone with the public key can, which is why digests of envelopes stand in receipts and in the lodged root.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from panel.kernel.encoding import context, digest
from panel.kernel.errors import Invalid, Malformed, Misconfigured, PanelError
from panel.kernel.ids import BoardId, SubmissionRef

#: Names suite, padding and label version; written in every sealed row. A new suite is a new number and new labels.
FORMAT: Final = 1
PADDED: Final = 1024
LONGEST: Final = PADDED - 1
SEALED: Final = 2160
SEED: Final = 32
PUBLIC: Final = 1216

_MLKEM_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1184
_MARK: Final = 0x80
#: SHA-256 of the public key of the seed 00 01 … 1f: the expansion below is ours, so the self-test holds it fast.
_KNOWN: Final = "c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b"


class Unopenable(Malformed):
    """Wrong key, wrong context or a changed byte; the library does not say which."""

    sentence = "A sealed record does not open."


class TooLong(Invalid):
    """The record does not fit the one length that all records have."""

    sentence = "The name, e-mail address and staff number are too long together."


class UnknownFormat(Unopenable):
    """A row names a format that this version does not know."""

    sentence = "A sealed record has a format that this version does not know."


@cache
def suite(number: int) -> Suite:
    """The suite of a format. Raises UnknownFormat."""
    if number != FORMAT:
        raise UnknownFormat
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class KeyPair:
    """An X-Wing key pair, expanded from a 32-byte seed. `public` is 1,216 bytes."""

    public: bytes
    private: MLKEM768X25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """SHAKE-256 to 96 bytes: 64 for ML-KEM-768, 32 for X25519."""
        if len(seed) != SEED:
            raise ValueError("a seed has 32 bytes")
        wide = hashlib.shake_256(seed).digest(_MLKEM_SEED + SEED)
        lattice = MLKEM768PrivateKey.from_seed_bytes(wide[:_MLKEM_SEED])
        curve = X25519PrivateKey.from_private_bytes(wide[_MLKEM_SEED:])
        public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        return cls(public, MLKEM768X25519PrivateKey(lattice, curve))


def fingerprint(public: bytes) -> bytes:
    """SHA-256 of a public key."""
    return digest(public)


def pad(plaintext: bytes) -> bytes:
    """ISO 7816-4 to 1,024 bytes: one 0x80, then zeros, always present. Raises TooLong over 1,023 bytes."""
    if len(plaintext) > LONGEST:
        raise TooLong
    return plaintext + bytes([_MARK]) + bytes(LONGEST - len(plaintext))


def unpad(padded: bytes) -> bytes:
    """What `pad` was given. Raises Unopenable if the padding is not exactly as `pad` writes it."""
    plain = padded.rstrip(b"\x00")
    if len(padded) != PADDED or not plain or plain[-1] != _MARK:
        raise Unopenable
    return plain[:-1]


def seal(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """2,160 bytes that only the holder of the private key opens, and only under the same `info`. Raises TooLong."""
    return suite(FORMAT).encrypt(pad(plaintext), _recipient(public), info)


# reading a lattice key takes a fifth as long as sealing with it, and a board's submissions share one
@lru_cache(maxsize=32)
def _recipient(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC:
        raise ValueError("a public key has 1,216 bytes")
    lattice = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC])
    curve = X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:])
    return MLKEM768X25519PublicKey(lattice, curve)


def unseal(pair: KeyPair, info: bytes, sealed: bytes, number: int = FORMAT) -> bytes:
    """The plaintext. `number` is the format its row names. Raises Unopenable and UnknownFormat."""
    if len(sealed) != SEALED:
        raise Unopenable
    try:
        return unpad(suite(number).decrypt(sealed, pair.private, info))
    except (InvalidTag, ValueError) as error:
        raise Unopenable from error


def identity_info(board: BoardId, ref: SubmissionRef, policy_digest: bytes, answers_digest: bytes) -> bytes:
    """The context that binds an identity to one submission under one policy."""
    return context(b"panel/identity/v1", board, ref, policy_digest, answers_digest)


def self_test() -> None:
    """Seal and open once, and compare a known key; run at start, so that a library without ML-KEM fails closed.

    Raises Misconfigured.
    """
    try:
        pair = KeyPair.from_seed(bytes(range(SEED)))
        opened = unseal(pair, b"info", seal(pair.public, b"info", b"plain"))
    except (PanelError, UnsupportedAlgorithm, AttributeError) as error:
        raise Misconfigured("The sealing library does not work here: it needs OpenSSL with ML-KEM.") from error
    if opened != b"plain" or fingerprint(pair.public).hex() != _KNOWN:
        raise Misconfigured("The sealing library gives wrong answers.")
