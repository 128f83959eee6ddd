"""A backup as a file: sealed to a public key as a stream, so that it costs memory for one chunk only. Pure.

HPKE (the vault's suite: X-Wing, HKDF-SHA256, AES-256-GCM) carries a fresh key, bound to all that the header says. With
it AES-256-GCM seals chunks of 64 KiB. A chunk's nonce is its place, and whether it is the last: one that is changed,
missing, moved, doubled or added is refused, and so is a file that ends too soon. The file says who can open it, not
who made it: whoever has the public key can make one, so a restored board is believed for its signed log alone.

    "panel backup 1\n" | u16 length | header, canonical JSON | sealed key, 1,168 bytes | chunks of 65,536 + 16 bytes
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from panel.backup.keys import PrivateKey, PublicKey
from panel.kernel.encoding import canonical, context
from panel.kernel.errors import Malformed

CHUNK: Final = 64 * 1024
_MAGIC: Final = b"panel backup 1\n"
_LABEL: Final = b"panel/backup/v1"
_KEY: Final = 32
_TAG: Final = 16
_SEALED_KEY: Final = 1120 + _KEY + _TAG


class Kind(StrEnum):
    """What a backup is of; each is kept apart from the others."""

    DATABASE = "database"
    SECRETS = "secrets"
    RESULTS = "results"


class NoBackup(Malformed):
    """The file begins like something else."""

    sentence = "That file is not a backup of this service."


class OtherKey(Malformed):
    """The private key is not that of the public key it was sealed to."""

    sentence = "That backup was made for another key."


class Spoilt(Malformed):
    """A byte was changed, or something is missing from the file or was added to it."""

    sentence = "That backup is not whole, or was changed since it was made. Nothing of it was used."


@dataclass(frozen=True)
class Header:
    """What a backup says of itself without being opened; nothing in it may be changed. `revision`: of the tables."""

    kind: Kind
    on: date
    revision: str
    to: str

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical({"kind": self.kind, "on": self.on.isoformat(), "revision": self.revision, "to": self.to})

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises NoBackup."""
        try:
            found = json.loads(raw)
            return cls(Kind(found["kind"]), date.fromisoformat(found["on"]), str(found["revision"]), str(found["to"]))
        except (ValueError, KeyError, TypeError) as error:
            raise NoBackup from error


def sealed(header: Header, to: PublicKey, content: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of the file, piece by piece as `content` comes."""
    key, told = secrets.token_bytes(_KEY), header.to_bytes()
    yield _MAGIC + len(told).to_bytes(2, "big") + told
    yield _suite().encrypt(key, to.recipient, context(_LABEL, told))
    box, waiting, place = AESGCM(key), bytearray(), 0
    for piece in content:
        waiting += piece
        while len(waiting) > CHUNK:
            yield box.encrypt(_nonce(place, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            place += 1
    yield box.encrypt(_nonce(place, last=True), bytes(waiting), None)


def header_of(file: BinaryIO) -> Header:
    """What the file says of itself, unproved until it is opened. Raises NoBackup."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise NoBackup
    return Header.from_bytes(file.read(int.from_bytes(file.read(2), "big")))


def opened(file: BinaryIO, key: PrivateKey) -> Iterator[bytes]:
    """The content, a chunk at a time; only what ends without an error was the whole. Raises OtherKey and Spoilt.

    Reads on from where `header_of` stopped.
    """
    file.seek(0)
    header = header_of(file)
    if header.to != key.public.id:
        raise OtherKey
    try:
        box = AESGCM(_suite().decrypt(file.read(_SEALED_KEY), key.opener, context(_LABEL, header.to_bytes())))
        yield from _chunks(file, box)
    except (InvalidTag, ValueError) as error:
        raise Spoilt from error


def _chunks(file: BinaryIO, box: AESGCM) -> Iterator[bytes]:
    chunk, place = file.read(CHUNK + _TAG), 0
    while chunk:
        following = file.read(CHUNK + _TAG)
        yield box.decrypt(_nonce(place, last=not following), chunk, None)
        chunk, place = following, place + 1
    if not place:
        raise Spoilt


@cache
def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _nonce(place: int, *, last: bool) -> bytes:
    """12 bytes; the key is fresh for each file, so no nonce comes twice under it."""
    return place.to_bytes(11, "big") + bytes([last])
