"""Does this text name its author? And, where it does, the same text with the chosen words removed. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from panel.blind.submissions.author import AuthorRecord, Kind
from panel.blind.submissions.clues import Clue, clues
from panel.blind.submissions.everyday import PARTICLES
from panel.blind.submissions.hints import hints
from panel.blind.submissions.lookalikes import fold, glyphs
from panel.blind.submissions.reading import Find, readings
from panel.kernel.errors import Invalid

__all__ = ["REMOVED", "AuthorRecord", "Hit", "Kind", "NotInText", "Strength", "hits", "redact", "remove_spans"]

#: What a reader meets in place of words taken out; a redaction to nothing prints it too.
REMOVED: Final = "[removed]"
#: What may stand between two parts of one name: "Hall, Rose", "rose.hall", "Rose M. Hall", "Rose de la Hall".
_BESIDE: Final = re.compile(rf"(?:, ?|[ \n_./+-])(?:(?:\w\.?|{'|'.join(sorted(PARTICLES))}) ){{0,2}}", re.IGNORECASE)
_JOINED: Final = re.compile(r"[._\-+/]")
_SPELT_LEAST: Final = 3
_SEVERAL_REMOVED: Final = re.compile(rf"{re.escape(REMOVED)}(?:\s*{re.escape(REMOVED)})+")


class Strength(IntEnum):
    """Whether a hit must be changed before an application is submitted, or is pointed out only."""

    SOFT = 0
    EXACT = 1


class NotInText(Invalid):
    """Words chosen for removal do not occur in the answer."""

    sentence = "Enter words exactly as they stand in the answer."


@dataclass(frozen=True)
class Hit:
    """A passage that may name the author: where it stands (`start` to `end`), what it gives away, how surely."""

    start: int
    end: int
    kind: Kind
    strength: Strength

    def of(self, text: str) -> str:
        """The passage itself."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class _Seen:
    """A clue met in the text, before it is known what stands beside it."""

    hit: Hit
    clue: Clue
    find: Find


def hits(text: str, record: AuthorRecord | None = None) -> tuple[Hit, ...]:
    """Every passage that may name the author, in order, none overlapping; exact ones win over soft ones.

    Without a record only the soft rules apply: so it is on the blind side, where no record exists.
    """
    exact_or_soft = [*_from_record(text, record)] if record else []
    soft = [Hit(start, end, kind, Strength.SOFT) for kind, start, end in hints(text)]
    return _disjoint([*exact_or_soft, *soft])


def redact(text: str, passages: Iterable[str]) -> str:
    """The text with every occurrence of the chosen passages replaced by [removed], however they are written there.

    Capitals, accents and line breaks do not matter. Raises NotInText, naming what was not found.
    """
    chosen = [passage for passage in dict.fromkeys(passages) if fold(passage)]
    if not chosen:
        raise NotInText(details=["Select or enter the words to remove."])
    spans = {passage: list(_occurrences(text, passage)) for passage in chosen}
    missing = [passage for passage, found in spans.items() if not found]
    if missing:
        raise NotInText(details=[f"‘{passage}’ does not stand in the answer." for passage in missing])
    return remove_spans(text, [span for found in spans.values() for span in found])


def remove_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with each span (start, end) replaced; neighbours become one, and nothing left becomes [removed]."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        pieces.append(text[at : max(at, start)] + REMOVED)
        at = end
    return _SEVERAL_REMOVED.sub(REMOVED, "".join(pieces) + text[at:]).strip() or REMOVED


def _from_record(text: str, record: AuthorRecord) -> Iterator[Hit]:
    views = readings(text)
    seen = [
        _Seen(Hit(find.start, find.end, clue.kind, Strength.SOFT), clue, find)
        for clue in clues(record)
        for view in views
        for find in view.find(clue.letters, whole=clue.whole)
    ]
    return (hit for one in seen for hit in _judged(text, one, seen))


def _judged(text: str, one: _Seen, seen: list[_Seen]) -> Iterator[Hit]:
    broken = one.find.broken and len(one.clue.letters) >= _SPELT_LEAST
    if not one.clue.weak or broken:
        yield replace(one.hit, strength=Strength.EXACT)
        return
    beside = [other for other in seen if _are_beside(text, one, other)]
    if any(_makes_sure(text, one, other) for other in beside):
        yield replace(one.hit, strength=Strength.EXACT)
    elif one.find.capital or beside or one.clue.letters.isdecimal():
        yield one.hit


def _are_beside(text: str, one: _Seen, other: _Seen) -> bool:
    if one.clue.letters == other.clue.letters or (one.clue.weak and other.clue.weak and not _one_person(one, other)):
        return False
    first, last = sorted((one.hit, other.hit), key=lambda hit: hit.start)
    return _BESIDE.fullmatch(text, first.end, last.start) is not None


def _one_person(one: _Seen, other: _Seen) -> bool:
    return bool(one.clue.whose) and one.clue.whose == other.clue.whose


def _makes_sure(text: str, one: _Seen, other: _Seen) -> bool:
    """ "Rose Hall" and "rose.hall" name somebody; "rose hall" in small letters may be prose, and stays soft."""
    if not other.clue.weak or (one.find.capital and other.find.capital):
        return True
    first, last = sorted((one.hit, other.hit), key=lambda hit: hit.start)
    return _JOINED.fullmatch(text, first.end, last.start) is not None


def _disjoint(found: list[Hit]) -> tuple[Hit, ...]:
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda h: (-h.strength, h.start - h.end, h.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: hit.start))


def _occurrences(text: str, passage: str) -> Iterator[tuple[int, int]]:
    (letters, places), wanted = glyphs(text), fold(passage)
    at = letters.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        if _stands_alone(text, start, end):
            yield start, end
        at = letters.find(wanted, at + 1)


def _stands_alone(text: str, start: int, end: int) -> bool:
    # "Hal" is not cut out of "Halifax", nor "her" out of "there"
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
