"""The log: appending by one writer and by four on each engine, and building a long log anew."""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from panel import installation
from panel.audit import queries
from panel.audit.entry import Stored, body
from panel.audit.heads import Signer, faulty, head_message
from panel.audit.merkle import Frontier, leaf
from panel.audit.queries import Signed
from panel.audit.replay import replay
from panel.audit.service import append
from panel.config import Config
from panel.kernel.clock import today
from panel.kernel.database import Database
from panel.kernel.ids import BoardId
from tests.benchmarks.table import Row
from tests.benchmarks.timing import once
from tests.servers import PostgresServer, cheap

WRITERS: Final = 4
EACH: Final = 60
ENTRIES: Final = 20_000
#: A board needs a few an hour; a season with marks signed by the hundred needs this.
_ENOUGH: Final = 20
_BOARD: Final = BoardId(bytes(16))


def rows() -> Iterator[Row]:
    """Durable databases: an entry counts once the disk has it."""
    for engine, opened in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "instance") as config:
            installation.prepare(config)
            database = config.database()
            for writers in (1, WRITERS):
                yield _appended(engine, database, writers)
            database.dispose()
    yield from _rebuilt()


def _appended(engine: str, database: Database, writers: int) -> Row:
    log = BoardId.new()

    def write(writer: int) -> float:
        return max(once(lambda: _entry(database, log, writer)) for _ in range(EACH))

    start = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        worst = max(pool.map(write, range(writers)))
    rate = writers * EACH / (time.perf_counter() - start)
    with database.reading() as db:
        sound = queries.rebuild(db, log).sound and queries.head(db, log).size == writers * EACH
    said = f"{rate:,.0f} entries/s, worst wait {worst:.2f} s"
    bar = f"one line without a gap, {_ENOUGH}/s"
    return Row(f"log append, {engine}, {writers} at once", said, bar, sound and rate >= _ENOUGH)


def _entry(database: Database, log: BoardId, writer: int) -> None:
    with database.writing("blind" if writer % 2 else "named") as db:
        append(db, log, "score.agreed", None, "chair", {"number": 100_000 + writer, "criterion": "deciding"})


def _rebuilt() -> Iterator[Row]:
    facts = {"number": 100_000, "criterion": "deciding"}
    bodies = [
        body(_BOARD, n, "score.agreed", actor=None, role="chair", on=today(), facts=facts) for n in range(ENTRIES)
    ]
    stored = [Stored(n, each, leaf(each)) for n, each in enumerate(bodies)]
    end = Frontier()
    for each in stored:
        end = end.append(each.leaf)
    seconds = once(lambda: replay(_BOARD, stored, end, {ENTRIES: end.root()}))
    hashing = once(lambda: [leaf(each) for each in bodies])
    sound = replay(_BOARD, stored, end, {ENTRIES: end.root()}).sound
    said = f"{ENTRIES / seconds:,.0f} entries/s, {seconds / hashing:.0f} times hashing them"
    yield Row(f"log of {ENTRIES:,} entries rebuilt and read", said, "sound", sound)
    signer = Signer(bytes(32))
    message = head_message(_BOARD, ENTRIES, end.root(), today())
    heads = [Signed(ENTRIES, end.root(), today(), signer.id, signer.sign(message))] * 200
    seconds = once(lambda: faulty(_BOARD, heads, signer.public))
    yield Row("signed heads checked", f"{len(heads) / seconds:,.0f} a second")


@contextmanager
def sqlite(instance: Path) -> Iterator[Config]:
    """An installation on one durable file."""
    yield Config(instance=instance)


@contextmanager
def postgres(instance: Path) -> Iterator[Config]:
    """An installation on a PostgreSQL server that waits for the disk."""
    server = PostgresServer.start(durable=True)
    try:
        with server.fresh(cheap(instance)) as config:
            yield replace(config, durable=True)
    finally:
        server.stop()
