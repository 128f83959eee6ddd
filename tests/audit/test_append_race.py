"""Several writers at once: one line of entries, no gap, no fork. Both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from panel.audit import queries
from panel.audit.service import append
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, BoardId

WRITERS = 4
EACH = 10


@pytest.mark.vault("V09")
def test_writers_at_once_make_one_line_of_entries(database: Database) -> None:
    log, together = BoardId.new(), Barrier(WRITERS)

    def write(writer: int) -> None:
        together.wait()
        for count in range(EACH):
            with database.writing("blind" if writer % 2 else "named") as db:
                append(db, log, "score.agreed", None, "chair", {"writer": writer, "count": count})

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with database.reading() as db:
        found = queries.entries(db, log)
        assert queries.rebuild(db, log).faults == ()
    assert [entry.written_seq for entry in found] == list(range(WRITERS * EACH))
    for writer in range(WRITERS):
        assert [entry.facts["count"] for entry in found if entry.facts["writer"] == writer] == list(range(EACH))


@pytest.mark.vault("V08")
def test_entry_of_a_transaction_that_fails_is_not_there(database: Database) -> None:
    def fail() -> None:
        with database.writing() as db:
            append(db, SYSTEM, "framework.loaded", None, "system", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as db:
        assert queries.stored_entries(db, SYSTEM) == ()
        assert queries.rebuild(db, SYSTEM).sound
