"""A table of text as a file for a spreadsheet: no formula lives in it, and nothing tells who made it or when. Pure."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import xlsxwriter

Table = Sequence[Sequence[str]]

#: What starts a formula in a spreadsheet, in plain and in full-width forms (OWASP ASVS 5.0, 1.2.10).
_LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONSTANT_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_PROPERTIES: Final = {"author": "", "company": "", "comments": "", "created": _CONSTANT_DATE}
_WIDEST: Final = 60

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def disarmed(cell: str) -> str:
    """A cell that a spreadsheet shows as text, whatever somebody entered as a name."""
    return f"'{cell}" if cell.startswith(_LIVE) else cell


def as_csv(table: Table) -> bytes:
    """Every cell quoted, UTF-8 with its mark so that spreadsheets read accents."""
    written = io.StringIO(newline="")
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerows([disarmed(cell) for cell in row] for row in table)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, title: str) -> bytes:
    """One worksheet of text cells under a frozen heading; the same table gives the same bytes at any hour."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": title, **_PROPERTIES})
        page = book.add_worksheet(title)
        page.freeze_panes(1, 0)
        for number, row in enumerate(table):
            page.write_row(number, 0, [disarmed(cell) for cell in row])
        for column, cells in enumerate(zip(*table, strict=True)):
            page.set_column(column, column, min(_WIDEST, max(map(len, cells)) + 2))
    return made.getvalue()
