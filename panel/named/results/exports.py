"""The merit list as files: no formula lives in them, and nothing tells who made them, where or when. Pure."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import xlsxwriter

from panel.named.results.sheet import Sheet

#: What starts a formula in a spreadsheet, in plain and in full-width forms (OWASP ASVS 5.0, 1.2.10).
_LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONSTANT_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_PROPERTIES: Final = {"title": "Merit list", "author": "", "company": "", "comments": "", "created": _CONSTANT_DATE}
_WIDEST: Final = 60


def disarmed(cell: str) -> str:
    """A cell that a spreadsheet shows as text, whatever somebody entered as a name."""
    return f"'{cell}" if cell.startswith(_LIVE) else cell


def as_csv(sheet: Sheet) -> bytes:
    """Every cell quoted, UTF-8 with its mark so that spreadsheets read accents."""
    written = io.StringIO(newline="")
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerows([disarmed(cell) for cell in row] for row in sheet.table())
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """One worksheet of text cells; the same list gives the same bytes at any hour."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties(dict(_PROPERTIES))
        page = book.add_worksheet("Merit list")
        page.freeze_panes(1, 0)
        for number, row in enumerate(sheet.table()):
            page.write_row(number, 0, [disarmed(cell) for cell in row])
        for column, cells in enumerate(zip(*sheet.table(), strict=True)):
            page.set_column(column, column, min(_WIDEST, max(map(len, cells)) + 2))
    return made.getvalue()


#: Each format's maker and content type.
FORMATS: Final[dict[str, tuple[Callable[[Sheet], bytes], str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
