"""A dress rehearsal: a whole board played through the services in a scratch database, timed, its outcome checked."""

from dataclasses import dataclass, field

from panel.config import Config
from panel.kernel import clock
from panel.named.unsealing.process import in_this_process
from panel.playing.proof import faults
from panel.playing.scratch import scratch
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch


@dataclass
class Report:
    """How long each stage took, and what was found wrong at the end (nothing, if all is well)."""

    watch: Stopwatch
    faults: tuple[str, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Whether every check held."""
        return not self.faults

    def table(self) -> str:
        """The stages with seconds and rates, and the verdict."""
        verdict = "Every name, answer, mark and result belongs together." if self.sound else "The outcome is WRONG."
        return f"{self.watch.table()}\n{verdict}"


def rehearse(config: Config, *, candidates: int, markers: int, criteria: int, show: bool = True) -> Report:
    """Play a board with so many people in a scratch database on the same engine. Raises Misconfigured."""
    watch = Stopwatch(show)
    with scratch(config) as stage, in_this_process(stage):
        database = stage.database()
        season = Season(stage, database, watch, clock.now())
        try:
            with clock.set_to(season.moment):
                season.play(candidates, markers, criteria)
                return Report(watch, faults(season))
        finally:
            database.dispose()
