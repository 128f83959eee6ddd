"""What a marker reads: her own tasks, the page of one of them, her own marks. Nothing of anybody else's."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.allocation import queries as allocation
from panel.blind.allocation.models import State, TaskRow
from panel.blind.allocation.queries import Task
from panel.blind.allocation.stand_in_queries import behind, shown_texts
from panel.blind.marking.apart import Kept, mark_table, revision_table
from panel.blind.marking.models import MarkDraftRow, MarkRow, SheetRow
from panel.blind.marking.page import OwnMark, Page, Saved, Text, Turn
from panel.blind.marking.queue import Item, Queue, Status, marking_order
from panel.blind.marking.scorecard import Mark, Scorecard, personal_words
from panel.blind.seeding.models import StandInMarkRow
from panel.blind.seeding.queries import paused
from panel.blind.submissions.text_queries import undecided as undecided_texts
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.queries import Board
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode

AnyMark = TypeVar("AnyMark", MarkRow, StandInMarkRow)

_STATUS = {State.DONE: Status.MARKED, State.STEPPED_ASIDE: Status.STEPPED_ASIDE}


def queue(db: Session, board: Board, marker: MarkerId) -> Queue:
    """A marker's own tasks on a board, in her order."""
    return _queue(db, board.id, marker, _texts(db, board, marker))


def page(db: Session, board: Board, marker: MarkerId, code: TaskCode) -> Page:
    """One of a marker's own tasks, to mark or to look at again. Raises Missing."""
    task = allocation.task(db, board.id, marker, code)
    texts = _texts(db, board, marker)
    shown = () if texts.waits(task) else texts.shown(task.criterion, shown_texts(db, task.ref, task.criterion))
    load = allocation.load(db, board.id, marker, task.criterion)
    kept = saved(db, task)
    return Page(
        code=code,
        card=Scorecard.of(texts.policy, task.criterion),
        done=load.done,
        total=load.live,
        texts=shown,
        saved=kept,
        in_turn=_reached(db, board, task, texts),
        final=kept.signed or marker in allocation.relieved(db, board.id),
        flaggable=board.stage is Stage.MARKING,
    )


def turn(db: Session, board: Board, task: Task) -> Turn:
    """Whether it is the turn of a marker's task."""
    texts = _texts(db, board, task.marker)
    return Turn(reached=_reached(db, board, task, texts), waits=texts.waits(task))


def saved(db: Session, task: Task) -> Saved:
    """What is kept of a marker's work on a task: what she typed last, else her mark, else nothing."""
    draft = db.get(MarkDraftRow, task.code, populate_existing=True)
    key = (task.ref, task.criterion, task.marker)
    mark = cast(Kept | None, db.get(mark_table(task), key, populate_existing=True))
    signed = mark is not None and mark.signed
    if draft is not None:
        return Saved(draft.score, draft.evidence, draft.version, signed=signed)
    if mark is not None:
        return Saved(mark.score, mark.evidence, mark.version, recorded=True, signed=signed)
    # a task that left her and came back: what she once saved for the answer keeps its versions
    kept = revision_table(task)
    hers = (kept.ref == task.ref) & (kept.criterion == task.criterion) & (kept.marker == task.marker)
    return Saved(version=db.scalar(select(func.max(kept.version)).where(hers)) or 0)


def own_marks(db: Session, board: Board, marker: MarkerId) -> tuple[OwnMark, ...]:
    """A marker's own marks, question by question, in the order in which she met the answers."""
    policy = board.policy
    labels = {point.score: point.label for point in policy.scale.points}
    place = {criterion.key: n for n, criterion in enumerate(marking_order(policy))}
    names = {criterion.key: criterion.name for criterion in policy.criteria}
    rows = sorted(_own(db, board.id, marker), key=lambda row: (place[row[1].criterion], row[1].position))
    return tuple(
        OwnMark(
            code=code,
            criterion=names[mark.criterion],
            position=mark.position,
            score=mark.score,
            label=labels[mark.score],
            evidence=mark.evidence,
            personal_words=personal_words(mark.evidence),
            signed=mark.signed,
        )
        for code, mark in rows
    )


