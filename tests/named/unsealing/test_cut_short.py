"""A full disk and a lost connection in the middle of the finish: all names or none, and the next attempt completes."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError

from panel.board.lifecycle import Stage as BoardStage
from panel.named.unsealing import child, process
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child.request import ChildFailed
from panel.named.unsealing.process import in_this_process
from panel.sealed.vault import queries as vault
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.test_child import apart

__all__ = ["apart"]

#: Runs the child with a limit on the size of the files that it writes: a disk that is full. It leaves no compiled
#: module behind, for half a one would break every later run.
_CRAMPED = (
    "import resource, runpy, sys; sys.dont_write_bytecode = True;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
    "runpy.run_module({module!r}, run_name='__main__')"
)


@pytest.mark.vault("V08")
@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")
def test_a_full_disk_opens_all_or_none(apart: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite alone: a PostgreSQL server writes its files itself, and cannot be filled from here."""
    if not apart.database.is_sqlite:
        pytest.skip("the server of PostgreSQL writes the files")
    with in_this_process(apart.config):
        apart.almost()
    apart.database.dispose()  # the last to leave empties the write-ahead file, so that its size counts from nothing
    failed = 0
    for size in (0, 4_096, 12_288, 24_576, 40_960):
        script = _CRAMPED.format(size=size, module=child.__name__)
        monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", script))
        try:
            apart.finish()
        except ChildFailed:
            failed += 1
            assert_as_before(apart)
        apart.database.dispose()
        if apart.revealed():
            break
    assert failed >= 2
    monkeypatch.undo()
    if not apart.revealed():
        assert apart.finish() is Act.FINISH
    assert len(apart.revealed()) == CANDIDATES


def assert_as_before(stage: Stage) -> None:
    assert stage.revealed() == ()
    progress = stage.progress()
    assert progress.stage is BoardStage.LOCKED
    assert progress.standing.panel_released
    assert stage.log("board.unsealed") == ()


@pytest.mark.vault("V08")
@pytest.mark.parametrize("moment", ["revealed", "outcome_count", "log_entry"])
def test_a_lost_connection_opens_none_and_the_next_attempt_all(locked: Stage, moment: str) -> None:
    locked.almost()
    inside = process._inside.get()
    assert inside is not None
    engine = inside.engine("named")
    cut = _cut(locked, moment)
    event.listen(engine, "before_cursor_execute", cut)
    try:
        with pytest.raises((DBAPIError, ConnectionError)):
            locked.finish()
    finally:
        event.remove(engine, "before_cursor_execute", cut)
    assert_as_before(locked)
    with locked.database.reading() as db:
        ceremony = locked.progress().ceremony
        assert ceremony is not None
        assert vault.releases(db, ceremony.id)
    assert locked.finish() is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES


def _cut(stage: Stage, moment: str) -> Callable[..., None]:
    """Cuts the connection, as the server or the network would, when the transaction comes to write that table."""

    def cut(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not (statement.startswith("INSERT") and moment in statement.split("(", maxsplit=1)[0]):
            return
        if stage.database.is_sqlite:
            raise ConnectionError
        owner = create_engine(stage.config.owner_url())
        with owner.begin() as other:
            pid = connection.connection.driver_connection.info.backend_pid
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        owner.dispose()

    return cut
