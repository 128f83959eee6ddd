"""A training course as data: pages of simple blocks and a quiz, read from TOML. Markup in it stays text."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final, Self

from panel.kernel.encoding import Json, digest_of
from panel.kernel.errors import Malformed

#: Words of one line of text; every second piece is strong.
Runs = tuple[str, ...]


class Kind(StrEnum):
    """What a block of a page is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    STEPS = "steps"
    KEY_POINT = "key_point"


_MARKS: Final = ((Kind.HEADING, r"## "), (Kind.BULLETS, r"\* "), (Kind.STEPS, r"\d+\. "), (Kind.KEY_POINT, r"> "))
_LISTS: Final = frozenset({Kind.BULLETS, Kind.STEPS})


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list or key point. Lists have a line for each item, the others one line."""

    kind: Kind
    lines: tuple[Runs, ...]

    def to_json(self) -> dict[str, Json]:
        return {"kind": self.kind.value, "lines": [list(runs) for runs in self.lines]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(Kind(data["kind"]), tuple(tuple(runs) for runs in data["lines"]))


@dataclass(frozen=True)
class Page:
    """One page of a course."""

    title: str
    blocks: tuple[Block, ...]

    def to_json(self) -> dict[str, Json]:
        return {"title": self.title, "blocks": [block.to_json() for block in self.blocks]}


@dataclass(frozen=True)
class Question:
    """One quiz question. `right` is the place of the one right option, counted from 0."""

    text: str
    options: tuple[str, ...]
    right: int
    explanation: str

    def __post_init__(self) -> None:
        """Raises Malformed unless the right option is one of at least two different ones."""
        if len(set(self.options)) < max(2, len(self.options)) or self.right not in range(len(self.options)):
            raise Malformed(f"The question ‘{self.text}’ needs two or more different options, one of them right.")


@dataclass(frozen=True)
class Course:
    """One version of a course. Passing takes `pass_percent` of the questions and counts for `validity_months`."""

    key: str
    title: str
    summary: str
    position: int
    minutes: int
    pass_percent: int
    validity_months: int
    pages: tuple[Page, ...]
    questions: tuple[Question, ...]

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything in the course: what tells one version from another."""
        pages: list[Json] = [page.to_json() for page in self.pages]
        return digest_of({**vars(self), "pages": pages, "questions": [dict(vars(q)) for q in self.questions]})


def parse(text: str) -> Course:
    """Read a course from TOML, where options are counted from 1. Raises Malformed."""
    try:
        data = tomllib.loads(text)
        pages = tuple(Page(page["title"], blocks(page["text"])) for page in data.pop("page"))
        questions = tuple(_question(item) for item in data.pop("question"))
        return Course(pages=pages, questions=questions, **data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise Malformed("The course is not in the right form.") from error


def shipped() -> tuple[Course, ...]:
    """The courses that come with the system, in the order in which they are taken."""
    folder = files("panel.blind.training").joinpath("courses")
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(sorted((parse(text) for text in texts), key=lambda course: course.position))


def blocks(text: str) -> tuple[Block, ...]:
    """Plain text as blocks: see the head of a course file for the few signs it knows."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return tuple(_block(part) for part in parts if part)


def _block(part: str) -> Block:
    kind, mark = next(((k, m) for k, m in _MARKS if re.match(m, part)), (Kind.PARAGRAPH, ""))
    if kind in _LISTS:
        return Block(kind, tuple(_items(part, re.compile(mark))))
    return Block(kind, (_runs(re.sub(mark, "", part, count=1)),))


def _items(part: str, mark: re.Pattern[str]) -> Iterator[Runs]:
    for line in part.splitlines():
        if not mark.match(line):
            raise Malformed(f"Every line of a list begins with the list’s sign: {line}")
        yield _runs(mark.sub("", line, count=1))


def _runs(line: str) -> Runs:
    return tuple(" ".join(line.splitlines()).split("**"))


def _question(item: Mapping[str, Any]) -> Question:
    return Question(item["text"], tuple(item["options"]), item["right"] - 1, item["explanation"])
