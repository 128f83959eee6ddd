"""Many at once: nothing is lodged late, twice or by halves, on either database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.merkle import root
from panel.board.queries import board
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import PanelError
from panel.named.intake import closing, drafting, queries, service
from panel.named.intake.draft import Draft
from tests.named.intake.scene import Scene

WIDTH = 6


def at_once(database: Database, *acts: Callable[[Session], object]) -> Counter[str]:
    """Every act in a thread and a transaction of its own, all from one moment on; how each ended."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> str:
        barrier.wait()
        try:
            with database.writing() as db:
                act(db)
        except PanelError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def submitting(scene: Scene, person: Person, draft: Draft) -> Callable[[Session], object]:
    assert draft.code
    code = draft.code
    return lambda db: service.submit(db, scene.keys, person, scene.board, draft.edition, code)


@pytest.mark.vault("V09")
@pytest.mark.leak("L11")
def test_a_close_counts_every_lodging_that_succeeded_and_no_other(scene: Scene, database: Database) -> None:
    drafts = [(person, scene.write(person)) for person in [scene.person() for _ in range(WIDTH)]]
    hr = scene.holder(Role.HR)
    deadline = board(scene.db, scene.board).deadline
    assert deadline is not None
    scene.db.commit()

    def close(db: Session) -> None:
        closing.close(db, scene.keys, hr, scene.board)

    # the very second of the deadline: the last in which one may submit, the first in which one may close
    with clock.set_to(deadline):
        ended = at_once(database, close, *(submitting(scene, person, draft) for person, draft in drafts))
    assert set(ended) <= {"done", "WrongStage"}
    closed = board(scene.db, scene.board)
    assert closed.submissions == ended["done"] - 1
    assert closed.lodged_root == root(tuple(queries.lodged_leaves(scene.db, scene.board).values()))
    assert len(queries.roll(scene.db, scene.board)) == closed.submissions


@pytest.mark.vault("V09")
def test_one_person_pressing_submit_many_times_is_lodged_once(scene: Scene, database: Database) -> None:
    person = scene.person()
    draft = scene.write(person)
    scene.db.commit()
    ended = at_once(database, *(submitting(scene, person, draft) for _ in range(WIDTH)))
    assert ended == {"done": WIDTH}
    assert queries.applied(scene.db, scene.board) == 1
    assert len(queries.lodged_leaves(scene.db, scene.board)) == 1


@pytest.mark.leak("L81")
def test_tabs_that_begin_at_once_lose_nothing_and_write_one_draft(scene: Scene, database: Database) -> None:
    person = scene.person()
    scene.db.commit()

    def saving(key: str, text: str) -> Callable[[Session], object]:
        return lambda db: drafting.save(db, scene.keys, person, scene.board, lambda draft: draft.answered(key, 0, text))

    ended = at_once(
        database,
        *(saving("we-collaborate", f"Tab {n}.") for n in range(WIDTH)),
        saving("we-take-ownership", "Another question."),
    )
    assert ended == {"done": 2, "StalePart": WIDTH - 1}
    draft = queries.draft(scene.db, scene.keys, scene.board, person.account)
    assert draft is not None
    assert draft.answers["we-take-ownership"] == "Another question."
    assert draft.version("we-collaborate") == 1
