"""The merit list as files: no formula lives in them, and nothing tells who made them, where or when. Pure."""

from collections.abc import Callable
from typing import Final

from panel.named.results.sheet import Sheet
from panel.web import spreadsheet
from panel.web.spreadsheet import CSV, XLSX, disarmed

__all__ = ["FORMATS", "as_csv", "as_xlsx", "disarmed"]


def as_csv(sheet: Sheet) -> bytes:
    """Every cell quoted."""
    return spreadsheet.as_csv(sheet.table())


def as_xlsx(sheet: Sheet) -> bytes:
    """One worksheet; the same list gives the same bytes at any hour."""
    return spreadsheet.as_xlsx(sheet.table(), "Merit list")


#: Each format's maker and content type.
FORMATS: Final[dict[str, tuple[Callable[[Sheet], bytes], str]]] = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}
