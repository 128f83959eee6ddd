"""Two tabs, eight workers, two at once: nothing is lost, doubled or crossed."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.allocation import queries as allocation
from panel.blind.marking import handover, own_queries, queries, service
from panel.blind.marking.models import MarkRevisionRow, SheetRow
from panel.blind.marking.page import StaleMark
from panel.blind.marking.scorecard import sheet_digest
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId, TaskCode
from tests.blind.scene import EVIDENCE, QUESTIONS, Scene


def record(database: Database, scene: Scene, marker: MarkerId, code: TaskCode, text: str) -> bool:
    """Whether this worker's mark was kept."""
    try:
        with database.writing("blind") as db:
            service.record(db, scene.board_id, marker, code, score=2, evidence=text, version=0)
    except StaleMark:
        return False
    return True


@pytest.mark.leak("L112")
def test_of_eight_at_one_task_one_wins_and_the_others_are_told(board: Scene, database: Database) -> None:
    with database.reading() as board.db:
        task = board.tasks(board.markers[0], QUESTIONS[0])[0]
    with ThreadPoolExecutor(8) as workers:
        texts = [f"Worker {n} says what the answer shows." for n in range(8)]
        kept = list(workers.map(lambda text: record(database, board, task.marker, task.code, text), texts))
    assert kept.count(True) == 1
    with database.reading() as db:
        (mark,) = queries.marks(db, board.board_id)
        assert mark.evidence == texts[kept.index(True)]
        assert len(db.scalars(select(MarkRevisionRow.version).order_by(MarkRevisionRow.ref)).all()) == 1


@pytest.mark.leak("L110")
def test_two_who_step_aside_at_once_leave_every_answer_its_markers(database: Database) -> None:
    with database.writing() as db:
        scene = Scene.marking(db, candidates=4, markers=6)
        codes = [scene.tasks(marker, QUESTIONS[0])[0].code for marker in scene.markers[:4]]

    def recognise(at: int) -> None:
        with database.writing("blind") as db:
            handover.recognise(db, scene.board_id, scene.markers[at], codes[at])

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(recognise, range(4)))
    with database.reading() as scene.db:
        lacking = allocation.shortfall(scene.db, scene.board)
        assert sum(load.live for load in allocation.loads(scene.db, scene.board_id).values()) == 36 - sum(
            count * answers for count, answers in lacking.lacks
        )


@pytest.mark.leak("L81")
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_two_tabs_on_two_tasks_never_cross(board: Scene, db: Session) -> None:
    board.db = db
    tasks = board.tasks(board.markers[0], QUESTIONS[0])[:2]
    written = dict.fromkeys(tasks, ("", 0))
    for turn in range(500):
        task = secrets.choice(tasks)
        text, version = f"{task.code} in turn {turn}", written[task][1]
        kept = service.save_draft(
            db, board.board_id, task.marker, task.code, score=None, evidence=text, version=version
        )
        written[task] = (text, kept)
    for task, (text, version) in written.items():
        saved = own_queries.saved(db, task)
        assert (saved.evidence, saved.version) == (text, version)


def test_signing_and_saving_at_once_never_leaves_a_mark_signed_unseen(board: Scene, database: Database) -> None:
    marker = board.markers[0]
    with database.writing() as board.db:
        for key in (*QUESTIONS, "courage"):
            for task in board.tasks(marker, key):
                service.record(board.db, board.board_id, marker, task.code, score=2, evidence=EVIDENCE, version=0)
        last = board.tasks(marker, QUESTIONS[0])[0]

    def sign() -> None:
        with database.writing("blind") as db:
            service.sign(db, board.board_id, marker)

    def change() -> None:
        try:
            with database.writing("blind") as db:
                service.record(db, board.board_id, marker, last.code, score=0, evidence=EVIDENCE, version=1)
        except service.MarksFinal:
            return

    with ThreadPoolExecutor(2) as workers:
        for job in [workers.submit(sign), workers.submit(change)]:
            job.result()
    with database.reading() as db:
        assert own_queries.unsigned(db, board.board_id, marker) == 0
        signed = db.get_one(SheetRow, (board.board_id, marker))
        assert signed.digest == sheet_digest(own_queries.sheet(db, board.board_id, marker))
