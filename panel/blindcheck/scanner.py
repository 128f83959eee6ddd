"""Looks for canaries in bytes, whatever they are packed in and however they are written. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from panel.blindcheck.canaries import SHORTEST, Canary, Form, Kind, folded, forms, initials
from panel.blindcheck.unpacking import pieces, readings

#: How near to another hit initials must stand to count.
_BESIDE: Final = 80


@dataclass(frozen=True)
class Hit:
    """One canary found: how it was written, and where in what was looked through."""

    canary: Canary
    how: str
    where: str = ""

    def __str__(self) -> str:
        inside = f" in {self.where}" if self.where else ""
        return f"{self.canary.kind} of candidate {self.canary.person + 1} ({self.how}){inside}"


class Scanner:
    """Knows a set of canaries. Looking through a page costs the same for ten of them as for ten thousand."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        """Works out all forms once."""
        self._by_start: dict[str, list[tuple[Form, Canary]]] = defaultdict(list)
        self._names: dict[int, Canary] = {}
        for canary in dict.fromkeys(canaries):
            if canary.kind is Kind.NAME:
                self._names[canary.person] = canary
            for form in dict.fromkeys(forms(canary)):
                if len(form.needle) >= SHORTEST:
                    self._by_start[form.needle[:SHORTEST]].append((form, canary))

    def find(self, data: bytes) -> list[Hit]:
        """Every canary in the bytes, once for each place in them, in the plainest way it is written."""
        best: dict[tuple[Canary, str], Hit] = {}
        seen: set[str] = set()
        for where, piece in pieces(data):
            for reading, text in readings(piece):
                plain = folded(text)
                if plain in seen:
                    continue
                seen.add(plain)
                for canary, how in sorted(self._in(plain), key=lambda found: found[1] != "as it is"):
                    told = f"{how}, {reading}" if reading else how
                    best.setdefault((canary, where), Hit(canary, told, where))
        return list(best.values())

    def _in(self, text: str) -> Iterator[tuple[Canary, str]]:
        starts = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}
        places: dict[int, list[int]] = defaultdict(list)
        for start in self._by_start.keys() & starts:
            for form, canary in self._by_start[start]:
                at = _place(text, form)
                if at >= 0:
                    places[canary.person].append(at)
                    yield canary, form.how
        for person in places.keys() & self._names.keys():
            name = self._names[person]
            found = (match.start() for match in initials(name.value).finditer(text))
            if any(0 < abs(at - place) < _BESIDE for at in found for place in places[person]):
                yield name, "initials"


def _place(text: str, form: Form) -> int:
    """Where the needle stands; -1 if nowhere, or only inside a longer word or number though it must stand alone."""
    at = text.find(form.needle)
    while form.alone and at >= 0:
        end = at + len(form.needle)
        if not (text[at - 1 : at].isalnum() if at else False) and not text[end : end + 1].isalnum():
            return at
        at = text.find(form.needle, at + 1)
    return at
