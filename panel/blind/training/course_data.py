"""A course from plain data, whoever wrote it: every fault is told at once, with the place it is at. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from panel.blind.training.course import (
    LEAST_OPTIONS,
    MOST_ATTEMPTS,
    MOST_MONTHS,
    MOST_OPTIONS,
    MOST_PAGES,
    MOST_QUESTIONS,
    Course,
    Page,
    Question,
)
from panel.blind.training.prose import flaws
from panel.kernel.errors import Invalid
from panel.web.text import clean

#: The longest of each text, in characters.
LENGTHS: Final = {"key": 60, "title": 200, "summary": 1000, "text": 40_000, "option": 500, "explanation": 2000}
#: The lowest and highest of each number.
RANGES: Final = {
    "position": (1, 999),
    "minutes": (1, 999),
    "pass_percent": (1, 100),
    "validity_months": (1, MOST_MONTHS),
    "asked": (1, MOST_QUESTIONS),
    "attempts": (0, MOST_ATTEMPTS),
}
_TOP: Final = frozenset({"key", "title", "summary", "online", "page", "question", *RANGES})
_PAGE: Final = frozenset({"title", "text"})
_QUESTION: Final = frozenset({"text", "options", "right", "explanation"})


@dataclass(frozen=True)
class Place:
    """Where in the data: the `index`th table of that kind, a field of it, and the line of a text; or the top."""

    table: str = ""
    index: int = 0
    field: str = ""
    line: int = 0

    @property
    def title(self) -> str:
        """As a person finds it: Page 2, text."""
        whole = f"{self.table.capitalize()} {self.index + 1}" if self.table else ""
        return ", ".join(part for part in (whole, self.field) if part)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, in a sentence."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        return f"{self.place.title}: {self.sentence}" if self.place.title else self.sentence


class CourseInvalid(Invalid):
    """The text is not a course; `faults` say why."""

    sentence = "The course has faults."

    def __init__(self, faults: Sequence[Fault], details: Sequence[str] = ()) -> None:
        super().__init__(details=details or [str(fault) for fault in faults])
        self.faults = tuple(faults)


def parse(data: Mapping[str, Any]) -> Course:
    """Read a course in which options are counted from 1. Raises CourseInvalid with every fault there is."""
    reader = _Reader()
    course = reader.course(data)
    if reader.faults or course is None:
        raise CourseInvalid(reader.faults)
    return course


@dataclass
class _Reader:
    """Reads what it can and notes what it cannot."""

    faults: list[Fault] = field(default_factory=list)

    def course(self, data: Mapping[str, Any]) -> Course | None:
        self._known(data, _TOP, Place())
        key, title = (self._text(data, name, Place()) for name in ("key", "title"))
        if key and not re.fullmatch(r"[a-z0-9-]{1,60}", key):
            self._fault(Place(field="key"), "Use small letters, digits and hyphens, like evidence-and-anchors.")
        online = data.get("online", True)
        if not isinstance(online, bool):
            self._fault(Place(field="online"), "This must be true or false.")
        pages = [self._page(item, Place("page", n)) for n, item in enumerate(self._tables(data, "page", MOST_PAGES))]
        bank = self._tables(data, "question", MOST_QUESTIONS)
        questions = [self._question(item, Place("question", n)) for n, item in enumerate(bank)]
        usual = {"asked": len(bank), "attempts": 0} if online else {"asked": 0, "attempts": 0, "pass_percent": 100}
        numbers = {name: self._number(data, name, usual.get(name)) for name in RANGES}
        summary = self._text(data, "summary", Place())
        if self.faults:
            return None
        course = Course(
            key, title, summary, **numbers, online=online, pages=tuple(filter(None, pages)),
            questions=tuple(filter(None, questions)),
        )  # fmt: skip
        self.faults += [Fault(Place(), sentence) for sentence in course.lacking]
        return course

    def _page(self, item: Mapping[str, Any], place: Place) -> Page | None:
        self._known(item, _PAGE, place)
        page = Page(self._text(item, "title", place), self._text(item, "text", place))
        raw = str(item.get("text", ""))
        for flaw in flaws("\n".join(line.strip() for line in raw.split("\n"))):
            self._fault(Place(place.table, place.index, "text", flaw.line), flaw.sentence)
        return page

    def _question(self, item: Mapping[str, Any], place: Place) -> Question | None:
        self._known(item, _QUESTION, place)
        text, why = (self._text(item, name, place) for name in ("text", "explanation"))
        options, right = item.get("options"), item.get("right")
        at = Place(place.table, place.index, "options")
        if not isinstance(options, list) or not all(isinstance(each, str) for each in options):
            self._fault(at, "This must be a list of texts in quotation marks.")
            return None
        said = tuple(clean(each).replace("\n", " ") for each in options)
        if not LEAST_OPTIONS <= len(said) <= MOST_OPTIONS or len(set(said)) < len(said) or not all(said):
            self._fault(at, f"Give from {LEAST_OPTIONS} to {MOST_OPTIONS} options, all different.")
            return None
        if any(len(each) > LENGTHS["option"] for each in said):
            self._fault(at, f"An option has at most {LENGTHS['option']} characters.")
        if not isinstance(right, int) or isinstance(right, bool) or not 1 <= right <= len(said):
            sentence = f"Give the number of the right option, from 1 to {len(said)}."
            self._fault(Place(place.table, place.index, "right"), sentence)
            return None
        return Question(text, said, right - 1, why)

    def _tables(self, data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
        found = data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            self._fault(Place(field=name), f"Begin each {name} with [[{name}]] on a line of its own.")
            return []
        if len(found) > most:
            self._fault(Place(name, most), f"A course has at most {most} {name}s.")
        return found[:most]

    def _text(self, data: Mapping[str, Any], name: str, place: Place) -> str:
        found, at = data.get(name), Place(place.table, place.index, name)
        if not isinstance(found, str) or not (said := clean(found)):
            self._fault(at, "This is missing, or is no text in quotation marks.")
            return ""
        said = said if name == "text" else said.replace("\n", " ")
        if len(said) > LENGTHS[name]:
            self._fault(at, f"This has at most {LENGTHS[name]:,} characters.")
        return said

    def _number(self, data: Mapping[str, Any], name: str, usual: int | None) -> int:
        found, (lowest, highest) = data.get(name, usual), RANGES[name]
        fits = isinstance(found, int) and not isinstance(found, bool)
        if name not in data and found is not None:
            return int(found)
        if not fits or not lowest <= int(str(found)) <= highest:
            self._fault(Place(field=name), f"This must be a whole number from {lowest} to {highest}.")
            return lowest
        return int(str(found))

    def _known(self, data: Mapping[str, Any], known: frozenset[str], place: Place) -> None:
        for name in data.keys() - known:
            sentence = "This is nothing that a course has. Is the word spelt right?"
            self._fault(Place(place.table, place.index, str(name)), sentence)

    def _fault(self, place: Place, sentence: str) -> None:
        self.faults.append(Fault(place, sentence))
