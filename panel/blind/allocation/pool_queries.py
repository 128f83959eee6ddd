"""What the allocator alone reads: who was declared, who stepped aside, who holds what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.blind.allocation.balance import Answer
from panel.blind.allocation.models import ExclusionRow, StandInRow, State, TaskRow
from panel.blind.allocation.queries import LIVE, board_refs, counts_only
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef
from panel.kernel.tables import IdType


def exclusions(db: Session, board: BoardId) -> Mapping[SubmissionRef, Set[MarkerId]]:
    """Whom the board's candidates declared."""
    query = select(ExclusionRow.ref, ExclusionRow.marker).where(ExclusionRow.ref.in_(board_refs(board)))
    return _by_ref(db.execute(query.order_by(ExclusionRow.ref, ExclusionRow.marker)))


def aside(db: Session, board: BoardId) -> Mapping[SubmissionRef, Set[MarkerId]]:
    """Who stepped aside from a submission, and so gets none of its answers; also who did so at a repeat of it alone."""
    ref = func.coalesce(StandInRow.original, TaskRow.ref, type_=IdType(SubmissionRef))
    query = (
        select(ref, TaskRow.marker)
        .outerjoin(StandInRow, StandInRow.ref == TaskRow.ref)
        .where(TaskRow.board == board, TaskRow.state == State.STEPPED_ASIDE)
        .order_by(ref, TaskRow.marker)
    )
    return _by_ref(db.execute(query))


def barred(db: Session, board: BoardId) -> dict[SubmissionRef, Set[MarkerId]]:
    """Whom candidates declared and who stepped aside, together: nobody of them gets an answer of the submission."""
    declared, recognised = exclusions(db, board), aside(db, board)
    return {ref: {*declared.get(ref, ()), *recognised.get(ref, ())} for ref in {*declared, *recognised}}


def holding(db: Session, board: BoardId, refs: Collection[SubmissionRef]) -> dict[Answer, dict[MarkerId, State]]:
    """Who has a task for each answer of these submissions, stepped aside from it, or had it taken back by the chair."""
    query = (
        select(TaskRow.ref, TaskRow.criterion, TaskRow.marker, TaskRow.state)
        .where(TaskRow.board == board, TaskRow.ref.in_(list(refs)), TaskRow.state != State.WITHDRAWN)
        .order_by(TaskRow.ref, TaskRow.criterion, TaskRow.code)
    )
    found: dict[Answer, dict[MarkerId, State]] = defaultdict(dict)
    for ref, criterion, marker, state in db.execute(query):
        found[ref, criterion][marker] = State(state)
    return found


def met(db: Session, board: BoardId) -> Mapping[MarkerId, int]:
    """Of how many submissions each marker has an answer."""
    query = (
        select(TaskRow.marker, func.count(TaskRow.ref.distinct()))
        .where(TaskRow.board == board, TaskRow.state.in_(LIVE), counts_only(board))
        .group_by(TaskRow.marker)
        .order_by(TaskRow.marker)
    )
    return dict(db.execute(query).all())


def last_positions(db: Session, board: BoardId) -> Mapping[tuple[MarkerId, str], int]:
    """The last position of each marker's tasks for each criterion."""
    query = (
        select(TaskRow.marker, TaskRow.criterion, func.max(TaskRow.position))
        .where(TaskRow.board == board)
        .group_by(TaskRow.marker, TaskRow.criterion)
        .order_by(TaskRow.marker, TaskRow.criterion)
    )
    return {(marker, criterion): last for marker, criterion, last in db.execute(query)}


def _by_ref(rows: Iterable[tuple[SubmissionRef, MarkerId]]) -> Mapping[SubmissionRef, Set[MarkerId]]:
    found: dict[SubmissionRef, set[MarkerId]] = defaultdict(set)
    for ref, marker in rows:
        found[ref].add(marker)
    return found
