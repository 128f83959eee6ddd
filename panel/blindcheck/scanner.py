"""Looks for canaries in bytes, whatever they are packed in and however they are written. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from panel.blindcheck.canaries import SHORTEST, Canary, Form, Kind, folded, forms, initials, without_accents
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
                found = sorted(self._in(plain), key=lambda each: each[1] != "as it is")
                for canary, how in [*found, *self._initials(text, {canary.person for canary, _ in found})]:
                    told = f"{how}, {reading}" if reading else how
                    best.setdefault((canary, where), Hit(canary, told, where))
        return list(best.values())

    def _in(self, text: str) -> Iterator[tuple[Canary, str]]:
        starts = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}
        for start in self._by_start.keys() & starts:
            for form, canary in self._by_start[start]:
                if _stands(text, form):
                    yield canary, form.how

    def _initials(self, text: str, people: set[int]) -> Iterator[tuple[Canary, str]]:
        for person in people & self._names.keys():
            name = self._names[person]
            for found in initials(name.value).finditer(without_accents(text)):
                around = text[max(0, found.start() - _BESIDE) : found.end() + _BESIDE]
                if any(canary.person == person for canary, _ in self._in(folded(around))):
                    yield name, "initials"


def _stands(text: str, form: Form) -> bool:
    """Whether the needle is there; not only inside a longer word or number, if it must stand alone."""
    at = text.find(form.needle)
    while form.alone and at >= 0:
        end = at + len(form.needle)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        at = text.find(form.needle, at + 1)
    return at >= 0
