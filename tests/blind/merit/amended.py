"""A locked board on which leaders correct scores."""

from fractions import Fraction

from sqlalchemy import insert

from panel.access.models import RoleRow
from panel.access.roles import Role
from panel.blind.allocation.service import exclude
from panel.blind.merit import amending, queries
from panel.blind.merit.amending import Change
from panel.blind.merit.models import AmendmentRow
from panel.blind.moderation.answers import MOST_CHARACTERS
from panel.kernel.clock import today
from panel.kernel.ids import MarkerId, Number
from tests.blind.moderation.moderated import CRITERION, actor, number
from tests.blind.scene import Scene

REASON = "The mean was taken of two marks, though there are three."
LONG = "x" * (MOST_CHARACTERS + 1)


def propose(scene: Scene, place: int = 2, score: int = 4, reason: str = REASON, by: MarkerId | None = None) -> Number:
    """The chair, or another, proposes another score."""
    who, about = actor(scene, by or scene.chair), number(scene, place)
    amending.propose(scene.db, scene.board_id, who, about, CRITERION, Change(score, reason))
    return about


def confirm(scene: Scene, place: int = 2, by: MarkerId | None = None, seen: str | None = None) -> None:
    """The deputy, or another, confirms what waits."""
    who, about = actor(scene, by or scene.deputy), number(scene, place)
    waiting = [each.seen for each in queries.proposals(scene.db, scene.board_id) if each.number == about]
    amending.confirm(scene.db, scene.board_id, who, about, CRITERION, seen or (waiting[0] if waiting else ""))


def slip_in(scene: Scene, place: int = 2, **values: object) -> None:
    """One plain INSERT: a row that nobody proposed, nobody confirmed and no log knows."""
    made: dict[str, object] = {"seq": 1, "number": number(scene, place), "what": CRITERION, "reason": REASON}
    made |= {"before": "7/3", "after": "4/1", "on": today()}
    made |= {"decided_by": MarkerId.new(), "confirmed_by": MarkerId.new()}
    scene.db.execute(insert(AmendmentRow).values(board=scene.board_id, **made | values))


def drop(scene: Scene, place: int = 2, by: MarkerId | None = None) -> None:
    amending.drop(scene.db, scene.board_id, actor(scene, by or scene.chair), number(scene, place), CRITERION)


def amend(scene: Scene, place: int = 2, score: int = 4) -> Number:
    """Proposed and confirmed."""
    about = propose(scene, place, score)
    confirm(scene, place)
    return about


def standing(scene: Scene, place: int) -> tuple[Fraction, Fraction]:
    """The score as locked and as it stands."""
    about = number(scene, place)
    found = next(each for each in queries.standings(scene.db, scene.board_id) if each.locked.number == about)
    return found.locked.scores[CRITERION], found.now.scores[CRITERION]


def declare(scene: Scene, place: int, leader: MarkerId) -> None:
    """The candidate in that place knows a leader."""
    exclude(scene.db, scene.refs[place], [leader])


def second_deputy(scene: Scene) -> MarkerId:
    who = MarkerId.new()
    scene.db.add(RoleRow(marker=who, board=scene.board_id, role=Role.DEPUTY.value))
    scene.db.flush()
    return who
