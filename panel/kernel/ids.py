"""Typed identifiers: sixteen random bytes, or a short random code. None is derived from anything."""

import re
import secrets
from typing import ClassVar, Final, Self

from panel.kernel.errors import Malformed

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Id(bytes):
    """Sixteen random bytes; 32 hexadecimal digits in an address."""

    SIZE: Final = 16

    def __new__(cls, raw: bytes) -> Self:
        """Raises Malformed unless `raw` is 16 bytes."""
        if len(raw) != cls.SIZE:
            raise Malformed("This is not a valid address.")
        return super().__new__(cls, raw)

    @classmethod
    def new(cls) -> Self:
        """A fresh identifier from the operating system's randomness."""
        return cls(secrets.token_bytes(cls.SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 32 lower-case hexadecimal digits. Raises Malformed."""
        if not re.fullmatch(r"[0-9a-f]{32}", text):
            raise Malformed("This is not a valid address.")
        return cls(bytes.fromhex(text))

    def __str__(self) -> str:
        return self.hex()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.hex()})"


class AccountId(Id):
    """A person's account. Never leaves the named side, access and the roll."""


class MarkerId(Id):
    """The same person as the blind side and the log know them."""


class BoardId(Id):
    """One promotion process."""


class SubmissionRef(Id):
    """The random reference under which answers are lodged. Knows no person."""


class RollId(Id):
    """One row of a roll; random, so that a roll leaf hides its account."""


class KeyholderId(Id):
    """A custodian, chair or deputy as the holder of a key pair."""


class SlotId(Id):
    """One way to unlock a keyholder's key."""


class CeremonyId(Id):
    """One opening ceremony of a board."""


class OpeningId(Id):
    """One envelope opened early."""


class FrameworkId(Id):
    """One version of a competency and values framework."""


class CourseId(Id):
    """One version of a training course."""


class TaughtId(Id):
    """HR's record that somebody was trained face to face."""


class ScriptId(Id):
    """A practice script: a sample answer with agreed marks."""


class PasskeyId(Id):
    """A passkey, as its owner's pages name it; not what the browser knows it by."""


class InvitationId(Id):
    """An invitation to make an account."""


class SignInId(Id):
    """One live sign-in, by what its owner ends it. It opens nothing."""


#: The board id under which the system's own log and board-less roles are kept.
SYSTEM: Final = BoardId(bytes(Id.SIZE))


class Code(str):
    """A random code for people to read or type: Crockford base32 in groups of four."""

    LENGTH: ClassVar[int] = 0

    def __new__(cls, text: str) -> Self:
        """Case, hyphens, spaces, O/0 and I/L/1 are forgiven. Raises Malformed."""
        plain = re.sub(r"[\s\-]", "", text).upper().translate(_FORGIVEN)
        if len(plain) != cls.LENGTH or set(plain) - set(CROCKFORD):
            raise Malformed("That code is not in the right form.")
        return super().__new__(cls, plain)

    @classmethod
    def new(cls) -> Self:
        """A fresh random code, five bits a character."""
        return cls("".join(secrets.choice(CROCKFORD) for _ in range(cls.LENGTH)))

    @property
    def grouped(self) -> str:
        """As people read it: groups of four with hyphens."""
        return "-".join(self[i : i + 4] for i in range(0, len(self), 4))


class TaskCode(Code):
    """One marking task; different for every marker, and all that a marker sees."""

    LENGTH = 12


class TextCode(Code):
    """One answer whose text a leader of the panel must look at; says nothing of its submission."""

    LENGTH = 12


class ReceiptCode(Code):
    """The secret only the candidate holds (100 bits)."""

    LENGTH = 20


class CertificateCode(Code):
    """What a certificate of training is checked by."""

    LENGTH = 12


class SignInCode(Code):
    """A recovery code for signing in without the phone (120 bits)."""

    LENGTH = 24


class Number(int):
    """The six-digit number used in place of a name from the close of a board."""

    LOWEST: Final = 100_000
    HIGHEST: Final = 999_999

    def __new__(cls, value: int) -> Self:
        """Raises Malformed outside 100000 to 999999."""
        if not cls.LOWEST <= value <= cls.HIGHEST:
            raise Malformed("A number has six digits.")
        return super().__new__(cls, value)

    @classmethod
    def deal(cls, count: int) -> list[Self]:
        """`count` different numbers in random order, from `secrets`."""
        span = range(cls.LOWEST, cls.HIGHEST + 1)
        return [cls(n) for n in secrets.SystemRandom().sample(span, count)]
