"""The additive model: planted severities found again within the stated error, and the time a large board takes."""

from collections.abc import Iterator
from time import process_time
from typing import Final

from panel.blind.consistency.severity import fit
from tests.benchmarks.simulated_panel import SimulatedPanel, simulated
from tests.benchmarks.table import Row

#: Simulated boards, and the share of 95% intervals that must hold what was planted.
PANELS: Final = 40
HELD: Final = (0.93, 0.97)
#: A board of 3,000 submissions, 6 criteria and 120 markers must be fitted within these seconds of one processor.
LARGE: Final = {"candidates": 3_000, "criteria": 6, "markers": 120}
SECONDS: Final = 5.0


def rows() -> Iterator[Row]:
    """Recovery, then speed."""
    shares = [held(simulated(seed)) for seed in range(PANELS)]
    share = sum(shares) / len(shares)
    low, high = HELD
    bar = f"{low:.0%} to {high:.0%}"
    yield Row(
        f"planted severities inside their 95% interval, {PANELS} panels", f"{share:.1%}", bar, low <= share <= high
    )
    panel = simulated(0, **LARGE)
    start = process_time()
    fit(panel.answers)
    taken = process_time() - start
    size = f"{len(panel.answers):,} answers, {len(panel.planted)} markers"
    yield Row(f"fitting {size}", f"{taken:.1f} s", f"within {SECONDS:g} s", taken <= SECONDS)


def held(panel: SimulatedPanel) -> float:
    """The share of markers whose interval holds what was planted."""
    model = fit(panel.answers)
    assert model is not None
    found = {marker: model.of(marker) for marker in panel.planted}
    return sum(found[m].low <= planted <= found[m].high for m, planted in panel.planted.items()) / len(found)
