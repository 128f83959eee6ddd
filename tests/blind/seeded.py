"""A board whose queues hold seeds and repeats, for tests of what they bring about."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.allocation.models import StandInRow
from panel.blind.allocation.queries import Task
from panel.blind.marking import own_queries, service
from panel.blind.training.seed_service import add_seed
from panel.board.conduct import Conduct
from panel.board.policy import Policy
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId, SubmissionRef
from tests.blind.scene import EVIDENCE, POLICY, QUESTIONS, Scene

AGREED = 3


def policy(**conduct: object) -> Policy:
    """The scene's rules, conducted so."""
    return replace(POLICY, conduct=Conduct(**conduct))


def seeded(
    db: Session, *, candidates: int = 8, markers: int = 5, seeds: int = 3, begun: bool = True, **conduct: object
) -> Scene:
    """A board with so many seeds for each question, in marking unless it is not begun."""
    scene = Scene.closed(db, candidates=candidates, markers=markers, policy=policy(**conduct))
    for key in QUESTIONS:
        for n in range(seeds):
            add_seed(db, scene.board_id, key, f"Seed {n} on {key}: I asked the depot and put it right.", AGREED, "Why.")
    if begun:
        scene.begin()
    return scene


def stand_ins(scene: Scene, marker: MarkerId | None = None) -> dict[SubmissionRef, StandInRow]:
    """What was slipped in, for one marker or all."""
    query = select(StandInRow).where(StandInRow.board == scene.board_id).order_by(StandInRow.ref)
    return {row.ref: row for row in scene.db.scalars(query) if marker in {None, row.marker}}


def seed_tasks(scene: Scene, marker: MarkerId) -> list[Task]:
    """A marker's seeds in the order in which her queue holds them."""
    seeds = {ref for ref, row in stand_ins(scene, marker).items() if row.script}
    own = {task.code: task for task in scene.tasks(marker)}
    parts = own_queries.queue(scene.db, scene.board, marker).parts
    return [own[item.code] for part in parts for item in part.items if own[item.code].ref in seeds]


def mark(scene: Scene, task: Task, score: int, version: int = 0) -> None:
    """Record one mark."""
    words = {"score": score, "evidence": EVIDENCE, "version": version}
    service.record(scene.db, scene.board_id, task.marker, task.code, **words)


def mark_until_paused(scene: Scene, marker: MarkerId, *, seeds_at: int, others_at: int = 2) -> list[Task]:
    """Mark in the queue's order until it pauses or ends; the tasks that were marked."""
    own = {task.code: task for task in scene.tasks(marker)}
    seeds = {task.code for task in seed_tasks(scene, marker)}
    done: list[Task] = []
    while code := own_queries.queue(scene.db, scene.board, marker).next():
        mark(scene, own[code], seeds_at if code in seeds else others_at)
        done.append(own[code])
    return done


def straying(database: Database, **conduct: object) -> tuple[Scene, MarkerId]:
    """A board on which one marker has been paused; committed."""
    while True:
        with database.writing() as db:
            scene = seeded(db, **{"seed_every": 3, **conduct})
            marker = scene.markers[0]
            done = mark_until_paused(scene, marker, seeds_at=0)
            # by lot the seeds may stand first of all, and then no answer was marked
            if sum(task.real for task in done) > 1:
                return scene, marker
            db.rollback()  # no second board, with a pause of its own
