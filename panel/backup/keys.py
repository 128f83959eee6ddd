"""The key pair of backups. The public half stands on the server; the private half never does.

A public key, not a passphrase, because the nightly run has nobody to type one: whatever could open last night's backup
would have to lie on the very machine that a thief of backups has in hand. Two files, each one line of JSON.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from panel.kernel.encoding import canonical, digest, words
from panel.kernel.errors import Malformed

FORMAT: Final = 1
_PUBLIC: Final = "panel backup key, public half"
_PRIVATE: Final = "panel backup key, private half: keep it off the server"
#: Bytes of the lattice half; the curve's 32 follow.
_SEED: Final = 64
_LATTICE: Final = 1184
_CURVE: Final = 32


class NoBackupKey(Malformed):
    """The file given is not a backup key, or the other half of one."""

    sentence = (
        "That file does not hold the half of a backup key that is needed here. Make a pair with: panel backup-key"
    )


@dataclass(frozen=True)
class PublicKey:
    """To whom backups are sealed: an X-Wing key of 1,216 bytes."""

    raw: bytes

    @property
    def id(self) -> str:
        """SHA-256 in hexadecimal digits, by which a backup names the key it was made for."""
        return digest(self.raw).hex()

    @property
    def words(self) -> str:
        """The first eight words of it, to be read aloud."""
        return " ".join(words(digest(self.raw)))

    @property
    def recipient(self) -> MLKEM768X25519PublicKey:
        """As the library seals to it."""
        lattice = MLKEM768PublicKey.from_public_bytes(self.raw[:_LATTICE])
        return MLKEM768X25519PublicKey(lattice, X25519PublicKey.from_public_bytes(self.raw[_LATTICE:]))

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises NoBackupKey."""
        return cls(_read(file, "public", _PUBLIC, _LATTICE + _CURVE))

    def to_file(self) -> bytes:
        """One line of JSON."""
        return _line(_PUBLIC, "public", self.raw)


@dataclass(frozen=True)
class PrivateKey:
    """Who opens backups: a lattice seed and a curve scalar, 96 bytes."""

    raw: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Drawn now."""
        lattice, curve = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        return cls(lattice.private_bytes_raw() + curve.private_bytes_raw())

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises NoBackupKey."""
        return cls(_read(file, "private", _PRIVATE, _SEED + _CURVE))

    @property
    def opener(self) -> MLKEM768X25519PrivateKey:
        """As the library opens with it."""
        return MLKEM768X25519PrivateKey(*self._halves())

    @property
    def public(self) -> PublicKey:
        """The other half of the pair."""
        lattice, curve = self._halves()
        return PublicKey(lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw())

    def to_file(self) -> bytes:
        """One line of JSON."""
        return _line(_PRIVATE, "private", self.raw)

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        lattice = MLKEM768PrivateKey.from_seed_bytes(self.raw[:_SEED])
        return lattice, X25519PrivateKey.from_private_bytes(self.raw[_SEED:])


def write_pair(private_file: Path, public_file: Path) -> PublicKey:
    """Draw a pair and write each half to a new file. Raises Malformed if one is there already or cannot be written."""
    private = PrivateKey.new()
    for file, content, mode in (
        (private_file, private.to_file(), 0o400),
        (public_file, private.public.to_file(), 0o644),
    ):
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except OSError as error:
            raise Malformed(f"{file} cannot be written: {error.strerror}.") from error
        with os.fdopen(handle, "wb") as new:
            new.write(content)
    return private.public


def _line(kind: str, name: str, raw: bytes) -> bytes:
    return canonical({"format": FORMAT, "kind": kind, name: raw.hex()}) + b"\n"


def _read(file: Path, name: str, kind: str, length: int) -> bytes:
    try:
        found = json.loads(file.read_bytes())
        raw = bytes.fromhex(found[name])
    except OSError as error:
        raise NoBackupKey(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoBackupKey from error
    if found.get("format") != FORMAT or found.get("kind") != kind or len(raw) != length:
        raise NoBackupKey
    return raw
