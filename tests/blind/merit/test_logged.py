"""An amendment is one because the log says so: rows that differ from it move nothing."""

from datetime import date
from fractions import Fraction

import pytest

from panel.audit.service import append
from panel.blind.merit import queries
from panel.blind.merit.amendment import CONFIRMED, Amendment
from panel.blind.merit.queries import NotLogged
from panel.blind.merit.sheet import merit_sheet
from panel.board.lifecycle import Stage
from panel.board.retention import DESTROYED
from panel.kernel.clock import today
from panel.kernel.ids import MarkerId, Number
from tests.blind.merit.amended import (
    REASON,
    propose,
    slip_in,
)
from tests.blind.moderation.moderated import CRITERION, actor, number
from tests.blind.scene import Scene

pytestmark = pytest.mark.vault("V16")


@pytest.mark.leak("L102")
def test_a_row_that_no_log_knows_moves_nothing(scene: Scene) -> None:
    slip_in(scene)
    assert not queries.faithful(scene.db, scene.board_id)
    for read in (queries.amendments, queries.standings):
        with pytest.raises(NotLogged):
            read(scene.db, scene.board_id)
    with pytest.raises(NotLogged):
        merit_sheet(scene.db, actor(scene, scene.chair), scene.board_id)
    with pytest.raises(NotLogged):
        propose(scene, place=1, score=1)


@pytest.mark.leak("L102")
@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 2},
        {"before": "2/1"},
        {"after": "3/1"},
        {"reason": "Another reason."},
        {"decided_by": MarkerId.new()},
        {"confirmed_by": MarkerId.new()},
        {"number": Number(123_456)},
        {"what": "no-such-criterion"},
        {"on": date(2020, 1, 1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_row_unlike_its_entry_is_refused(scene: Scene, changed: dict[str, object]) -> None:
    slip_in(scene, **entry_alone(scene) | changed)
    assert not queries.faithful(scene.db, scene.board_id)


def test_a_row_like_its_entry_counts(scene: Scene) -> None:
    slip_in(scene, **entry_alone(scene))
    assert queries.faithful(scene.db, scene.board_id)


@pytest.mark.leak("L102")
def test_an_entry_without_its_row_is_refused(scene: Scene) -> None:
    entry_alone(scene)
    assert not queries.faithful(scene.db, scene.board_id)


def test_a_destroyed_reason_counts_as_one_once_the_board_is_archived_and_no_sooner(scene: Scene) -> None:
    slip_in(scene, **entry_alone(scene) | {"reason": DESTROYED})
    assert not queries.faithful(scene.db, scene.board_id)
    scene.move(Stage.ARCHIVED)
    assert queries.faithful(scene.db, scene.board_id)


def entry_alone(scene: Scene) -> dict[str, object]:
    """An amendment that the log confirms and no row is; the two leaders of it."""
    people = {"decided_by": scene.chair, "confirmed_by": scene.deputy}
    scores = {"before": Fraction(7, 3), "after": Fraction(4)}
    made = Amendment(number(scene, 2), CRITERION, **scores, reason=REASON, **people, seq=1, on=today())
    append(scene.db, scene.board_id, CONFIRMED, scene.deputy, "deputy", made.facts)
    return dict(people)
