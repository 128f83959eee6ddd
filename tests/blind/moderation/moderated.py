"""A board in moderation with marks of the test's choosing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

from sqlalchemy import update

from panel.access.actor import Actor
from panel.access.queries import roles
from panel.blind.allocation.models import State, TaskRow
from panel.blind.marking.models import MarkRow
from panel.blind.submissions.models import RedactionRow
from panel.blind.submissions.queries import numbers
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.policy import Policy
from panel.kernel.encoding import canonical
from panel.kernel.ids import MarkerId, Number, SubmissionRef
from tests.blind.scene import EVIDENCE, Scene, everybody

AGREE = (3, 3, 4)
CRITERION = "we-take-ownership"


def moderated(scene: Scene, given: Mapping[tuple[int, str], Sequence[int]] | None = None) -> Scene:
    """Mark every answer and start moderation. `given`: scores by place and criterion; otherwise they agree."""
    who = defaultdict(list)
    for task in everybody(scene):
        who[task.ref, task.criterion].append(task.marker)
    for (place, ref), criterion in product(enumerate(scene.refs), scene.policy.keys):
        scores = (given or {}).get((place, criterion), AGREE)
        for marker, score in zip(sorted(who[ref, criterion]), scores, strict=True):
            scene.db.add(_mark(scene, ref, criterion, marker, score))
    scene.db.execute(update(TaskRow).where(TaskRow.board == scene.board_id).values(state=State.DONE))
    scene.move(Stage.MODERATION)
    scene.db.get_one(BoardRow, scene.board_id).lodged_root = b"\x33" * 32
    scene.db.flush()
    return scene


def _mark(scene: Scene, ref: SubmissionRef, criterion: str, marker: MarkerId, score: int) -> MarkRow:
    row = MarkRow(ref=ref, criterion=criterion, marker=marker, board=scene.board_id, score=score)
    row.evidence, row.position, row.version, row.signed = EVIDENCE, 1, 1, True
    return row


def number(scene: Scene, place: int) -> Number:
    """The number of the submission in that place."""
    return numbers(scene.db, scene.board_id)[scene.refs[place]]


def actor(scene: Scene, marker: MarkerId) -> Actor:
    """A person of the scene as views know her."""
    return Actor(marker, roles(scene.db, marker))


def redact(scene: Scene, place: int, by: MarkerId) -> None:
    """A leader has removed words from a submission."""
    scene.db.add(
        RedactionRow(
            ref=scene.refs[place], version=1, answers="{}", digest=bytes(32), reason="It named a station.", marker=by
        )
    )
    scene.db.flush()


def rules(scene: Scene, policy: Policy) -> None:
    """Give the board other rules."""
    row = scene.db.get_one(BoardRow, scene.board_id)
    row.policy, row.policy_digest = canonical(policy.to_json()).decode(), policy.digest
    scene.policy = policy
    scene.db.flush()
