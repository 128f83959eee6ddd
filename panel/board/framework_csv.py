"""A framework as rows of a spreadsheet: read with the line number in every fault, written back the same. Pure.

Columns `kind,name,level,part,text`, one text a row, under a heading row:

    framework,CVF,,version,2024            framework,CVF,,notice,whose it is
    level,Practitioner,1,,
    competency,We take ownership,,cluster,…            (optional, as is `introduction`)
    competency,We take ownership,2,descriptor,…        one row for each descriptor; a value's have no level
    competency,We take ownership,,anchor 1 of 5,…      lowest score first, as many rows as the scale has scores
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from panel.board.framework import Competency, Framework, Value
from panel.board.framework_data import LEVELS, Fault, FrameworkInvalid, Place, parse

COLUMNS: Final = ("kind", "name", "level", "part", "text")
_ANCHOR: Final = re.compile(r"anchor ([0-9]{1,2}) of ([0-9]{1,2})")
#: Beyond any level, and short of what Python refuses to read as a number.
_DIGITS: Final = 4
_TOP_PARTS: Final = ("version", "notice")


@dataclass
class _Row:
    """One row, trimmed, with the line it begins on."""

    line: int
    kind: str
    name: str
    level: str
    part: str
    text: str


class _RowError(Exception):
    """What is wrong with one row."""


def read(text: str) -> Framework:
    """Raises FrameworkInvalid: every bad row with its line number, or else what is wrong with the whole."""
    sheet = _Sheet()
    for line, cells in _records(text):
        try:
            sheet.take(_row(line, cells))
        except _RowError as reason:
            sheet.faults.append(Fault(Place(), f"Line {line}: {reason}"))
    if sheet.faults:
        raise FrameworkInvalid(sheet.faults)
    try:
        return parse(sheet.data())
    except FrameworkInvalid as error:
        raise FrameworkInvalid([sheet.located(fault) for fault in error.faults]) from error


def write(framework: Framework) -> str:
    """The same framework as rows: `read(write(framework)) == framework`."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_written(framework))
    return target.getvalue()


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    heading = text.lstrip("\ufeff\n ").partition("\n")[0]
    # cells copied out of a spreadsheet come with tabs, and some spreadsheets save with semicolons
    mark = next((mark for mark in "\t;" if mark in heading), ",")
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark, strict=True)
    before, headed = 0, False
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not headed:
                headed = True
                _heading(line, cells)
            else:
                yield line, cells
    except csv.Error as error:
        raise FrameworkInvalid([Fault(Place(), f"Line {reader.line_num}: a quotation mark is missing.")]) from error
    if not headed:
        raise FrameworkInvalid([Fault(Place(), "There are no rows.")])


def _heading(line: int, cells: list[str]) -> None:
    if tuple(cell.strip().lower() for cell in cells) != COLUMNS:
        sentence = f"Line {line}: the heading row must be {', '.join(COLUMNS)}."
        raise FrameworkInvalid([Fault(Place(), sentence)])


def _row(line: int, cells: list[str]) -> _Row:
    if len(cells) != len(COLUMNS):
        raise _RowError(f"this row has {len(cells)} cells and needs {len(COLUMNS)}.")
    kind, name, level, part, text = (cell.strip() for cell in cells)
    if not name:
        raise _RowError("the name is missing.")
    if part and not text:
        raise _RowError(f"the text of the {part} is missing.")
    if text and not part:
        raise _RowError("the part is missing, so nobody can tell what the text is.")
    return _Row(line, kind.lower(), name, level, part.lower(), text)


