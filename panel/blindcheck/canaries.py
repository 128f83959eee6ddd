"""Canaries: invented particulars, words and codes that occur nowhere else, and every form they could leak in. Pure."""

import codecs
import hashlib
import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

#: Unicode's blocks of combining marks for letters.
_ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


class Family(StrEnum):
    """Who somebody is, what she wrote, or a code that stands for either."""

    WHO = "who"
    WHAT = "what"
    CODE = "code"


class Kind(StrEnum):
    """What a canary is, in the words of a report."""

    NAME = "name"
    PREFERRED = "preferred name"
    EMAIL = "email address"
    USER_NAME = "user name"
    STAFF_NO = "staff number"
    COLLAR_NO = "collar number"
    PHONE = "telephone number"
    STATION = "station"
    UNIT = "unit"
    MANAGER = "line manager"
    ACCOUNT = "account id"
    ANSWER = "word of an answer"
    REF = "submission ref"
    NUMBER = "number"
    TASK = "task code"
    TEXT = "text check code"
    RECEIPT = "receipt code"
    DIGEST = "digest of answers or envelope"

    @property
    def family(self) -> Family:
        """The family it belongs to."""
        if self is Kind.ANSWER:
            return Family.WHAT
        codes = {Kind.REF, Kind.NUMBER, Kind.TASK, Kind.TEXT, Kind.RECEIPT, Kind.DIGEST}
        return Family.CODE if self in codes else Family.WHO


@dataclass(frozen=True)
class Canary:
    """One thing to look for. `person`: whose, from 0. `holder`: who alone meets a task code, as a marker id."""

    person: int
    kind: Kind
    value: str
    holder: str = ""

    @property
    def family(self) -> Family:
        """The family it belongs to."""
        return self.kind.family


@dataclass(frozen=True)
class Form:
    """How a canary may look: folded text to search for, and how it was derived. `alone`: no letter or digit beside."""

    how: str
    needle: str
    alone: bool = False


#: Shorter things occur by chance.
SHORTEST: Final = 6
_SHORTEST_CODED: Final = 8
#: So much of a digest is nobody else's; a code made of one is hardly ever all of it.
_CUT: Final = 12
_HASHES: Final[Mapping[str, Callable[..., Any]]] = {
    "MD5": hashlib.md5,
    "SHA-1": hashlib.sha1,
    "SHA-256": hashlib.sha256,
    "SHA-512": hashlib.sha512,
    "BLAKE2": hashlib.blake2b,
}
_BYTES: Final = frozenset({Kind.ACCOUNT, Kind.REF, Kind.DIGEST})
#: What is made of words or numbers that say something by themselves.
_PARTED: Final = frozenset({Kind.NAME, Kind.MANAGER, Kind.STATION, Kind.UNIT, Kind.STAFF_NO, Kind.USER_NAME})
_SAME: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'"})
#: Soft hyphens, joiners, marks of direction: nobody sees them.
_UNSEEN: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
#: A page has few of them, and each costs a hundred times what a plain letter does.
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_LETTERS: Final = "bcdfghjklmnprstvwz"


def word(length: int = 10) -> str:
    """A nonsense word that nothing else holds."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def folded(text: str) -> str:
    """One spelling for many: no case, no accents, nothing invisible, one kind of apostrophe, single spaces."""
    return " ".join(_BEYOND_ASCII.sub(lambda sign: _bare(sign[0]), text).lower().split())


def forms(canary: Canary) -> Iterator[Form]:
    """Every form of a canary: its spellings, and the encodings and hashes of each."""
    for how, spelling in _spellings(canary):
        yield Form(how, folded(spelling), alone=spelling.isdigit())
        yield from _turned(how, spelling)
        for coding, needle in _codings(spelling.encode()):
            yield Form(f"{how}, {coding}", needle)
        for changed in {spelling.casefold(), spelling.upper(), folded(spelling)} - {spelling}:
            yield from (Form(f"{how}, {coding}", needle) for coding, needle in _codings(changed.encode()))
    if canary.kind in _BYTES:
        yield from (Form(f"its bytes, {coding}", needle) for coding, needle in _codings(bytes.fromhex(canary.value)))


def initials(name: str) -> re.Pattern[str]:
    """The initials of a name, in capitals. They mean something only beside another hit."""
    first = [re.escape(part[0].upper()) for part in without_accents(name).split()]
    return re.compile(r"(?<!\w)" + r"\.? ?".join(first) + r"(?!\w)")


def _spellings(canary: Canary) -> Iterator[tuple[str, str]]:
    yield "as it is", canary.value
    if canary.kind in {Kind.NAME, Kind.MANAGER}:
        first, _, last = canary.value.rpartition(" ")
        yield "surname first", f"{last}, {first}"
        yield "surname first", f"{last} {first}"
    if canary.kind in _PARTED:
        parts = {*canary.value.split(), *re.split(r"[\s.'’-]+", canary.value)} - {canary.value}
        yield from (("a part of it", part) for part in sorted(parts) if len(part) >= SHORTEST)
    if canary.kind is Kind.PHONE:
        digits = "".join(sign for sign in canary.value if sign.isdigit())
        yield "digits only", digits
        yield "digits only", re.sub("^44", "0", digits)
        yield "as it is dialled here", canary.value.replace("+44 ", "0")
    if canary.kind in {Kind.TASK, Kind.TEXT, Kind.RECEIPT}:
        yield "in groups", "-".join(re.findall("....", canary.value))
        yield "in groups", " ".join(re.findall("....", canary.value))


def _turned(how: str, spelling: str) -> Iterator[Form]:
    """Toys that hide nothing. A number is left as it is: turned round it may be somebody else's."""
    if spelling.isdigit():
        return
    yield Form(f"{how}, reversed", folded(spelling[::-1]))
    for text in {spelling, folded(spelling)}:
        yield Form(f"{how}, in ROT13", folded(codecs.encode(text, "rot13")))


def _codings(data: bytes) -> Iterator[tuple[str, str]]:
    yield "in hex", data.hex()
    for offset in range(3):
        text = _unaligned(data, offset)
        if len(text) >= _SHORTEST_CODED:
            yield "in base64", text.lower()
            yield "in base64", text.replace("+", "-").replace("/", "_").lower()
    yield from _hashed(data)


def _hashed(data: bytes) -> Iterator[tuple[str, str]]:
    for name, algorithm in _HASHES.items():
        digest = algorithm(data, usedforsecurity=False).digest()
        yield f"{name} in hex", digest.hex()[:_CUT]
        text = b64encode(digest).decode()[:_CUT].lower()
        yield f"{name} in base64", text
        yield f"{name} in base64", text.replace("+", "-").replace("/", "_")


def _unaligned(data: bytes, offset: int) -> str:
    """What is sure to stand in base64 of any text that holds `data` at that offset."""
    text = b64encode(bytes(offset) + data).decode().rstrip("=")
    sure = (8 * (offset + len(data))) // 6
    return text[-(-8 * offset // 6) : sure]


@lru_cache(maxsize=4096)
def _bare(sign: str) -> str:
    return without_accents(_UNSEEN.sub("", sign).casefold().translate(_SAME))


def without_accents(text: str) -> str:
    """The same letters, bare."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
