"""A course as a TOML file that people can edit: read with the line of every fault, written back the same. Pure.

key = "…"  title = "…"  summary = "…"  position = 1  minutes = 40  pass_percent = 80  validity_months = 12
asked = 10       how many questions of the bank a quiz asks; all, if it is left out
attempts = 3     how many tries there are until HR gives another; no limit, if it is left out or 0
online = false   only for training face to face, which has no pages and no questions
[[page]]         title = "…", text = '''…'''
[[question]]     text = "…", options = ["…", "…"], right = 2 (counted from 1), explanation = "…"
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

from panel.blind.training.course import Course, Page, Question
from panel.blind.training.course_data import CourseInvalid, Fault, Place, parse
from panel.kernel import toml


def read(text: str) -> Course:
    """Raises CourseInvalid: every fault with the line it is at."""
    try:
        data = toml.loads(text)
    except toml.Unreadable as error:
        raise CourseInvalid([Fault(Place(), str(error))]) from error
    try:
        return parse(data)
    except CourseInvalid as error:
        parts = _parts(text)
        found = sorted((_line(fault.place, parts), str(fault)) for fault in error.faults)
        raise CourseInvalid(error.faults, [f"Line {line}: {said}" for line, said in found]) from error


def write(course: Course) -> str:
    """The same course as TOML: `read(write(course)) == course`."""
    return "\n".join(_lines(course)) + "\n"


def shipped() -> tuple[Course, ...]:
    """The courses that come with the system, in the order in which they are taken."""
    folder = files("panel.blind.training").joinpath("courses")
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(sorted((read(text) for text in texts), key=lambda course: course.position))


@dataclass
class _Part:
    """A table of the text, or what stands above them all: its first line, and where each field begins.

    `below`: the fields whose text begins on the next line.
    """

    line: int
    fields: dict[str, int] = field(default_factory=dict)
    below: set[str] = field(default_factory=set)


def _parts(text: str) -> dict[str, list[_Part]]:
    """The tables of each kind in their order, found in one passage: there may be as many faults as lines."""
    part = _Part(1)
    found: dict[str, list[_Part]] = {"": [part]}
    for number, line in enumerate(text.split("\n"), start=1):
        if head := re.match(r"\s*\[\[\s*([\w-]*)\s*(\]\])?", line):
            part = _Part(number)
            found.setdefault(head[1] if head[2] else "[[", []).append(part)
        elif (named := re.match(r"\s*([\w-]+)\s*=", line)) and named[1] not in part.fields:
            part.fields[named[1]] = number
            if re.search(r"(\"\"\"|''')\s*$", line):
                part.below.add(named[1])
    return found


def _line(place: Place, parts: dict[str, list[_Part]]) -> int:
    """The line a place is on: that of its field if it has one, else of its table; 1 for the whole."""
    own = parts.get(place.table, [])
    part = own[place.index] if place.index < len(own) else parts[""][0]
    at = part.fields.get(place.field, part.line)
    return at + (place.line - 1 + (place.field in part.below) if place.line else 0)


def _lines(course: Course) -> Iterator[str]:
    for name in ("key", "title", "summary"):
        yield f"{name} = {_quoted(getattr(course, name))}"
    names = ("position", "minutes", "pass_percent", "validity_months")
    quiz = [name for name in ("asked", "attempts") if getattr(course, name)]
    yield from (f"{name} = {getattr(course, name)}" for name in (*names, *quiz))
    if not course.online:
        yield "online = false"
    for page in course.pages:
        yield from _page(page)
    for question in course.questions:
        yield from _question(question)


def _page(page: Page) -> Iterator[str]:
    # the text as it stands, between quotation marks that it does not hold itself
    text = _quoted(page.text) if "'''" in page.text else f"'''\n{page.text}\n'''"
    yield from ("", "[[page]]", f"title = {_quoted(page.title)}", f"text = {text}")


def _question(question: Question) -> Iterator[str]:
    yield from ("", "[[question]]", f"text = {_quoted(question.text)}", "options = [")
    yield from (f"  {_quoted(option)}," for option in question.options)
    yield from ("]", f"right = {question.right + 1}", f"explanation = {_quoted(question.explanation)}")


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
