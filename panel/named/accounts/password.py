"""Which passwords are taken. Long ones, and none that is tried first (OWASP ASVS 5.0, 6.2). Pure.

No rule asks for capitals, digits or signs, none makes people change a good password, and pasting is welcome.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from panel.kernel.errors import Invalid

SHORTEST: Final = 15
LONGEST: Final = 200
_RESIDUE: Final = 6
_SHORTEST_RUN: Final = 4
_SHORTEST_OWN_WORD: Final = 3
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_DISGUISES: Final = str.maketrans("013457@$!", "oieastasi")


class WeakPassword(Invalid):
    """The password would be guessed."""

    sentence = "Choose a different password."


class TooShort(WeakPassword):
    """Length is what makes a password hard to guess."""

    sentence = f"Password must be {SHORTEST} characters or more. Three or four unrelated words work well"


class TooLong(WeakPassword):
    """A limit, so that hashing cannot be used to exhaust the server."""

    sentence = f"Password must be {LONGEST} characters or fewer"


class Common(WeakPassword):
    """It stands on the list of those tried first."""

    sentence = "Choose a password that fewer people use. This one is on the lists that are tried first"


class Guessable(WeakPassword):
    """What is left without the obvious is too short."""

    sentence = "Choose a password that is not made of repeats, keyboard rows, dates, your name or words from your work"


def accepted(password: str, own: Iterable[str] = ()) -> str:
    """The password in the form that is hashed (NFC), if it is good enough.

    `own`: what others know of this person (name, e-mail, staff number). Raises a WeakPassword.
    """
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise TooShort
    if len(plain) > LONGEST:
        raise TooLong
    folded, undisguised = fold(plain), _undisguised(plain)
    if folded in _common() or undisguised in _common_undisguised():
        raise Common
    if min(len(_residue(form, own)) for form in (folded, undisguised)) < _RESIDUE:
        raise Guessable
    return plain


def normal(password: str) -> str:
    """NFC, so that one keyboard's é is another's; nothing else is touched."""
    return unicodedata.normalize("NFC", password)


def fold(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())


def _residue(folded: str, own: Iterable[str]) -> str:
    """What is left to guess: without runs, years, known words and repeats."""
    own_words = {fold(word) for text in own for word in re.split(r"[\W_]+", text)}
    known = {word for word in own_words if len(word) >= _SHORTEST_OWN_WORD} | _guessable()
    return _once(_without_words(_without_runs(folded), known))


def _without_runs(text: str) -> str:
    text = re.sub(r"(?:19|20)\d\d", "", text)
    for run in _runs():
        text = text.replace(run, "")
    return re.sub(r"(.)\1{2,}", r"\1", text)


def _without_words(text: str, words: set[str] | frozenset[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _once(text: str) -> str:
    """A unit said several times counts once."""
    repeated = re.fullmatch(r"(.+?)\1+.{0,3}", text)
    return repeated[1] if repeated else text


def _undisguised(text: str) -> str:
    return fold(text.casefold().translate(_DISGUISES))


@cache
def _runs() -> tuple[str, ...]:
    both = [row for each in _ROWS for row in (each, each[::-1])]
    found = {
        row[start : start + length]
        for row in both
        for length in range(_SHORTEST_RUN, len(row) + 1)
        for start in range(len(row) - length + 1)
    }
    return tuple(sorted(found, key=lambda run: (-len(run), run)))


@cache
def _common() -> frozenset[str]:
    return _listed("common_passwords.txt")


@cache
def _common_undisguised() -> frozenset[str]:
    return frozenset(map(_undisguised, _common()))


@cache
def _guessable() -> frozenset[str]:
    return _listed("guessable_words.txt")


def _listed(name: str) -> frozenset[str]:
    lines = files("panel.named.accounts").joinpath(name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