def sheet(db: Session, board: BoardId, marker: MarkerId) -> tuple[tuple[TaskCode, str, Mark], ...]:
    """A marker's marks that count, by task code: what her signature binds."""
    own = _own_in(db, MarkRow, board, marker)
    return tuple((code, row.criterion, Mark(row.score, row.evidence)) for code, row in own)


def unsigned(db: Session, board: BoardId, marker: MarkerId) -> int:
    """How many of a marker's marks still wait for her signature."""
    return sum(not mark.signed for _code, mark in _own(db, board, marker))


def signed_on(db: Session, board: BoardId, marker: MarkerId) -> date | None:
    """When a marker last signed her marks; None before."""
    row = db.get(SheetRow, (board, marker), populate_existing=True)
    return None if row is None else row.signed_on


def _reached(db: Session, board: Board, task: Task, texts: "_Texts") -> bool:
    if task.state is State.DONE:
        return True
    order = [criterion.key for criterion in marking_order(board.policy)]
    before = order[: order.index(task.criterion)]
    left = allocation.tasks(db, board.id, task.marker, State.OPEN, criteria=before) if before else ()
    return all(map(texts.waits, left))


def _own(db: Session, board: BoardId, marker: MarkerId) -> tuple[tuple[TaskCode, Kept], ...]:
    own: list[tuple[TaskCode, Kept]] = [
        *_own_in(db, MarkRow, board, marker),
        *_own_in(db, StandInMarkRow, board, marker),
    ]
    return tuple(sorted(own, key=lambda each: each[0]))


def _own_in(
    db: Session, table: type[AnyMark], board: BoardId, marker: MarkerId
) -> tuple[tuple[TaskCode, AnyMark], ...]:
    same = (table.ref == TaskRow.ref) & (table.criterion == TaskRow.criterion) & (table.marker == TaskRow.marker)
    query = (
        select(TaskRow.code, table)
        .join(table, same)
        .where(TaskRow.board == board, TaskRow.marker == marker, TaskRow.state == State.DONE)
        .order_by(TaskRow.code)
        .execution_options(populate_existing=True)
    )
    return tuple(db.execute(query))


def _queue(db: Session, board: BoardId, marker: MarkerId, texts: "_Texts") -> Queue:
    tasks = allocation.tasks(db, board, marker)
    items = [Item(each.code, each.criterion, each.position, texts.status(each)) for each in tasks]
    return Queue.of(texts.policy, items, paused=paused(db, board, marker))


def _texts(db: Session, board: Board, marker: MarkerId) -> "_Texts":
    """With a repeat waits whatever its original waits for, and a seed that she flagged waits too."""
    open_texts = undecided_texts(db, board.id)
    also: set[tuple[SubmissionRef, str]] = set()
    for each in behind(db, board.id, marker).values():
        also |= {(each.ref, key) for ref, key in open_texts if ref == each.original}
        also |= {(each.ref, each.criterion)} if each.flagged else set()
    return _Texts(board.policy, open_texts | also)


@dataclass(frozen=True)
class _Texts:
    """What tasks show, and what of it somebody must still look at."""

    policy: Policy
    undecided: Set[tuple[SubmissionRef, str]]

    def keys(self, criterion: str) -> tuple[str, ...]:
        """The questions whose answers a task for this criterion shows: its own, or all for the whole submission."""
        whole = self.policy.criterion(criterion).whole
        return tuple(question.key for question in self.policy.questions) if whole else (criterion,)

    def waits(self, task: Task) -> bool:
        """Whether a text of the task is still to be decided on."""
        return bool(self.undecided) and any((task.ref, key) in self.undecided for key in self.keys(task.criterion))

    def status(self, task: Task) -> Status:
        """Where the task stands for its marker."""
        return _STATUS.get(task.state, Status.WAITING if self.waits(task) else Status.TO_MARK)

    def shown(self, criterion: str, answers: Mapping[str, str]) -> tuple[Text, ...]:
        """The texts a task for this criterion shows."""
        questions = [self.policy.criterion(key) for key in self.keys(criterion)]
        return tuple(Text(each.key, each.name, each.question or "", answers[each.key]) for each in questions)
