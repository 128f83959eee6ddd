"""How long each stage of a played board took."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import click

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Lap:
    """One stage: what was counted, how many, and the seconds it took."""

    stage: str
    unit: str
    count: int
    seconds: float

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.count / self.seconds if self.seconds else 0.0


@dataclass
class Stopwatch:
    """Collects laps; with `show` it draws a bar for each."""

    show: bool = False
    laps: list[Lap] = field(default_factory=list)

    @contextmanager
    def lap(self, stage: str, unit: str, count: int) -> Iterator["Bar"]:
        """Time a block; what it yields wraps an iterable to draw progress."""
        begun = time.perf_counter()
        yield Bar(stage, self.show)
        self.laps.append(Lap(stage, unit, count, time.perf_counter() - begun))

    def table(self) -> str:
        """Seconds and rates by stage, as text."""
        lines = [f"{'stage':<14}{'count':>8}  {'unit':<14}{'seconds':>9}{'per second':>12}"]
        lines += [
            f"{lap.stage:<14}{lap.count:>8}  {lap.unit:<14}{lap.seconds:>9.2f}{lap.rate:>12.0f}" for lap in self.laps
        ]
        total = sum(lap.seconds for lap in self.laps)
        return "\n".join([*lines, f"{'all':<14}{'':>8}  {'':<14}{total:>9.2f}"])


@dataclass(frozen=True)
class Bar:
    """A progress bar for one stage, if it is to be shown."""

    stage: str
    show: bool

    def __call__(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The same things, one by one, drawing how far it is."""
        if not self.show:
            yield from things
            return
        with click.progressbar([*things], label=f"{self.stage:<14}", file=sys.stderr) as drawn:
            yield from drawn
