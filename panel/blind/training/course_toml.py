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
import tomllib
from collections.abc import Iterator
from importlib.resources import files

from panel.blind.training.course import Course, Page, Question
from panel.blind.training.course_data import CourseInvalid, Fault, Place, parse


def read(text: str) -> Course:
    """Raises CourseInvalid: every fault with the line it is at."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(_syntax(str(error))) from error
    except ValueError as error:  # Python refuses to read a number of thousands of digits
        raise _unreadable("A number in the text is too long.") from error
    except RecursionError as error:
        raise _unreadable("Too many brackets stand inside each other.") from error
    try:
        return parse(data)
    except CourseInvalid as error:
        found = sorted((_line(fault.place, text), str(fault)) for fault in error.faults)
        raise CourseInvalid(error.faults, [f"Line {line}: {said}" for line, said in found]) from error


def write(course: Course) -> str:
    """The same course as TOML: `read(write(course)) == course`."""
    return "\n".join(_lines(course)) + "\n"


def shipped() -> tuple[Course, ...]:
    """The courses that come with the system, in the order in which they are taken."""
    folder = files("panel.blind.training").joinpath("courses")
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(sorted((read(text) for text in texts), key=lambda course: course.position))


def _unreadable(sentence: str) -> CourseInvalid:
    return CourseInvalid([Fault(Place(), sentence)])


def _syntax(reason: str) -> str:
    match = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    where = f"Line {match[1]}, character {match[2]}" if match else "The end of the text"
    return f"{where}: this is not TOML. Check quotation marks, brackets and equals signs."


def _line(place: Place, text: str) -> int:
    """The line a place is on: that of its field if it has one, else of its table; 1 for the whole."""
    lines = text.split("\n")
    heads = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[", line)]
    own = [n for n in heads if re.match(rf"\s*\[\[\s*{place.table}\s*\]\]", lines[n])] if place.table else []
    begin = own[place.index] if place.index < len(own) else 0
    end = next((n for n in heads if n > begin), len(lines))
    named = (n for n in range(begin, end) if re.match(rf"\s*{re.escape(place.field)}\s*=", lines[n]))
    at = next(named, begin) if place.field else begin
    opens = re.search(r"(\"\"\"|''')\s*$", lines[at]) is not None
    return at + 1 + (place.line - 1 + opens if place.line else 0)


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
