"""A text cut where hits begin and end, so that a page can mark them. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from panel.blind.submissions.redaction import Hit

_END: Final = re.compile(r"[.!?] |\n")


@dataclass(frozen=True)
class Passage:
    """A piece of a text, and the hit it is, if it is one."""

    text: str
    hit: Hit | None = None


def passages(text: str, hits: Iterable[Hit]) -> tuple[Passage, ...]:
    """The whole text in pieces, in order. The hits lie in order and apart, as `redaction.hits` gives them."""
    return tuple(piece for piece in _cut(text, hits) if piece.text)


def sentences(text: str, hits: Iterable[Hit]) -> tuple[tuple[Passage, ...], ...]:
    """Only the lines or sentences in which something was found, each in pieces."""
    found = tuple(hits)
    spans = dict.fromkeys(_around(text, hit) for hit in found)
    return tuple(passages(text[start:end], _within(found, start, end)) for start, end in spans)


def _cut(text: str, hits: Iterable[Hit]) -> Iterator[Passage]:
    at = 0
    for hit in hits:
        yield Passage(text[at : hit.start])
        yield Passage(hit.of(text), hit)
        at = hit.end
    yield Passage(text[at:])


def _around(text: str, hit: Hit) -> tuple[int, int]:
    before = [match.end() for match in _END.finditer(text, 0, hit.start)]
    after = _END.search(text, hit.end)
    return (before[-1] if before else 0), (after.start() + 1 if after else len(text))


def _within(hits: Iterable[Hit], start: int, end: int) -> Iterator[Hit]:
    for hit in hits:
        if start <= hit.start and hit.end <= end:
            yield Hit(hit.start - start, hit.end - start, hit.kind, hit.strength)
