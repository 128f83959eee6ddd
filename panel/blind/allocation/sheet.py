"""Who marks what, as rows of a spreadsheet: by task code and panel code, never by answer. Pure.

Columns `task,criterion,panel member`, under a heading row. No cell can be taken for a formula, a number or a date: a
task code stands in groups, and a panel code behind `PM-`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from panel.kernel.errors import Malformed
from panel.kernel.ids import TaskCode

COLUMNS: Final = ("task", "criterion", "panel member")
_MEMBER: Final = "PM-"


@dataclass(frozen=True)
class Row:
    """One row that can be read: the line it stands on, the task, its criterion and who is to mark it."""

    line: int
    task: TaskCode
    criterion: str
    member: str


def write(rows: Iterable[tuple[TaskCode, str, str]]) -> str:
    """The list, by task code."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows((code.grouped, criterion, f"{_MEMBER}{member}") for code, criterion, member in sorted(rows))
    return target.getvalue()


def read(text: str) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows that can be read, and a sentence with its line number for each that cannot."""
    rows: list[Row] = []
    faults: list[str] = []
    headed = False
    try:
        for line, cells in _records(text):
            if not headed:
                headed = True
                if tuple(cell.lower() for cell in cells) != COLUMNS:
                    return (), (f"Line {line}: the heading must be {','.join(COLUMNS)}.",)
                continue
            row = _row(line, cells)
            if isinstance(row, Row):
                rows.append(row)
            else:
                faults.append(row)
    except csv.Error:  # a cell of more characters than any reader takes
        return (), ("The rows cannot be read. Is a quotation mark left open?",)
    return tuple(rows), tuple(faults) or (() if rows else ("There are no rows.",))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    heading = text.lstrip("\ufeff\r\n ").partition("\n")[0]
    # cells copied out of a spreadsheet come with tabs, and some spreadsheets save with semicolons
    mark = next((mark for mark in "\t;" if mark in heading), ",")
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark)
    for cells in reader:
        trimmed = [cell.strip() for cell in cells]
        if any(trimmed):
            yield reader.line_num, trimmed


def _row(line: int, cells: list[str]) -> Row | str:
    if len(cells) != len(COLUMNS):
        return f"Line {line}: a row has {len(COLUMNS)} cells, and this one has {len(cells)}."
    task, criterion, member = cells
    try:
        code = TaskCode(task)
    except Malformed:
        return f"Line {line}: the first cell is no task code."
    if not member.upper().startswith(_MEMBER):
        return f"Line {line}: a panel member is written {_MEMBER} and the panel code."
    return Row(line, code, criterion, member.upper().removeprefix(_MEMBER))
