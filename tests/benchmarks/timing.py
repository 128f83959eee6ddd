"""How long things take beside each other: turn by turn in one run, so that a busy machine slows all alike."""

import time
from collections.abc import Callable

Work = Callable[[], object]


def beside(*works: Work, rounds: int = 60, each: int = 20) -> tuple[float, ...]:
    """Seconds a call of each work, the best round of each; every round runs them all in turn."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            best[place] = min(best[place], _calls(work, each))
    return tuple(best)


def once(work: Work) -> float:
    """Seconds of one call."""
    return _calls(work, 1)


def micro(seconds: float) -> str:
    """As the table says it."""
    return f"{seconds * 1e6:,.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:,.1f} ms"


def _calls(work: Work, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - start) / count
