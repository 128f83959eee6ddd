"""What else is asked about answers in moderation: looks, and further marks sent for, still to come, or given."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from panel.blind.allocation.models import ReliefRow, State, TaskRow
from panel.blind.marking.models import MarkRow
from panel.blind.moderation.answers import Answer, Course, judge
from panel.blind.moderation.looks import Cause, Key, across_the_pass_mark, sampled
from panel.blind.moderation.models import FurtherRow, LookRow
from panel.board.conduct import Settling
from panel.board.policy import Policy
from panel.board.queries import Board
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef

Scores: TypeAlias = Mapping[Key, Sequence[int]]


def final(board: BoardId) -> ColumnElement[bool]:
    """The marks of a board that can no longer change: signed, or of somebody who dropped out."""
    return (MarkRow.board == board) & (MarkRow.signed.is_(True) | MarkRow.marker.in_(_gone(board)))


def courses(db: Session, board: Board, scores: Scores) -> Mapping[Key, Course]:
    """The course of each answer. `scores`: the final marks of whole criteria, and of whole submissions.

    Whether an answer is in the sample hangs on the others to its criterion, the pass mark on those of its submission.
    """
    sent = _sent(db, board.id)
    owed = _owed(db, board.id) if sent else frozenset[Key]()
    looked = _looked(db, board.id) if looks(board.policy) else frozenset[Key]()
    causes = _causes(board, scores, {key for key, row in sent.items() if row.agreed})
    first = board.policy.conduct.settling is Settling.FURTHER
    return {
        key: Course(
            causes=causes.get(key, ()),
            looked=key in looked,
            first=first,
            sent=key in sent,
            waiting=key in sent and key in owed,
            why=sent[key].reason if key in sent else "",
            version=sent[key].version if key in sent else 0,
        )
        for key in scores
    }


def asked(db: Session, answer: Answer) -> int:
    """How many markers were ever given one answer: one more each time that another is asked."""
    here = (TaskRow.ref == answer.ref) & (TaskRow.criterion == answer.criterion)
    return db.scalar(select(func.count()).where(here)) or 0


def looks(policy: Policy) -> bool:
    """Whether the rules have answers looked at whose marks agree."""
    return policy.conduct.pass_line or policy.conduct.sample_percent > 0


def _causes(board: Board, scores: Scores, agreed_until_sent: set[Key]) -> Mapping[Key, tuple[Cause, ...]]:
    """Why a leader looks at answers whose marks agree, or agreed until a further marker was asked."""
    policy = board.policy
    agreeing = {key for key, given in scores.items() if key in agreed_until_sent or _agree(policy, key, given)}
    picked = sampled(board.draw, policy.conduct.sample_percent, agreeing)
    crossing = across_the_pass_mark(policy, scores) if policy.conduct.pass_line else frozenset[SubmissionRef]()
    found = dict.fromkeys(picked, (Cause.SAMPLE,))
    for key in agreeing:
        if key[0] in crossing and len(set(scores[key])) > 1:
            found[key] = (*found.get(key, ()), Cause.CROSSING)
    return found


def _agree(policy: Policy, key: Key, given: Sequence[int]) -> bool:
    return not judge(policy, key[1], given).disputed


def _sent(db: Session, board: BoardId) -> Mapping[Key, FurtherRow]:
    query = select(FurtherRow).where(FurtherRow.board == board).order_by(FurtherRow.ref, FurtherRow.criterion)
    rows = db.scalars(query.execution_options(populate_existing=True))
    return {(row.ref, row.criterion): row for row in rows}


def _looked(db: Session, board: BoardId) -> frozenset[Key]:
    columns = LookRow.ref, LookRow.criterion
    rows = db.execute(select(*columns).where(LookRow.board == board).order_by(*columns))
    return frozenset((ref, criterion) for ref, criterion in rows)


def _gone(board: BoardId) -> Select[MarkerId]:
    """Who dropped out: what she left unsigned stands."""
    return select(ReliefRow.marker).where(ReliefRow.board == board)


def _owed(db: Session, board: BoardId) -> frozenset[Key]:
    """The answers with a task still to be marked, or a mark that its marker has still to sign."""
    tasks = select(TaskRow.ref, TaskRow.criterion).where(TaskRow.board == board, TaskRow.state == State.OPEN)
    marks = select(MarkRow.ref, MarkRow.criterion).where(
        MarkRow.board == board,
        MarkRow.signed.is_(False),
        MarkRow.marker.not_in(_gone(board)),
    )
    found = [*db.execute(tasks.order_by(TaskRow.code)), *db.execute(marks.order_by(MarkRow.ref, MarkRow.criterion))]
    return frozenset((ref, criterion) for ref, criterion in found)
