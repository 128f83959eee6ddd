"""A text as a searcher reads it: letters without what divides or disguises them, each with its place. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from panel.blind.submissions.everyday import is_common
from panel.blind.submissions.lookalikes import disguises, glyphs

_WORD = re.compile(r"\S+")
_STAND_IN = re.compile(r"[\d@$!|]\w|\w[\d@$!|]")
_SPELT_OUT_FROM = 3


class Gap(IntEnum):
    """What stands before a letter."""

    NONE = 0
    MARK = 1
    SPACE = 2


@dataclass(frozen=True)
class Find:
    """Where letters were found: `start` to `end` of the text. `broken`: split up or disguised; `capital`: as a name."""

    start: int
    end: int
    broken: bool
    capital: bool


class Reading:
    """One way to read a text. `disguised` when digits and signs were read as the letters they stand for."""

    def __init__(self, text: str, *, disguised: bool = False, source: str | None = None) -> None:
        self._source = source if source is not None else text
        self._disguised = disguised
        self._letters, self._places = glyphs(text)
        self._gaps = _gaps(text, self._places)

    def find(self, letters: str, *, whole: bool = True) -> Iterator[Find]:
        """Every place where `letters` (folded) stand as a word of their own, in one piece or broken up.

        Pieces that are each an ordinary word ("the ale") are not taken for a broken one ("Theale").
        With `whole` off the letters may stand inside longer ones (telephone numbers).
        """
        at = self._letters.find(letters)
        while at >= 0:
            end = at + len(letters)
            if not whole or (self._divided(at) and self._ends(end)):
                yield from self._judge(at, end)
            at = self._letters.find(letters, at + 1)

    def _divided(self, at: int) -> bool:
        if at in {0, len(self._letters)} or self._gaps[at] is not Gap.NONE:
            return True
        return self._letters[at - 1].isdigit() != self._letters[at].isdigit()

    def _ends(self, end: int) -> bool:
        # "Okonjo's", "Okonjos'" and "the Okonjos" are Okonjo
        is_s = self._letters[end : end + 1] == "s" and (end + 1 == len(self._letters) or self._divided(end + 1))
        return self._divided(end) or (is_s and self._gaps[end] <= Gap.MARK)

    def _judge(self, at: int, end: int) -> Iterator[Find]:
        pieces = self._pieces(at, end)
        spelt = len(pieces) >= _SPELT_OUT_FROM and all(len(piece) == 1 for piece in pieces)
        if len(pieces) > 1 and not spelt and all(is_common(piece) for piece in pieces):
            return
        start, stop = self._places[at], self._places[end - 1] + 1
        if self._disguised and not any(map(disguises, self._source[start:stop])):
            return
        yield Find(start, stop, spelt or self._disguised, self._source[start].isupper())

    def _pieces(self, at: int, end: int) -> list[str]:
        cuts = [at, *(i for i in range(at + 1, end) if self._gaps[i] is not Gap.NONE), end]
        return [self._letters[a:b] for a, b in pairwise(cuts)]


def readings(text: str) -> tuple[Reading, ...]:
    """The text as it stands, then with digits and signs inside words read as letters ("Sm1th")."""
    others = {_undisguised(text, choice) for choice in (0, -1)} - {text} if _STAND_IN.search(text) else set()
    return (Reading(text), *(Reading(other, disguised=True, source=text) for other in sorted(others)))


def _undisguised(text: str, choice: int) -> str:
    def undo(word: re.Match[str]) -> str:
        if not any(map(disguises, word.group())) or not any(c.isalpha() for c in word.group()):
            return word.group()
        return "".join((disguises(c) or c)[choice] for c in word.group())

    return _WORD.sub(undo, text)


def _gaps(text: str, places: list[int]) -> list[Gap]:
    before = [-1, *places]
    return [Gap.NONE if b == a + 1 else _gap(text[a + 1 : b]) for a, b in zip(before, places, strict=False)]


@lru_cache(maxsize=256)
def _gap(between: str) -> Gap:
    # zero-width characters and loose accents divide nothing
    seen = [c for c in between if c.isspace() or unicodedata.category(c)[0] not in "MC"]
    if any(c.isspace() for c in seen):
        return Gap.SPACE
    return Gap.MARK if seen else Gap.NONE
