"""Opening a board's names from end to end: from the last custodian's click to the names in the database."""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from panel.named.unsealing import queries
from panel.sealed.vault.envelope import KeyPair, seal, unseal
from tests.benchmarks.bench_log import postgres, sqlite
from tests.benchmarks.large_board import LargeBoard, locked
from tests.benchmarks.table import Row
from tests.benchmarks.timing import once

SIZES: Final = (500, 10_000)
#: From the click, however many names; real Argon2id, a real child and a durable database in it.
SECONDS: Final = 10
#: What ten seconds are beside the bare opening of 10,000 identities and equality answers, at 74 µs each: on a machine
#: that is busy, or slower, all of it takes longer alike.
TIMES: Final = 6.7
#: A child of any size fits the smallest machine that anybody would put this on.
_MEGABYTES: Final = 1024


def rows() -> Iterator[Row]:
    """Each size on each engine."""
    for engine, server in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "instance") as config:
                board = locked(config, size).begin()
                yield from _opened(engine, board, size)
                board.season.database.dispose()


def _opened(engine: str, board: LargeBoard, size: int) -> Iterator[Row]:
    before, working = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.process_time()
    floor, bare = once(lambda: _bare(size)), time.process_time() - working
    seconds = once(lambda: board.release(board.last))
    used, floor = resource.getrusage(resource.RUSAGE_CHILDREN), (floor + once(lambda: _bare(size))) / 2
    with board.season.database.reading() as db:
        opened = len(queries.revealed(db, board.config.keys, board.season.board))
    times, work = seconds / floor, used.ru_utime - before
    said = f"{seconds:.1f} s, {size / seconds:,.0f} names/s"
    said += f"; {times:.1f} times the {floor:.1f} s of opening as many envelopes bare"
    # what the processor did is the same whoever else was waiting for it
    said += f"; the child at work {work:.1f} s, {work / bare:.1f} times the {bare:.1f} s at work on those"
    met = opened == size and (seconds <= SECONDS or times <= TIMES)
    yield Row(f"{size:,} names opened, {engine}", said, f"all within {SECONDS} s, or {TIMES} times", met)
    # on Linux in KiB; no child so far was larger, nor was this process when it started one
    peak = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    yield Row("… peak memory of the child, at most", f"{peak:,.0f} MB", f"{_MEGABYTES:,} MB", peak <= _MEGABYTES)


def _bare(size: int) -> None:
    """Identity and equality answers of as many people, without a database or a check."""
    pair = KeyPair.from_seed(bytes(32))
    sealed = seal(pair.public, b"", bytes(420))
    for _ in range(2 * size):
        unseal(pair, b"", sealed)
