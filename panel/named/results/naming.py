"""Does a note name somebody? Before it goes to a candidate, for everyone on the roll and on the panel. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from panel.blind.submissions.clues import clues
from panel.blind.submissions.lookalikes import fold
from panel.blind.submissions.redaction import AuthorRecord, Hit, Strength, hits

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Known:
    """Somebody a note may not name."""

    name: str
    email: str
    staff_no: str

    @property
    def record(self) -> AuthorRecord:
        """As the text check takes it."""
        return AuthorRecord(names=(self.name,), email=self.email, staff_no=self.staff_no)


@dataclass(frozen=True)
class Found:
    """What a note gives away: `names` stop it, `hints` (pronouns, posts, awards, ordinary words) are pointed out."""

    names: tuple[str, ...]
    hints: tuple[str, ...]

    @property
    def stops(self) -> bool:
        """Whether the note names somebody."""
        return bool(self.names)


class Watch:
    """Everyone whose name is looked for. A note is compared with those alone who share a word with it."""

    def __init__(self, people: Iterable[Known]) -> None:
        """Index people by every spelling that the text check would look for."""
        by_word: dict[str, set[Known]] = defaultdict(set)
        for person in people:
            for clue in clues(person.record):
                by_word[clue.letters].add(person)
        self._by_word: Mapping[str, set[Known]] = by_word

    def find(self, note: str) -> Found:
        """Names and hints in the note, as they stand there, none twice."""
        found = self._near(note) or hits(note)
        return Found(_passages(note, found, Strength.EXACT), _passages(note, found, Strength.SOFT))

    def find_names(self, note: str) -> Found:
        """Names alone: what decides over many notes at once."""
        return Found(_passages(note, self._near(note), Strength.EXACT), ())

    def _near(self, note: str) -> list[Hit]:
        words = {_folded(word) for word in _WORD.findall(note)}
        near = {person for word in words for person in self._by_word.get(word, ())}
        return [hit for person in near for hit in hits(note, person.record)]


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


def _passages(note: str, found: Iterable[Hit], strength: Strength) -> tuple[str, ...]:
    """The passages of one strength; what overlaps or stands side by side, such as first and last name, is one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted({(hit.start, hit.end) for hit in found if hit.strength is strength}):
        if joined and not note[joined[-1][1] : start].strip():
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(dict.fromkeys(note[start:end] for start, end in joined))
