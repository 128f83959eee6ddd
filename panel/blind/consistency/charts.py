"""Where the parts of a chart lie, in the units of its view box. The page draws them; the table below says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Protocol

WIDTH: Final = 400
_LEFT: Final = 44
_RIGHT: Final = WIDTH - 20
_TOP: Final = 10
_ROW: Final = 26
_TALL: Final = 44
_BAR: Final = 30
_AXIS: Final = 26
_STEPS: Final = 4
_STEP: Final = 0.5


class Interval(Protocol):
    """A value with the ends of its interval."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@dataclass(frozen=True)
class Tick:
    """A mark on the axis."""

    x: float
    text: str


@dataclass(frozen=True)
class Row:
    """One interval with its point."""

    label: str
    y: float
    low: float
    x: float
    high: float


@dataclass(frozen=True)
class Intervals:
    """A row for each marker on an axis of points, with a line at nought."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    nought: float
    bottom: float
    height: float


@dataclass(frozen=True)
class Column:
    """One bar from the base line up, with the count it stands for."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Profile:
    """A marker's marks over the scale."""

    label: str
    base: float
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Profiles:
    """A row of bars for each marker: the share of her marks at each point of the scale."""

    rows: tuple[Profile, ...]
    ticks: tuple[Tick, ...]
    bottom: float
    height: float


def intervals(lines: Iterable[tuple[str, Interval | None]]) -> Intervals | None:
    """A chart of those that have an interval; None if none has."""
    shown = [(label, found) for label, found in lines if found is not None]
    if not shown:
        return None
    reach = max(_STEP, *(_STEP * ceil(max(-found.low, found.high) / _STEP) for _, found in shown))

    def at(value: float) -> float:
        return round(_LEFT + (value + reach) / (2 * reach) * (_RIGHT - _LEFT), 1)

    rows = tuple(
        Row(label, _TOP + _ROW * (n + 0.5), at(found.low), at(found.value), at(found.high))
        for n, (label, found) in enumerate(shown)
    )
    values = [reach * (2 * n / _STEPS - 1) for n in range(_STEPS + 1)]
    bottom = _TOP + _ROW * len(rows)
    return Intervals(rows, tuple(Tick(at(v), _signed(v)) for v in values), at(0), bottom, bottom + _AXIS)


def profiles(lines: Iterable[tuple[str, Sequence[int] | None]], scale: Sequence[int]) -> Profiles | None:
    """A chart of those that have counts; None if none has."""
    shown = [(label, counts) for label, counts in lines if counts is not None]
    if not shown:
        return None
    slot = (_RIGHT - _LEFT) / len(scale)
    width = round(slot * 0.7, 1)
    tallest = max(count / sum(counts) for _, counts in shown for count in counts)

    def profile(n: int, label: str, counts: Sequence[int]) -> Profile:
        base = _TOP + _TALL * (n + 1)
        heights = [round(_BAR * count / sum(counts) / tallest, 1) for count in counts]
        xs = [round(_LEFT + slot * (place + 0.15), 1) for place in range(len(scale))]
        return Profile(label, base, tuple(Column(x, base - h, width, h) for x, h in zip(xs, heights, strict=True)))

    bottom = _TOP + _TALL * len(shown)
    ticks = tuple(Tick(round(_LEFT + slot * (n + 0.5), 1), str(score)) for n, score in enumerate(scale))
    rows = tuple(profile(n, label, counts) for n, (label, counts) in enumerate(shown))
    return Profiles(rows, ticks, bottom, bottom + _AXIS)


def _signed(value: float) -> str:
    """With the sign people read: a real minus, a plus for more, and nought alone."""
    written = f"{abs(value):g}"
    return written if not value else f"{'−' if value < 0 else '+'}{written}"
