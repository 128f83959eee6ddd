"""Eight processes at once lodge, append and close: no fork, no gap, no late lodging. Both databases."""

import os
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit import queries as audit
from panel.audit.merkle import root
from panel.audit.service import append
from panel.board.queries import board
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import PanelError
from panel.kernel.ids import SYSTEM
from panel.named.intake import closing, queries
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault
from tests.named.intake.scene import Scene
from tests.named.intake.test_races import submitting

LODGING, APPENDING, EACH = 5, 2, 5
_DONE, _REFUSED, _FAILED = range(3)


@pytest.mark.vault("V09")
def test_eight_processes_at_once_leave_one_line_of_entries_and_no_late_lodging(
    scene: Scene, database: Database, config: Config
) -> None:
    people = [scene.person() for _ in range(LODGING)]
    acts = [submitting(scene, person, scene.write(person)) for person in people]
    acts += [appending(writer) for writer in range(APPENDING)]
    deadline, hr = board(scene.db, scene.board).deadline, scene.holder(Role.HR)
    assert deadline is not None
    scene.db.commit()
    database.dispose()
    # the very second of the deadline: the last in which one may submit, the first in which one may close
    with clock.set_to(deadline):
        closes: Callable[[Session], object] = lambda db: closing.close(db, scene.keys, hr, scene.board)  # noqa: E731
        *lodged, first, second, closed = at_once(config, [*acts, closes])
    assert (first, second, closed) == (_DONE, _DONE, _DONE)
    assert _FAILED not in lodged
    with database.reading() as db:
        counted(db, scene, Counter(lodged)[_DONE])


def counted(db: Session, scene: Scene, lodged: int) -> None:
    held = board(db, scene.board)
    assert held.submissions == lodged == vault.count(db, scene.board) == equality.count(db, scene.board)
    assert len(queries.roll(db, scene.board)) == lodged
    assert held.lodged_root == root(tuple(queries.lodged_leaves(db, scene.board).values()))
    assert [each.kind for each in audit.entries(db, scene.board)] == ["board.closed"]
    written = audit.entries(db, SYSTEM)
    assert [each.written_seq for each in written] == list(range(APPENDING * EACH))
    assert audit.rebuild(db, SYSTEM).faults == audit.rebuild(db, scene.board).faults == ()


def appending(writer: int) -> Callable[[Session], object]:
    def write(db: Session) -> None:
        for count in range(EACH):
            append(db, SYSTEM, "framework.loaded", None, "system", {"writer": writer, "count": count})
            db.commit()

    return write


def at_once(config: Config, acts: list[Callable[[Session], object]]) -> list[int]:
    """Each in a process and a transaction of its own, from one moment on; how each ended."""
    waits, starts = os.pipe()
    children = []
    for act in acts:
        if (pid := os.fork()) == 0:
            os.close(starts)
            os.read(waits, 1)  # nothing comes: it ends when the last hand lets go of the pipe
            os._exit(ended(config, act))
        children.append(pid)
    os.close(starts)
    os.close(waits)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]


def ended(config: Config, act: Callable[[Session], object]) -> int:
    try:
        database = config.database()
        with database.session("named", writes=True) as db:
            act(db)
            db.commit()
    except PanelError:
        return _REFUSED
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        return _FAILED
    return _DONE
