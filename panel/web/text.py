"""The one form in which typed text is kept, and the one rule by which its words are counted."""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_SPACES: Final = re.compile("[ \t\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK_LINES: Final = re.compile("\n{3,}")
_UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
#: Drawn as nothing, and yet in none of the categories above: fillers, variation selectors, the grapheme joiner.
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_NONCHARACTER: Final = 0xFFFE
#: More marks than this on one letter are no language's writing, and the time that NFC takes grows with their square
#: (Unicode Standard Annex 15, Stream-Safe Text).
_MOST_MARKS: Final = 30
_BETWEEN_WORDS: Final = re.compile(r"[\s/\u2012-\u2015]+")


def clean(text: str) -> str:
    """The same text with nothing in it that cannot be seen, so that no invisible mark can carry a signal.

    NFC, with at most 30 marks on a letter; lines end in one newline and never in a space; spaces of any kind are one
    ordinary space, and blank lines one blank line; control, format and private characters are gone. Cleaning twice
    changes nothing.
    """
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(map(_clean_line, lines))).strip("\n")


def _clean_line(line: str) -> str:
    if line.isascii() and line.isprintable():  # nearly every line: nothing in it can be unseen
        return _SPACES.sub(" ", line).strip(" ")
    seen = "".join(c for c in _SPACES.sub(" ", line) if not _is_unseen(c))
    # and once more, because a few marks are two that are written as one
    seen = _few_marks(unicodedata.normalize("NFC", _few_marks(seen)))
    return _SPACES.sub(" ", seen).strip(" ")


def _few_marks(line: str) -> str:
    if not any(map(unicodedata.combining, line)):
        return line
    kept, run = [], 0
    for character in line:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_unseen(character: str) -> bool:
    return (
        unicodedata.category(character) in _UNSEEN_CATEGORIES
        or ord(character) & _NONCHARACTER == _NONCHARACTER
        or _UNSEEN.match(character) is not None
    )


def count_words(text: str) -> int:
    """How many words: whatever stands between spaces, dashes or slashes and holds a letter or a digit.

    A hyphen or an apostrophe does not divide a word. `static/words.js` counts by the same rule.
    """
    return sum(any(c.isalnum() for c in piece) for piece in _BETWEEN_WORDS.split(clean(text)))
