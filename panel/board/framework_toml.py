"""A framework as a TOML file that people can edit: read with line numbers in every fault, written back the same. Pure.

name = "…"                       version = "…"                  notice = "whose it is"
[[level]]                        number = 1, name = "…"
[[competency]]                   name, and if wanted cluster and introduction
[competency.descriptors]         1 = ["…", "…"], 2 = […]        a list for each level
[competency.anchors]             5 = ["…", …], 7 = […]          lowest score first, a list for each length of scale
[[value]]                        name, introduction, descriptors = ["…"], [value.anchors] as above
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence

from panel.board.framework import Competency, Framework, Value
from panel.board.framework_data import Fault, FrameworkInvalid, Place, parse


def read(text: str) -> Framework:
    """Raises FrameworkInvalid: every fault with the line where its part begins."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FrameworkInvalid([Fault(Place(), _syntax(str(error)))]) from error
    except ValueError as error:  # Python refuses to read a number of thousands of digits
        raise FrameworkInvalid([Fault(Place(), "A number in the text is too long.")]) from error
    except RecursionError as error:
        sentence = "Too many brackets stand inside each other. A list holds texts only."
        raise FrameworkInvalid([Fault(Place(), sentence)]) from error
    try:
        return parse(data)
    except FrameworkInvalid as error:
        raise FrameworkInvalid([_located(fault, text) for fault in error.faults]) from error


def write(framework: Framework) -> str:
    """The same framework as TOML: `read(write(framework)) == framework`."""
    return "\n".join(_lines(framework)) + "\n"


def _syntax(reason: str) -> str:
    match = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    where = f"Line {match[1]}, character {match[2]}" if match else "The end of the text"
    return f"{where}: this is not TOML. Check quotation marks, brackets and equals signs."


def _located(fault: Fault, text: str) -> Fault:
    heads = [
        n for n, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[\[\s*{fault.place.kind}\s*\]\]", line)
    ]
    line = heads[fault.place.index] if fault.place.kind and fault.place.index < len(heads) else 1
    return Fault(fault.place, f"Line {line}: {fault.sentence}")


def _lines(framework: Framework) -> Iterator[str]:
    for name in ("name", "version", "notice"):
        yield f"{name} = {_quoted(getattr(framework, name))}"
    for level in framework.levels:
        yield from ("", "[[level]]", f"number = {level.number}", f"name = {_quoted(level.name)}")
    for competency in framework.competencies:
        yield from ("", "[[competency]]", *_named(competency), f"cluster = {_quoted(competency.cluster)}")
        yield from ("", "[competency.descriptors]")
        for number, texts in competency.descriptors:
            yield from _listed(str(number), texts)
        yield from _anchored("competency", competency)
    for value in framework.values:
        yield from ("", "[[value]]", *_named(value), *_listed("descriptors", value.descriptors))
        yield from _anchored("value", value)


def _named(element: Competency | Value) -> tuple[str, str]:
    return f"name = {_quoted(element.name)}", f"introduction = {_quoted(element.introduction)}"


def _anchored(kind: str, element: Competency | Value) -> Iterator[str]:
    yield from ("", f"[{kind}.anchors]")
    for anchors in element.anchors:
        yield from _listed(str(len(anchors)), anchors)


def _listed(name: str, texts: Sequence[str]) -> Iterator[str]:
    yield f"{name} = ["
    for text in texts:
        yield f"  {_quoted(text)},"
    yield "]"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
