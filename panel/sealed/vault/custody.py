"""How a keyholder's seed is locked: slots, the passphrase of eight words, the printed recovery code, profiles. Pure.

A passphrase slot needs the pepper as well, so that a stolen database allows no guessing; a recovery code holds 160
random bits and needs none, so that a lost pepper loses nobody.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from panel.kernel.encoding import Json, canonical, context, digest, word_list, words
from panel.kernel.errors import Invalid, Malformed, Misconfigured, Refused
from panel.kernel.ids import CROCKFORD, Code, KeyholderId, SlotId

WORDS: Final = 8
SALT: Final = 16
CODE: Final = 20
WRAPPED: Final = 60

_KEY: Final = 32
_NONCE: Final = 12
_CHECK_BITS: Final = 20
#: 8 words hold 88 bits; drawn as 11 whole bytes.
_PASSPHRASE_BYTES: Final = 11


class Kind(StrEnum):
    """How a slot is opened."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind, not a secret
    RECOVERY = "recovery"


class WrongSecret(Invalid):
    """The slot did not open."""

    sentence = "That does not open your key."


class WrongPassphrase(WrongSecret):
    """The passphrase slot did not open."""

    sentence = "That is not your passphrase. Check the eight words and their order."


class WrongRecoveryCode(WrongSecret):
    """The recovery slot did not open."""

    sentence = "That is not the recovery code of your key. Check that you have the newest sheet."


class WeakSlot(Refused):
    """The slot was made with cheap settings, or its settings were changed in the database."""

    sentence = "This key is locked in a way that this service does not accept."


class NotWords(Invalid):
    """What was typed cannot be a passphrase of ours."""

    sentence = "Enter the eight words of your passphrase, with a space between them."


class NotCode(Malformed):
    """What was typed is not a recovery code: its check characters disagree."""

    sentence = "Enter the recovery code as it is printed: 36 letters and numbers in nine groups."


@dataclass(frozen=True)
class Profile:
    """Argon2id settings: memory in KiB, passes, lanes."""

    name: str
    memory: int
    passes: int
    lanes: int

    def parameters(self, kind: Kind) -> Mapping[str, Json]:
        """What is bound into the slot, so that the database cannot weaken it."""
        if kind is Kind.RECOVERY:
            return {"kdf": "hkdf-sha256", "profile": self.name}
        argon = {"lanes": self.lanes, "memory": self.memory, "passes": self.passes}
        return {"kdf": "argon2id", "profile": self.name, **argon}


STANDARD: Final = Profile("standard", 256 * 1024, 3, 1)
#: For tests, the demo and rehearsals. An installation with the standard profile refuses to open a slot made with it.
REHEARSAL: Final = Profile("rehearsal", 1024, 1, 1)
PROFILES: Final[Mapping[str, Profile]] = {profile.name: profile for profile in (STANDARD, REHEARSAL)}


@dataclass(frozen=True)
class Slot:
    """One way to a keyholder's seed. `wrapped` is nonce 12, seed 32, tag 16."""

    id: SlotId
    keyholder: KeyholderId
    kind: Kind
    profile: str
    salt: bytes
    parameters: str
    wrapped: bytes


class RecoveryCode(Code):
    """160 random bits as 32 characters, and 4 that tell a slip of the pen. Raises NotCode on a slip."""

    LENGTH = 36

    def __new__(cls, text: str) -> "RecoveryCode":
        """Case, hyphens, spaces, O/0 and I/L/1 are forgiven."""
        try:
            code = super().__new__(cls, text)
        except Malformed as error:
            raise NotCode from error
        if code[-4:] != _check_characters(code.raw):
            raise NotCode
        return code

    @classmethod
    def new(cls) -> "RecoveryCode":
        """A fresh code from the operating system's randomness."""
        return cls.of(secrets.token_bytes(CODE))

    @classmethod
    def of(cls, raw: bytes) -> "RecoveryCode":
        """The code of 20 bytes."""
        return cls(_crockford(int.from_bytes(raw, "big"), CODE * 8) + _check_characters(raw))

    @property
    def raw(self) -> bytes:
        """The 20 bytes behind the code."""
        number = 0
        for character in self[:-4]:
            number = number << 5 | CROCKFORD.index(character)
        return number.to_bytes(CODE, "big")


