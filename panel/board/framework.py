"""A competency and values framework as data: a version of names, levels, descriptors and anchors. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from panel.kernel.encoding import Json, digest_of

FORMAT: Final = 1


@dataclass(frozen=True)
class Level:
    """How demanding the work is: a number, low to high, and the framework's name for it."""

    number: int
    name: str


@dataclass(frozen=True)
class Value:
    """What a force stands for. `anchors` holds whole sets, by how many points the scale has."""

    name: str
    introduction: str = ""
    descriptors: tuple[str, ...] = ()
    anchors: tuple[tuple[str, ...], ...] = ()

    def anchors_for(self, points: int) -> tuple[str, ...]:
        """The set written for a scale of so many points; empty if there is none."""
        return next((anchors for anchors in self.anchors if len(anchors) == points), ())

    def at(self, level: int | None) -> tuple[str, ...]:
        """Its descriptors; a value has no levels."""
        return self.descriptors

    def to_json(self) -> dict[str, Json]:
        return {**_texts(self), "descriptors": self.descriptors, "anchors": _sets(self.anchors)}


@dataclass(frozen=True)
class Competency:
    """What the work asks of a person. `descriptors` holds one list per level number; a cluster is optional."""

    name: str
    cluster: str = ""
    introduction: str = ""
    descriptors: tuple[tuple[int, tuple[str, ...]], ...] = ()
    anchors: tuple[tuple[str, ...], ...] = ()

    def anchors_for(self, points: int) -> tuple[str, ...]:
        """The set written for a scale of so many points; empty if there is none."""
        return next((anchors for anchors in self.anchors if len(anchors) == points), ())

    def at(self, level: int | None) -> tuple[str, ...]:
        """The descriptors of one level: prompts for a judgement of the whole, never boxes to tick."""
        return dict(self.descriptors).get(level or 0, ())

    def to_json(self) -> dict[str, Json]:
        by_level: dict[str, Json] = {str(level): texts for level, texts in self.descriptors}
        return {**_texts(self), "cluster": self.cluster, "descriptors": by_level, "anchors": _sets(self.anchors)}


@dataclass(frozen=True)
class Framework:
    """One version of a framework. `notice` says whose it is and is printed wherever the framework is shown."""

    name: str
    version: str
    notice: str
    levels: tuple[Level, ...]
    competencies: tuple[Competency, ...]
    values: tuple[Value, ...]

    @property
    def title(self) -> str:
        """Name and version, as in `CVF 2024`."""
        return f"{self.name} {self.version}"

    @property
    def elements(self) -> tuple[Competency | Value, ...]:
        """Competencies, then values, in the framework's order."""
        return (*self.competencies, *self.values)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical content."""
        return digest_of(self.to_json())

    def element(self, name: str) -> Competency | Value:
        """Raises KeyError if the framework has nothing of that name."""
        return {element.name: element for element in self.elements}[name]

    def level(self, number: int | None) -> Level | None:
        """The level of that number, if there is one."""
        return next((level for level in self.levels if level.number == number), None)

    def to_json(self) -> dict[str, Json]:
        """Plain data in the shape of the file format; `framework_data.parse` reads it."""
        return {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "notice": self.notice,
            "level": [dict(vars(level)) for level in self.levels],
            "competency": [competency.to_json() for competency in self.competencies],
            "value": [value.to_json() for value in self.values],
        }


def _texts(element: Competency | Value) -> dict[str, Json]:
    return {"name": element.name, "introduction": element.introduction}


def _sets(anchors: tuple[tuple[str, ...], ...]) -> Mapping[str, Json]:
    return {str(len(texts)): texts for texts in anchors}
