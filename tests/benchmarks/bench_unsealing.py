"""Opening a board's names from end to end: from the last custodian's click to the names in the database."""

import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from panel.config import Config
from panel.named.unsealing import queries
from panel.sealed.vault.envelope import KeyPair, seal, unseal
from tests.benchmarks.large_board import LargeBoard, locked
from tests.benchmarks.table import Row
from tests.benchmarks.timing import once
from tests.servers import PostgresServer, cheap

SIZES: Final = (500, 10_000)
#: From the click, however many names; real Argon2id, a real child and a durable database in it.
SECONDS: Final = 10
#: A child of any size fits the smallest machine that anybody would put this on.
_MEGABYTES: Final = 1024


def rows() -> Iterator[Row]:
    """Each size on each engine."""
    for engine, server in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "instance") as config:
                board = locked(config, size).begin()
                yield from _opened(engine, board, size)
                board.season.database.dispose()


def _opened(engine: str, board: LargeBoard, size: int) -> Iterator[Row]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    seconds = once(lambda: board.release(board.last))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with board.season.database.reading() as db:
        opened = len(queries.revealed(db, board.config.keys, board.season.board))
    said = f"{seconds:.1f} s, {size / seconds:,.0f} names/s, {used.ru_utime - before:.1f} s of it at work in the child"
    yield Row(
        f"{size:,} names opened, {engine}", said, f"all within {SECONDS} s", opened == size and seconds <= SECONDS
    )
    floor = once(lambda: _bare(size))
    yield Row("… beside opening as many envelopes twice", f"{seconds / floor:.1f} times {floor:.2f} s")
    # on Linux in KiB; of the largest child so far, which is this one, for each board is larger than the last
    peak = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    yield Row("… peak memory of the child", f"{peak:,.0f} MB", f"at most {_MEGABYTES:,} MB", peak <= _MEGABYTES)


def _bare(size: int) -> None:
    """Identity and equality answers of as many people, without a database or a check."""
    pair = KeyPair.from_seed(bytes(32))
    sealed = seal(pair.public, b"", bytes(420))
    for _ in range(2 * size):
        unseal(pair, b"", sealed)


@contextmanager
def _sqlite(instance: Path) -> Iterator[Config]:
    yield Config(instance=instance)


@contextmanager
def _postgres(instance: Path) -> Iterator[Config]:
    server = PostgresServer.start()
    try:
        with server.fresh(cheap(instance)) as config:
            yield replace(config, durable=True)
    finally:
        server.stop()
