"""The register of training: who may mark what and until when, and if not, what comes next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from panel.blind.training.gate import Gate
from panel.blind.training.required import Required
from panel.kernel.ids import BoardId, MarkerId


class Show(StrEnum):
    """Which part of the register."""

    ALL = "all"
    READY = "ready"
    NOT_READY = "not-ready"
    ENDING = "ending"
    NO_ATTEMPTS = "no-attempts"

    @property
    def label(self) -> str:
        """As screens call it."""
        return _LABELS[self]


_LABELS = {
    Show.ALL: "Everybody",
    Show.READY: "May mark every board they are on",
    Show.NOT_READY: "May not mark all of a board they are on",
    Show.ENDING: "A course ends within four weeks",
    Show.NO_ATTEMPTS: "No attempts left at a quiz",
}


@dataclass(frozen=True)
class Place:
    """A panel member's part on one board, and what the gate says of it."""

    board: BoardId
    title: str
    gate: Gate


@dataclass(frozen=True)
class Entry:
    """One person of the register. `places`: the boards to be marked, or being marked, on whose panel they are."""

    marker: MarkerId
    name: str
    staff_no: str
    courses: tuple[Required, ...]
    places: tuple[Place, ...]

    @property
    def until(self) -> date | None:
        """The last day on which every course is still current; None if one never was, or none is required."""
        ends = [course.expires_on for course in self.courses]
        return min((end for end in ends if end is not None), default=None) if all(ends) else None

    def fits(self, show: Show, on: date) -> bool:
        """Whether that part of the register holds this person."""
        if show is Show.READY:
            return bool(self.places) and all(place.gate.whole for place in self.places)
        if show is Show.NOT_READY:
            return any(not place.gate.whole for place in self.places)
        if show is Show.ENDING:
            return any(course.ends_soon(on) for course in self.courses)
        if show is Show.NO_ATTEMPTS:
            return any(course.used_up and not course.current(on) for course in self.courses)
        return True


def chosen(entries: Iterable[Entry], show: Show, board: BoardId | None, on: date) -> tuple[Entry, ...]:
    """The part of the register that was asked for, with the places on that board alone if one is named."""
    narrowed = (_narrowed(entry, board) for entry in entries)
    return tuple(entry for entry in narrowed if (board is None or entry.places) and entry.fits(show, on))


def table(entries: Sequence[Entry], on: date) -> tuple[tuple[str, ...], ...]:
    """The register as text: headings, and a row for each person and board."""
    titles = tuple(f"{course.title}: counts until" for course in entries[0].courses) if entries else ()
    headings = ("Name", "Staff number", "Board", "May mark", "Until", "Next", *titles)
    return (headings, *(row for entry in entries for row in _rows(entry, on)))


def _narrowed(entry: Entry, board: BoardId | None) -> Entry:
    places = tuple(place for place in entry.places if board in {None, place.board})
    return Entry(entry.marker, entry.name, entry.staff_no, entry.courses, places)


def _rows(entry: Entry, on: date) -> Iterable[tuple[str, ...]]:
    ends = tuple(_ends(course, on) for course in entry.courses)
    if not entry.places:
        missing = " ".join(filter(None, (course.sentence(on) for course in entry.courses)))
        yield (entry.name, entry.staff_no, "", "", "", missing, *ends)
    for place in entry.places:
        until = entry.until.isoformat() if place.gate.open and entry.until else ""
        yield (entry.name, entry.staff_no, place.title, _may(place.gate), until, " ".join(place.gate.missing), *ends)


def _may(gate: Gate) -> str:
    if not gate.open:
        return "No"
    return "Yes" if gate.whole else "In part"


def _ends(course: Required, on: date) -> str:
    if course.expires_on is None:
        return "Replaced" if course.replaced(on) else "Not completed"
    return course.expires_on.isoformat()
