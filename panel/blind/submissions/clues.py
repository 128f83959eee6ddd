"""From what a candidate told of herself, the letters to look for in her answers. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from panel.blind.submissions.author import AuthorRecord, Kind
from panel.blind.submissions.everyday import PARTICLES, TITLES, is_common
from panel.blind.submissions.lookalikes import fold

_SHORT: Final = 3
_LONG: Final = 5
_TELLING_DIGITS: Final = 4
_PHONE_DIGITS: Final = 9
_YEARS: Final = range(1900, 2100)
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
_GENERAL: Final = frozenset({"the", "of", "and", "a", "at", "in", "on", "for"})


@dataclass(frozen=True)
class Clue:
    """Folded letters to look for. `weak`: an ordinary word too, telling only with a capital or beside another clue.

    `whose` groups the parts of one person's name; `whole` when the letters must be a word of their own.
    """

    letters: str
    kind: Kind
    whose: str = ""
    weak: bool = False
    whole: bool = True


def clues(record: AuthorRecord) -> tuple[Clue, ...]:
    """Everything in the record worth looking for; the strong form wins where one is both weak and strong."""
    found: dict[str, Clue] = {}
    for clue in _all(record):
        if clue.letters not in found or (found[clue.letters].weak and not clue.weak):
            found[clue.letters] = clue
    return tuple(found.values())


def _all(record: AuthorRecord) -> Iterator[Clue]:
    yield from _person(record.names, Kind.NAME, "author")
    yield from _email(record.email)
    yield from _number(record.staff_no, Kind.STAFF_NO)
    yield from _number(record.collar_no, Kind.COLLAR_NO)
    yield from _phone(record.phone)
    yield from _place(record.station, Kind.STATION)
    yield from _place(record.unit, Kind.UNIT)
    yield from _person((record.manager,), Kind.MANAGER, "manager")
    for position, colleague in enumerate(record.colleagues):
        yield from _person((colleague,), Kind.COLLEAGUE, f"colleague {position}")


def _person(names: Sequence[str], kind: Kind, whose: str) -> Iterator[Clue]:
    for name in names:
        spellings = dict.fromkeys(letters for part in _parts(name) for letters in _spellings(part))
        for letters in spellings:
            yield Clue(letters, kind, whose, weak=len(letters) < _SHORT or is_common(letters))
        yield from _user_names(spellings, kind, whose)


def _user_names(spellings: Iterable[str], kind: Kind, whose: str) -> Iterator[Clue]:
    """Parts run together, as in "rosehall" and "rhall"."""
    for first, second in permutations(spellings, 2):
        yield Clue(first + second, kind, whose, weak=is_common(first + second))
        if len(second) >= _LONG and not is_common(second):
            yield Clue(first[0] + second, kind, whose, weak=is_common(first[0] + second))


def _parts(name: str) -> list[str]:
    pieces = re.split(r"[\s,.()\"“”]+", name)
    return [piece for piece in pieces if len(fold(piece)) > 1 and fold(piece) not in PARTICLES | TITLES]


def _spellings(part: str) -> list[str]:
    """ "O'Neill-Żak" as written together, each side of the hyphen, without the O; with umlauts spelt out too."""
    sides = [part, *re.split(r"[-‐‑–]", part)]
    pieces = [*sides, *(piece for side in sides for piece in re.split(r"['’ʼ]", side))]
    written = {form for piece in pieces for form in (fold(piece), fold(piece.translate(_UMLAUTS)))}
    return sorted(letters for letters in written - PARTICLES if len(letters) > 1)


def _email(address: str) -> Iterator[Clue]:
    local, _, domain = address.partition("@")
    if not domain:
        return
    spelt = local.replace(".", " dot ") + " at " + domain.replace(".", " dot ")
    yield Clue(fold(address), Kind.EMAIL)
    yield Clue(fold(spelt), Kind.EMAIL)
    if len(fold(local)) >= _LONG:
        yield Clue(fold(local), Kind.EMAIL, weak=is_common(fold(local)))


def _number(number: str, kind: Kind) -> Iterator[Clue]:
    letters = fold(number)
    digits = re.sub(r"\D", "", letters)
    if len(letters) >= _SHORT:
        yield Clue(letters, kind, weak=_ordinary(letters))
    if len(digits) >= _TELLING_DIGITS:
        yield Clue(digits, kind, weak=_ordinary(digits))


def _ordinary(letters: str) -> bool:
    # a year, or a round figure, stands in many answers
    return letters.isdecimal() and (int(letters) in _YEARS or int(letters) % 100 == 0)


def _phone(number: str) -> Iterator[Clue]:
    digits = re.sub(r"\D", "", fold(number))
    if len(digits) >= _PHONE_DIGITS:
        # the last nine, so that 0, 44 and (0) before them do not matter
        yield Clue(digits[-_PHONE_DIGITS:], Kind.PHONE, whole=False)
    elif len(digits) >= _TELLING_DIGITS:
        yield Clue(digits, Kind.PHONE, weak=_ordinary(digits))


def _place(name: str, kind: Kind) -> Iterator[Clue]:
    words = [fold(word) for word in re.split(r"[\s,.()/-]+", name) if fold(word)]
    telling = [word for word in words if not is_common(word) and word not in _GENERAL]
    if len("".join(words)) > 1:
        yield Clue("".join(words), kind, weak=not telling)
    core = _core(words)
    if core and core != words:
        yield Clue("".join(core), kind, weak=not set(core) & set(telling))
    if len(core) > 1:
        yield from (Clue(word, kind, weak=True) for word in telling if len(word) >= _LONG)


def _core(words: list[str]) -> list[str]:
    """A place without the general words around it: "Ebury Bridge Police Station" is "ebury bridge"."""
    general = _GENERAL | {"police", "railway", "station", "office", "depot", "team", "unit", "squad", "post", "base"}
    while words and words[-1] in general:
        words = words[:-1]
    while words and words[0] in general:
        words = words[1:]
    return words