def new_passphrase() -> str:
    """Eight generated words (88 bits), one space between them; never invented by a person."""
    return " ".join(words(secrets.token_bytes(_PASSPHRASE_BYTES), WORDS))


def read_passphrase(typed: str) -> str:
    """A typed passphrase in its one form: case, hyphens, commas and extra spaces are forgiven. Raises NotWords."""
    found = re.findall(r"[a-z]+", typed.lower())
    if len(found) != WORDS or not set(found) <= set(word_list()):
        raise NotWords
    return " ".join(found)


def read_secret(kind: Kind, typed: str) -> bytes:
    """What a person typed, as the bytes that open a slot. Raises NotWords and NotCode."""
    return RecoveryCode(typed).raw if kind is Kind.RECOVERY else read_passphrase(typed).encode("ascii")


def lock(keyholder: KeyholderId, kind: Kind, secret: bytes, *, seed: bytes, profile: Profile, pepper: bytes) -> Slot:
    """A new slot that opens with `secret` (a recovery slot leaves the pepper aside)."""
    slot, salt, nonce = SlotId.new(), secrets.token_bytes(SALT), secrets.token_bytes(_NONCE)
    parameters = canonical(profile.parameters(kind)).decode()
    key = _slot_key(keyholder, kind, secret, salt=salt, profile=profile, pepper=pepper)
    wrapped = nonce + AESGCM(key).encrypt(nonce, seed, _bound(keyholder, slot, kind, parameters))
    return Slot(slot, keyholder, kind, profile.name, salt, parameters, wrapped)


def unlock(slot: Slot, secret: bytes, pepper: bytes, installed: Profile) -> bytes:
    """The keyholder's seed (32 bytes). `installed` is the profile of this installation.

    Raises WrongSecret; WeakSlot for a slot of the rehearsal profile on a standard installation and for parameters that
    are not those of the slot's profile.
    """
    profile = PROFILES.get(slot.profile)
    if profile is None or (profile is not STANDARD and installed is STANDARD):
        raise WeakSlot
    if slot.parameters != canonical(profile.parameters(slot.kind)).decode():
        raise WeakSlot
    key = _slot_key(slot.keyholder, slot.kind, secret, salt=slot.salt, profile=profile, pepper=pepper)
    bound = _bound(slot.keyholder, slot.id, slot.kind, slot.parameters)
    try:
        return AESGCM(key).decrypt(slot.wrapped[:_NONCE], slot.wrapped[_NONCE:], bound)
    except InvalidTag as error:
        raise _WRONG[slot.kind] from error


def installed_profile(name: str) -> Profile:
    """The profile an installation is configured with. Raises Misconfigured."""
    if name not in PROFILES:
        raise Misconfigured("There is no key profile of that name.")
    return PROFILES[name]


def recovery_key(keyholder: KeyholderId, salt: bytes, code: bytes) -> bytes:
    """The slot key of a printed code: HKDF-SHA256."""
    info = context(b"panel/recovery/v1", keyholder)
    return HKDF(algorithm=SHA256(), length=_KEY, salt=salt, info=info).derive(code)


_WRONG: Final = {Kind.PASSPHRASE: WrongPassphrase, Kind.RECOVERY: WrongRecoveryCode}


def _slot_key(
    keyholder: KeyholderId, kind: Kind, secret: bytes, *, salt: bytes, profile: Profile, pepper: bytes
) -> bytes:
    if kind is Kind.RECOVERY:
        return recovery_key(keyholder, salt, secret)
    return Argon2id(
        salt=salt,
        length=_KEY,
        iterations=profile.passes,
        lanes=profile.lanes,
        memory_cost=profile.memory,
        secret=pepper,
    ).derive(secret)


def _bound(keyholder: KeyholderId, slot: SlotId, kind: Kind, parameters: str) -> bytes:
    return context(b"panel/slot/v1", keyholder, slot, kind.encode("ascii"), parameters.encode())


def _check_characters(raw: bytes) -> str:
    first = int.from_bytes(digest(context(b"panel/recovery-check/v1", raw))[:3], "big") >> (24 - _CHECK_BITS)
    return _crockford(first, _CHECK_BITS)


def _crockford(number: int, bits: int) -> str:
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(bits - 5, -1, -5))
