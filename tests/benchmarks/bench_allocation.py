"""Dealing out a season: 10,000 submissions of six answers to three markers each, among 120."""

import os
import resource
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

from panel.blind.allocation.assignment import Assignment, assign
from panel.blind.allocation.overlap import parts
from panel.board.conduct import Sharing
from panel.kernel.ids import MarkerId, SubmissionRef
from tests.benchmarks.table import Row

SUBMISSIONS: Final = 10_000
CRITERIA: Final = 6
PER_ANSWER: Final = 3
MARKERS: Final = 120
#: The bar. It runs on one core; the time is that core's, so that others at work on the machine do not count.
SECONDS: Final = 10
MEGABYTES: Final = 500
#: Each of so many panel members is declared by three candidates.
_DECLARED: Final = 40


def rows() -> Iterator[Row]:
    """Each in a process of its own, so that its memory is its own."""
    for sharing in Sharing:
        command = [sys.executable, "-m", "tests.benchmarks.bench_allocation", sharing.value]
        ran = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
        seconds, waited, megabytes, spread, apart, fair = ran.stdout.split()
        took = f"{float(seconds):.1f} s of one processor ({float(waited):.1f} s waited)"
        said = f"{took}, {float(megabytes):.0f} MB, loads within {spread}, {apart} part"
        met = float(seconds) < SECONDS and float(megabytes) < MEGABYTES and fair == "True"
        what = f"{SUBMISSIONS:,} submissions x {CRITERIA} x {PER_ANSWER} among {MARKERS}, by {sharing}"
        yield Row(what, said, f"under {SECONDS} s, {MEGABYTES} MB", met)


def dealt(sharing: Sharing) -> tuple[Assignment, list[MarkerId]]:
    """The whole of it, with exclusions."""
    refs = [SubmissionRef.new() for _ in range(SUBMISSIONS)]
    panel = [MarkerId.new() for _ in range(MARKERS)]
    barred: dict[SubmissionRef, set[MarkerId]] = {}
    for marker in panel[:_DECLARED]:
        for _ in range(3):
            barred.setdefault(secrets.choice(refs), set()).add(marker)
    keys = [f"criterion-{n}" for n in range(CRITERIA)]
    draw = secrets.token_bytes(32)
    return assign(refs, keys, panel, barred, per_answer=PER_ANSWER, draw=draw, sharing=sharing), panel


def main(word: str) -> None:
    """Time one of them and print the figures."""
    sharing = Sharing(word)
    start, began = time.process_time(), time.perf_counter()
    found, panel = dealt(sharing)
    seconds, waited = time.process_time() - start, time.perf_counter() - began
    loads = Counter(marker for markers in found.markers.values() for marker in markers)
    spread = max(loads.values()) - min(loads[marker] for marker in panel)
    apart = len(parts(found.markers.values()))
    unit = CRITERIA if sharing is Sharing.SUBMISSION else 1
    fair = spread <= unit and apart == 1 and not found.shortfall
    print(seconds, waited, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, spread, apart, fair)


if __name__ == "__main__":
    main(sys.argv[1])
