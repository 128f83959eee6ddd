"""The only two encoders: nothing is hashed, signed or bound by another route. And words for reading digests aloud."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | tuple[Json, ...] | Mapping[str, Json] | None"

_U16_MAX: Final = 0xFFFF
#: Twice what typed text may have on one letter. The time that NFC takes grows with the square of such a run.
_MOST_MARKS: Final = 60
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def context(label: bytes, *parts: bytes) -> bytes:
    """`label` and each part behind its own big-endian u16 length, so that no two lists of parts collide."""
    pieces = (label, *parts)
    if any(len(piece) > _U16_MAX for piece in pieces):
        raise ValueError("a part is longer than 65,535 bytes")
    return b"".join(len(piece).to_bytes(2, "big") + piece for piece in pieces)


def canonical(value: Json) -> bytes:
    """JSON as bytes: UTF-8, keys sorted, no spaces, NFC text.

    Raises TypeError on floats and keys that are not text, and ValueError on more than 60 marks on one letter.
    """
    return _ENCODER.encode(_normal(value)).encode()


def _normal(value: Json) -> Json:
    match value:
        case None | bool() | int():
            return value
        case str():
            return _nfc(value)
        case list() | tuple():
            return [_normal(item) for item in value]
        case dict() | Mapping():  # asking for a Mapping alone takes many times as long
            return {_key(key): _normal(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("keys must be text")
    return _nfc(key)


def _nfc(text: str) -> str:
    # what is ASCII is NFC already, and nearly all of it is
    if text.isascii():
        return text
    if _marks_in_a_row(text) > _MOST_MARKS:
        raise ValueError("text with a tower of marks has no canonical form")
    return unicodedata.normalize("NFC", text)


def _marks_in_a_row(text: str) -> int:
    longest = run = 0
    for mark in map(unicodedata.combining, text):
        run = run + 1 if mark else 0
        longest = max(longest, run)
    return longest


def digest(data: bytes) -> bytes:
    """SHA-256: 32 bytes."""
    return hashlib.sha256(data).digest()


def digest_of(value: Json) -> bytes:
    """SHA-256 of the canonical form."""
    return digest(canonical(value))


@cache
def word_list() -> tuple[str, ...]:
    """2,048 short plain English words (the BIP 39 list, MIT), no two alike in their first four letters."""
    return tuple(files("panel.kernel").joinpath("words.txt").read_text("ascii").split())


def words(data: bytes, count: int = 8) -> tuple[str, ...]:
    """The first `count` × 11 bits of `data` as words to read aloud."""
    bits = int.from_bytes(data, "big")
    width = len(data) * 8
    return tuple(word_list()[bits >> (width - 11 * (i + 1)) & 0x7FF] for i in range(count))
