"""An amendment is one because the log says so: rows that differ from it move nothing."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from panel.audit.service import append
from panel.blind.merit import queries
from panel.blind.merit.amendment import CONFIRMED, PROPOSED, Amendment, Proposal, follows
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


@dataclass(frozen=True)
class Told:
    """How the log tells of an amendment: who proposed what of it, and what happened before it was confirmed."""

    by: str = "chair"
    score: int = 4
    reason: str = REASON
    place: int = 2
    between: str = ""


@pytest.mark.leak("L102")
@pytest.mark.parametrize(
    "told",
    [
        Told(by=""),
        Told(score=3),
        Told(reason="Another reason."),
        Told(place=1),
        Told(between="amendment.dropped"),
        Told(between=CONFIRMED),
    ],
    ids=["no proposal", "another score", "another reason", "another number", "dropped", "confirmed already"],
)
def test_an_entry_that_nobody_else_proposed_makes_no_amendment(scene: Scene, told: Told) -> None:
    """A blind connection can write a row and an entry: neither counts by itself."""
    slip_in(scene, **entry_alone(scene, told))
    assert not queries.faithful(scene.db, scene.board_id)


@pytest.mark.leak("L102")
def test_an_entry_that_confirms_ones_own_proposal_follows_from_nothing(scene: Scene) -> None:
    entry_alone(scene)
    assert follows(queries.told(scene.db, scene.board_id))
    entry_alone(scene, Told(by="deputy"))
    assert not follows(queries.told(scene.db, scene.board_id))


def entry_alone(scene: Scene, told: Told = Told()) -> dict[str, object]:
    """An amendment that the log confirms and no row is; the two leaders of it."""
    people = {"chair": scene.chair, "deputy": scene.deputy}
    by, about = people.get(told.by, scene.chair), number(scene, 2)
    scores = {"before": Fraction(7, 3), "after": Fraction(4)}
    who = {"decided_by": by, "confirmed_by": scene.deputy}
    made = Amendment(about, CRITERION, **scores, reason=REASON, **who, seq=1, on=today())
    if told.by:
        waits = Proposal(number(scene, told.place), CRITERION, made.before, Fraction(told.score), told.reason, by)
        append(scene.db, scene.board_id, PROPOSED, by, told.by, waits.facts)
    for kind in filter(None, (told.between, CONFIRMED)):
        append(scene.db, scene.board_id, kind, scene.deputy, "deputy", made.facts)
    return dict(who)
