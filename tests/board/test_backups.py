"""Backups in the system's log. Both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from panel.audit.queries import entries
from panel.board import backups
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM


def test_two_taken_at_once_have_a_number_each(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    append, together = backups.append, Barrier(2)

    def late(*given: Any) -> None:
        with suppress(BrokenBarrierError):  # nobody comes where the other waits for the log
            together.wait(0.2)
        append(*given)

    def take(_: int) -> int:
        with database.writing() as db:
            return backups.note_begun(db).number

    monkeypatch.setattr(backups, "append", late)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [1, 2]
    with database.reading() as db:
        assert [entry.facts["number"] for entry in entries(db, SYSTEM, backups.BEGUN)] == [1, 2]
