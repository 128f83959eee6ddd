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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from panel.board.framework import Competency, Framework, Value
from panel.board.framework_data import Fault, FrameworkInvalid, Place, parse
from panel.kernel import toml


def read(text: str) -> Framework:
    """Raises FrameworkInvalid: every fault with the line where its part begins."""
    try:
        data = toml.loads(text)
    except toml.Unreadable as error:
        raise FrameworkInvalid([Fault(Place(), str(error))]) from error
    try:
        return parse(data)
    except FrameworkInvalid as error:
        heads = _heads(text)
        raise FrameworkInvalid([_located(fault, heads) for fault in error.faults]) from error


def write(framework: Framework) -> str:
    """The same framework as TOML: `read(write(framework)) == framework`."""
    return "\n".join(_lines(framework)) + "\n"


def _heads(text: str) -> Mapping[str, Sequence[int]]:
    """The lines on which the tables of each kind begin, found in one passage: there may be as many faults as lines."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line):
            found[head[1]].append(number)
    return found


def _located(fault: Fault, heads: Mapping[str, Sequence[int]]) -> Fault:
    own = heads.get(fault.place.kind, ())
    line = own[fault.place.index] if fault.place.index < len(own) else 1
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
