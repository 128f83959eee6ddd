"""What a benchmark says: one row, and the table of them all."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing measured. `bar`: what it must reach, in words; `met` is None where there is no bar."""

    thing: str
    measured: str
    bar: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """The last column."""
        return "" if self.met is None else "met" if self.met else "MISSED"


def drawn(rows: Iterable[Row]) -> str:
    """A plain table."""
    cells = [("thing", "measured", "bar", ""), *((row.thing, row.measured, row.bar, row.verdict) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