@dataclass
class _Sheet:
    """Rows put together into the data that `framework_data.parse` reads."""

    faults: list[Fault] = field(default_factory=list)
    top: dict[str, Any] = field(default_factory=dict)
    items: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {"level": {}, "competency": {}, "value": {}}
    )
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, row: _Row) -> None:
        """Put one row in its place. Raises _RowError."""
        if row.kind == "framework":
            self._framework(row)
        elif row.kind == "level":
            self._level(row)
        elif row.kind in ("competency", "value"):
            self._element(row)
        else:
            raise _RowError(f"‘{row.kind}’ is not framework, level, competency or value.")

    def data(self) -> dict[str, Any]:
        return {**self.top, **{kind: list(items.values()) for kind, items in self.items.items()}}

    def located(self, fault: Fault) -> Fault:
        """The fault with the line of the first row about its part."""
        names = list(self.items.get(fault.place.kind, ()))
        line = self.lines[fault.place.kind, names[fault.place.index]] if names else 1
        return Fault(fault.place, f"Line {line}: {fault.sentence}")

    def _framework(self, row: _Row) -> None:
        if self.top.setdefault("name", row.name) != row.name:
            raise _RowError(f"the framework is called ‘{self.top['name']}’ further up.")
        if row.part not in _TOP_PARTS:
            raise _RowError(f"‘{row.part}’ is not version or notice.")
        self._once(self.top, row)

    def _level(self, row: _Row) -> None:
        if row.name in self.items["level"]:
            raise _RowError("this level stands further up already.")
        self._begin(row, {"name": row.name, "number": _number(row.level)})

    def _element(self, row: _Row) -> None:
        empty = {"name": row.name, "anchors": {}, "descriptors": {} if row.kind == "competency" else []}
        item = self._begin(row, empty)
        anchor = _ANCHOR.fullmatch(row.part)
        if row.part == "descriptor":
            self._descriptor(item, row)
        elif anchor:
            self._anchor(item["anchors"].setdefault(anchor[2], []), int(anchor[1]), row)
        elif row.part == "introduction" or (row.part == "cluster" and row.kind == "competency"):
            self._once(item, row)
        elif row.part:
            raise _RowError(f"‘{row.part}’ is not a part of a {row.kind}.")

    def _begin(self, row: _Row, empty: dict[str, Any]) -> dict[str, Any]:
        self.lines.setdefault((row.kind, row.name), row.line)
        return self.items[row.kind].setdefault(row.name, empty)

    def _once(self, item: dict[str, Any], row: _Row) -> None:
        if row.part in item:
            raise _RowError(f"the {row.part} stands further up already.")
        item[row.part] = row.text

    def _descriptor(self, item: dict[str, Any], row: _Row) -> None:
        if row.kind == "value":
            if row.level:
                raise _RowError("a value has no levels. Leave the level empty.")
            item["descriptors"].append(row.text)
        else:
            item["descriptors"].setdefault(str(_number(row.level)), []).append(row.text)

    def _anchor(self, anchors: list[str], position: int, row: _Row) -> None:
        if position != len(anchors) + 1:
            raise _RowError(f"anchor {len(anchors) + 1} must come next, since the lowest score comes first.")
        anchors.append(row.text)


def _number(level: str) -> int:
    if not (level.isascii() and level.isdigit()):
        raise _RowError("the level must be a number.")
    if len(level) > _DIGITS:
        raise _RowError(f"the level must be from {LEVELS[0]} to {LEVELS[-1]}.")
    return int(level)


def _written(framework: Framework) -> Iterator[tuple[str, ...]]:
    for part in _TOP_PARTS:
        if getattr(framework, part):
            yield "framework", framework.name, "", part, getattr(framework, part)
    for level in framework.levels:
        yield "level", level.name, str(level.number), "", ""
    for competency in framework.competencies:
        yield from _element("competency", competency, (("cluster", competency.cluster),))
        for number, texts in competency.descriptors:
            yield from (("competency", competency.name, str(number), "descriptor", text) for text in texts)
    for value in framework.values:
        yield from _element("value", value, ())
        yield from (("value", value.name, "", "descriptor", text) for text in value.descriptors)


def _element(kind: str, element: Competency | Value, more: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, ...]]:
    yield kind, element.name, "", "", ""
    for part, text in (*more, ("introduction", element.introduction)):
        if text:
            yield kind, element.name, "", part, text
    for anchors in element.anchors:
        for position, text in enumerate(anchors, 1):
            yield kind, element.name, "", f"anchor {position} of {len(anchors)}", text
