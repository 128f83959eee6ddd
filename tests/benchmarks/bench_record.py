"""Checking the record of ten thousand candidates, in a process of its own, beside the hashing it cannot do without."""

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from panel.audit import verifier
from panel.audit.merkle import root
from panel.config import ROOT
from tests.benchmarks.table import Row

CANDIDATES: Final = 10_000
_LEAVES: Final = 100_000
#: A leaf costs one hash of two nodes; the rest is Python. Two microseconds where a bare hash takes half of one.
_HASHES_A_LEAF: Final = 4
_FILES_IN_MEMORY: Final = 4
#: Both run in processes of their own, so that neither counts what the other holds in memory.
_MAKE: Final = """
import sys
from pathlib import Path
from tests.benchmarks.large_record import large
Path(sys.argv[1]).write_bytes(large(int(sys.argv[2])).to_zip())
"""
_CHECK: Final = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as ended:
    print(ended.code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def rows() -> Iterator[Row]:
    """Making it, checking it, and what a tree of many leaves takes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.zip"
        made, _ = _run(_MAKE, str(file), str(CANDIDATES))
        checked, said = _run(_CHECK, str(ROOT / "panel" / "audit" / "verifier.py"), str(file))
        data = file.read_bytes()
    lines, size, hashing = data.count(b"\n"), len(data), _seconds(lambda: hashlib.sha256(data))
    code, peak = (int(part) for part in said.split()[-2:])
    share = peak * 1024 / size
    yield Row(f"record of {CANDIDATES:,} candidates, made", f"{made:.1f} s, {size / 1e6:.0f} MB, {lines:,} lines")
    yield Row("… checked by the verifier alone", f"{checked:.1f} s, {lines / checked:,.0f} lines/s", "sound", code == 0)
    yield Row("… beside one SHA-256 over the file", f"{checked / hashing:.0f} times {hashing:.2f} s")
    held = f"at most {_FILES_IN_MEMORY} times the file"
    yield Row("… peak memory", f"{peak / 1024:.0f} MB, {share:.1f} times", held, share <= _FILES_IN_MEMORY)
    yield from _trees()


def _trees() -> Iterator[Row]:
    leaves = [hashlib.sha256(str(n).encode()).digest() for n in range(_LEAVES)]
    pairs = [b"\x01" + each + each for each in leaves]
    bare = _seconds(lambda: [hashlib.sha256(pair).digest() for pair in pairs]) / _LEAVES
    ours = _seconds(lambda: root(leaves)) / _LEAVES
    said = f"{ours * 1e6:.2f} µs a leaf, {ours / bare:.1f} bare hashes of {bare * 1e6:.2f} µs"
    yield Row("Merkle root, the service", said, f"at most {_HASHES_A_LEAF} hashes", ours <= bare * _HASHES_A_LEAF)
    alone = _seconds(lambda: verifier.roots(leaves)) / _LEAVES
    yield Row("Merkle root, the verifier, leaves hashed too", f"{alone * 1e6:.2f} µs a leaf, {alone / bare:.1f} hashes")


def _run(code: str, *arguments: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, done.stdout


def _seconds(work: Callable[[], object]) -> float:
    """The best of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
