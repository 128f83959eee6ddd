"""Reading a framework from plain data (TOML, JSON, or rows put together), with every fault told at once. Pure."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from panel.board.framework import FORMAT, Competency, Framework, Level, Value
from panel.board.policy import POINTS, slug
from panel.kernel.errors import Invalid

NAME_LENGTH: Final = 100
VERSION_LENGTH: Final = 40
TEXT_LENGTH: Final = 2000
LIST_LENGTH: Final = 60
#: Of levels, of competencies, of values: more than anybody writes, and few enough to be compared with each other.
MOST: Final = 200
LEVELS: Final = range(1, 10)


@dataclass(frozen=True)
class Place:
    """Where a fault stands: `Place("competency", 2)` is the third competency; `Place()` the framework itself."""

    kind: str = ""
    index: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.index + 1}" if self.kind else "the framework"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    place: Place
    sentence: str


class FrameworkInvalid(Invalid):
    """The data is not a framework; `details` are all the faults, in the order of the file."""

    sentence = "The framework cannot be loaded."

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(details=[fault.sentence for fault in faults])


@dataclass
class _Reader:
    """Collects faults while the parts are read, so that a person mends them in one go."""

    faults: list[Fault] = field(default_factory=list)
    place: Place = Place()

    def fault(self, sentence: str) -> None:
        self.faults.append(Fault(self.place, sentence))

    def known(self, data: Mapping[str, Any], *names: str) -> None:
        for name in data:
            if name not in names:
                self.fault(f"‘{name}’ is not a part of {self.place}.")

    def text(self, data: Mapping[str, Any], name: str, longest: int, *, required: bool = False) -> str:
        value = data.get(name, "")
        if not isinstance(value, str):
            self.fault(f"The {name} of {self.place} must be text.")
        elif required and not value.strip():
            self.fault(f"Enter the {name} of {self.place}.")
        elif len(value) > longest:
            self.fault(f"The {name} of {self.place} is longer than {longest} characters.")
        else:
            return value.strip()
        return ""

    def texts(self, value: object, name: str) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(text, str) and text.strip() for text in value):
            self.fault(f"The {name} of {self.place} must be a list of texts, none of them empty.")
        elif len(value) > LIST_LENGTH or any(len(text) > TEXT_LENGTH for text in value):
            self.fault(f"The {name} of {self.place} are over {LIST_LENGTH}, or one is over {TEXT_LENGTH} characters.")
        else:
            return tuple(text.strip() for text in value)
        return ()

    def numbered(self, value: object, name: str, allowed: Container[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
        if not isinstance(value, Mapping):
            self.fault(f"The {name} of {self.place} must each stand under a number.")
            return
        for key, texts in sorted(value.items()):
            # Python refuses to read a number of thousands of digits
            if re.fullmatch(r"[0-9]{1,4}", key) and int(key) in allowed:
                yield int(key), self.texts(texts, name)
            else:
                told = key if len(key) <= NAME_LENGTH else f"{key[:NAME_LENGTH]}…"
                self.fault(f"The {name} of {self.place} stand under ‘{told}’, which the framework does not have.")

    def tables(self, data: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
        items = data.get(kind, [])
        if not isinstance(items, list | tuple) or not all(isinstance(item, Mapping) for item in items):
            self.fault(f"Write each {kind} under a [[{kind}]] of its own.")
            return
        if len(items) > MOST:
            self.place = Place(kind, MOST)
            self.fault(f"A framework has at most {MOST} of these: {kind}.")
        for index, item in enumerate(items[:MOST]):
            self.place = Place(kind, index)
            yield item
        self.place = Place()


def parse(data: Mapping[str, Any]) -> Framework:
    """A framework from data in the documented shape. Raises FrameworkInvalid with every fault."""
    reader = _Reader()
    reader.known(data, "format", "name", "version", "notice", "level", "competency", "value")
    if data.get("format", FORMAT) != FORMAT:
        reader.fault(f"The format must be {FORMAT}.")
    levels = tuple(_level(reader, item) for item in reader.tables(data, "level"))
    framework = Framework(
        name=reader.text(data, "name", NAME_LENGTH, required=True),
        version=reader.text(data, "version", VERSION_LENGTH, required=True),
        notice=reader.text(data, "notice", TEXT_LENGTH),
        levels=tuple(sorted(levels, key=lambda level: level.number)),
        competencies=tuple(_competency(reader, item, levels) for item in reader.tables(data, "competency")),
        values=tuple(_value(reader, item) for item in reader.tables(data, "value")),
    )
    _whole(reader, framework)
    if reader.faults:
        raise FrameworkInvalid(reader.faults)
    return framework


def _level(reader: _Reader, item: Mapping[str, Any]) -> Level:
    reader.known(item, "number", "name")
    number = item.get("number")
    if type(number) is not int or number not in LEVELS:
        reader.fault(f"The number of {reader.place} must be from {LEVELS[0]} to {LEVELS[-1]}.")
        number = 0
    return Level(number, reader.text(item, "name", NAME_LENGTH, required=True))


def _competency(reader: _Reader, item: Mapping[str, Any], levels: Sequence[Level]) -> Competency:
    reader.known(item, "name", "cluster", "introduction", "descriptors", "anchors")
    numbers = [level.number for level in levels]
    return Competency(
        name=reader.text(item, "name", NAME_LENGTH, required=True),
        cluster=reader.text(item, "cluster", NAME_LENGTH),
        introduction=reader.text(item, "introduction", TEXT_LENGTH),
        descriptors=tuple(reader.numbered(item.get("descriptors", {}), "descriptors", numbers)),
        anchors=_anchors(reader, item),
    )


def _value(reader: _Reader, item: Mapping[str, Any]) -> Value:
    reader.known(item, "name", "introduction", "descriptors", "anchors")
    return Value(
        name=reader.text(item, "name", NAME_LENGTH, required=True),
        introduction=reader.text(item, "introduction", TEXT_LENGTH),
        descriptors=reader.texts(item.get("descriptors", []), "descriptors"),
        anchors=_anchors(reader, item),
    )


def _anchors(reader: _Reader, item: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    sets = tuple(reader.numbered(item.get("anchors", {}), "anchors", POINTS))
    for points, texts in sets:
        if len(texts) != points:
            reader.fault(f"The anchors of {reader.place} under {points} must be {points}, one for each score.")
    return tuple(texts for _, texts in sets)


def _whole(reader: _Reader, framework: Framework) -> None:
    if not framework.competencies:
        reader.fault("A framework needs at least one competency.")
    if not framework.levels:
        reader.fault("A framework needs at least one level.")
    numbers = [level.number for level in framework.levels]
    if len(set(numbers)) != len(numbers):
        reader.fault("Two levels have the same number.")
    # competencies and values share one space of names, since a name leads to one criterion and its address
    taken: set[str] = set()
    for name in (element.name for element in framework.elements if element.name):
        key = slug(name)
        if not key:
            reader.fault(f"The name ‘{name}’ needs letters from A to Z or digits.")
        elif key in taken:
            reader.fault(f"Two competencies or values are called ‘{name}’, or nearly so.")
        taken.add(key)
