"""What happens in marking: a marker's work is kept, recorded, signed. Passing tasks on is in `handover.py`."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import StandInRow, TaskRow
from panel.blind.allocation.queries import Task
from panel.blind.allocation.service import finish
from panel.blind.allocation.stand_in_queries import behind
from panel.blind.marking import own_queries
from panel.blind.marking.apart import EVERYTHING, MARKS, mark_table, revision_table
from panel.blind.marking.models import MarkDraftRow, SheetRow
from panel.blind.marking.page import Saved, Turn
from panel.blind.marking.scorecard import Scorecard, sheet_digest
from panel.blind.seeding.service import demand_running, note_turn
from panel.blind.submissions.texts import flag as flag_text
from panel.blind.training.service import require_qualified
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.retention import DESTROYED
from panel.board.service import hold, take
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Refused
from panel.kernel.ids import BoardId, MarkerId, TaskCode

#: When marks are made: while the panel marks, and in moderation by those who are asked for a further mark.
MARKED_IN: Final = (Stage.MARKING, Stage.MODERATION)


class NotReached(Refused):
    """Answers to an earlier question are still to be marked."""

    sentence = "Mark the answers to the earlier questions first."


class TextUndecided(Refused):
    """Chair or deputy are deciding about words in the answer."""

    sentence = "The chair or a deputy is looking at this text. You can mark it when that is done."


class MarksFinal(Refused):
    """The mark has been signed, or its marker has dropped out."""

    sentence = "This mark is final and can no longer change."


class NotAllMarked(Refused):
    """Some tasks are still open, so there is nothing complete to sign."""

    sentence = "Mark every answer before you sign."


class WhichAnswer(Invalid):
    """A task that shows several answers needs to be told which of them."""

    sentence = "Select the answer that names somebody"


def save_draft(
    db: Session, board: BoardId, marker: MarkerId, code: TaskCode, *, score: int | None, evidence: str, version: int
) -> int:
    """Keep what a marker has typed, finished or not; returns the new version.

    Raises WrongStage, NotQualified, Paused, Missing, NotReached, TextUndecided, MarksFinal, StaleMark, BadMark.
    """
    held, task, saved = _open(db, board, marker, code)
    given, text = Scorecard.of(held.policy, task.criterion).draft(score, evidence)
    saved.demand(version, given, text)
    db.merge(MarkDraftRow(code=code, score=given, evidence=text, version=saved.version + 1))
    db.flush()
    return saved.version + 1


def record(
    db: Session, board: BoardId, marker: MarkerId, code: TaskCode, *, score: int | None, evidence: str, version: int
) -> int:
    """Keep a marker's mark, with a revision of it; she may change it until she signs. Returns the new version.

    Raises what `save_draft` raises.
    """
    held, task, saved = _open(db, board, marker, code)
    mark = Scorecard.of(held.policy, task.criterion).mark(score, evidence)
    saved.demand(version, mark.score, mark.evidence)
    key = {"ref": task.ref, "criterion": task.criterion, "marker": marker}
    kept = {"board": board, "score": mark.score, "evidence": mark.evidence, "version": saved.version + 1}
    db.merge(mark_table(task)(**key, **kept, position=task.position, signed=False))
    db.add(revision_table(task)(**key, **kept))
    drop_drafts(db, [code])
    finish(db, code)
    db.flush()
    note_turn(db, held, task)
    return saved.version + 1


def flag(db: Session, board: BoardId, marker: MarkerId, code: TaskCode, question: str | None = None) -> None:
    """Tell the chair that this text names somebody; everyone's tasks on it wait until that is decided.

    `question`: which answer, on a task that shows several. Raises WrongStage, NotQualified, Missing, NotReached,
    WhichAnswer. Flagging twice changes nothing more.
    """
    held, task, _ = _reached(db, board, marker, code)
    criterion = held.policy.criterion(task.criterion)
    keys = {each.key for each in held.policy.questions} if criterion.whole else {criterion.key}
    chosen = question if criterion.whole else criterion.key
    if chosen not in keys:
        raise WhichAnswer
    _flag(db, board, task, chosen)


def sign(db: Session, board: BoardId, marker: MarkerId) -> None:
    """The marker signs her sheet: all her marks are final from here on. Signing twice changes nothing more.

    The sheet binds the marks that count. Raises WrongStage, NotAllMarked, Paused.
    """
    # alone: a mark saved in another tab between the digest and the signature would be signed unseen
    held = take(db, board, *MARKED_IN)
    if not own_queries.queue(db, held, marker).complete:
        raise NotAllMarked
    demand_running(db, board, marker)
    if not own_queries.unsigned(db, board, marker):
        return
    marks = own_queries.sheet(db, board, marker)
    digest = sheet_digest(marks)
    for table in MARKS:
        mine = (table.board == board) & (table.marker == marker)
        db.execute(update(table).where(mine).values(signed=True).execution_options(synchronize_session=False))
    db.merge(SheetRow(board=board, marker=marker, signed_on=today(), marks=len(marks), digest=digest))
    append(db, board, "sheet.signed", marker, Role.MARKER, {"marks": len(marks), "digest": digest.hex()})


def destroy_evidence(db: Session, board: BoardId) -> None:
    """Part of archiving: what markers wrote reads as destroyed; the scores stay."""
    for table in EVERYTHING:
        gone = update(table).where(table.board == board).values(evidence=DESTROYED)
        db.execute(gone.execution_options(synchronize_session=False))
    codes = select(TaskRow.code).where(TaskRow.board == board)
    db.execute(delete(MarkDraftRow).where(MarkDraftRow.code.in_(codes)).execution_options(synchronize_session=False))


def drop_drafts(db: Session, codes: Collection[TaskCode]) -> None:
    """Forget what was typed for these tasks and not saved."""
    mine = MarkDraftRow.code.in_(list(codes))
    db.execute(delete(MarkDraftRow).where(mine).execution_options(synchronize_session="evaluate"))


def _reached(db: Session, board: BoardId, marker: MarkerId, code: TaskCode) -> tuple[Board, Task, Turn]:
    """The board and the marker's own task, both held until the transaction ends."""
    held = hold(db, board, *MARKED_IN)
    demand_running(db, board, marker)
    task = allocation.task(db, board, marker, code, lock=True)
    require_qualified(db, marker, board, task.criterion)
    if held.stage is Stage.MODERATION and own_queries.saved(db, task).signed:
        raise MarksFinal
    turn = own_queries.turn(db, held, task)
    if not turn.reached:
        raise NotReached
    return held, task, turn


def _flag(db: Session, board: BoardId, task: Task, criterion: str) -> None:
    """The text behind a repeat is flagged once for all; a seed, for everybody too, is looked at among the seeds."""
    seed = behind(db, board, task.marker).get(task.ref)
    if seed is None or seed.original is not None:
        flag_text(db, board, task.ref if seed is None else seed.original or task.ref, criterion)
        return
    same = (StandInRow.board == board) & (StandInRow.script == seed.script)
    db.execute(update(StandInRow).where(same).values(flagged=True).execution_options(synchronize_session=False))


def _open(db: Session, board: BoardId, marker: MarkerId, code: TaskCode) -> tuple[Board, Task, Saved]:
    held, task, turn = _reached(db, board, marker, code)
    if turn.waits:
        raise TextUndecided
    saved = own_queries.saved(db, task)
    if saved.signed or marker in allocation.relieved(db, board):
        raise MarksFinal
    return held, task, saved
