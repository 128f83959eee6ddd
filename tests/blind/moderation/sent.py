"""Answers sent to further markers: what the tests of them share."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.allocation.queries import State, Task
from panel.blind.marking import service
from panel.blind.marking.models import MarkRow
from panel.blind.moderation import queries, sending
from panel.blind.moderation.answers import Answer, Settlement
from panel.board.conduct import Conduct
from panel.kernel.ids import MarkerId, SubmissionRef
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number, rules
from tests.blind.scene import EVIDENCE, POLICY, Scene

WHY = "One marker reads the second paragraph otherwise."
DECIDED = Settlement(2, "It says what was done and not what followed.", seen=0)


def scene_with(
    db: Session, conduct: Conduct, *, candidates: int = 4, markers: int = 5, given: tuple[int, ...] = (1, 2, 3)
) -> Scene:
    scene = Scene.closed(db, candidates=candidates, markers=markers)
    rules(scene, replace(POLICY, conduct=conduct))
    scene.begin()
    return moderated(scene, {(0, CRITERION): given})


def answer(scene: Scene, place: int = 0) -> Answer:
    return queries.answer(scene.db, scene.board, number(scene, place), CRITERION)


def send(scene: Scene, place: int = 0, by: MarkerId | None = None, reason: str = WHY) -> bool:
    return give(scene, (scene.refs[place], CRITERION), by, reason)


def give(scene: Scene, which: tuple[SubmissionRef, str], by: MarkerId | None = None, reason: str = WHY) -> bool:
    who = actor(scene, by or scene.chair)
    return sending.further(scene.db, scene.board_id, *which, who, reason=reason)


def given_out(scene: Scene) -> list[Task]:
    every = [task for marker in scene.markers for task in scene.tasks(marker)]
    return [task for task in every if task.state is State.OPEN]


def mark(scene: Scene, task: Task, score: int) -> None:
    service.record(scene.db, scene.board_id, task.marker, task.code, score=score, evidence=EVIDENCE, version=0)


def markers_of(scene: Scene, place: int) -> set[MarkerId]:
    here = (MarkRow.ref == scene.refs[place]) & (MarkRow.criterion == CRITERION)
    return set(scene.db.scalars(select(MarkRow.marker).where(here).order_by(MarkRow.marker)))


def sign(scene: Scene, task: Task) -> None:
    service.sign(scene.db, scene.board_id, task.marker)
