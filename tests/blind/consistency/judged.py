"""A board in moderation that is large enough for figures, with a marker who is severe throughout."""

from dataclasses import replace
from fractions import Fraction

from panel.blind.allocation.models import State
from panel.blind.allocation.service import set_state
from panel.blind.marking.models import MarkRow, SheetRow
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.policy import PassRule, Policy
from panel.kernel.clock import today
from panel.kernel.encoding import canonical
from tests.blind.scene import EVIDENCE, Scene, everybody

CRITERION = "we-take-ownership"


def judged(scene: Scene, *, unsigned: int | None = None) -> Scene:
    """Every task has its mark and every sheet its signature, but that of one marker if `unsigned` is her place.

    What an answer is worth adds up to 9 for every submission. The first marker gives a point less than that, and nobody
    else does: 8.1 to pass fails those alone whom she marked throughout.
    """
    _rules(scene, replace(scene.policy, pass_rule=PassRule(Fraction(81, 10))))
    severe, silent = scene.markers[0], None if unsigned is None else scene.markers[unsigned]
    for task in everybody(scene):
        worth = 2 + (scene.refs.index(task.ref) + scene.policy.keys.index(task.criterion)) % 3
        score = worth - (task.marker == severe)
        row = MarkRow(ref=task.ref, criterion=task.criterion, marker=task.marker, board=scene.board_id, score=score)
        row.evidence, row.position, row.version = EVIDENCE, task.position, 1
        row.signed = task.marker != silent
        scene.db.add(row)
    set_state(scene.db, [task.code for task in everybody(scene)], State.DONE)
    for marker in scene.markers:
        if marker != silent:
            sheet = SheetRow(board=scene.board_id, marker=marker, signed_on=today(), marks=1, digest=bytes(32))
            scene.db.add(sheet)
    scene.db.get_one(BoardRow, scene.board_id).lodged_root = b"\x33" * 32
    scene.move(Stage.MODERATION)
    return scene


def _rules(scene: Scene, policy: Policy) -> None:
    row = scene.db.get_one(BoardRow, scene.board_id)
    row.policy, row.policy_digest = canonical(policy.to_json()).decode(), policy.digest


def pages(scene: Scene) -> list[str]:
    """Every address of these pages."""
    home = f"/panel/{scene.board_id}/consistency"
    more = [f"{home}/criterion/{key}" for key in scene.policy.keys]
    return [home, f"{home}/outcomes", *more]
