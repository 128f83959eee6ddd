"""What happens to tasks: exclusions are declared, tasks dealt, passed on when a marker cannot or may not mark them."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.allocation import pool_queries, queries
from panel.blind.allocation.assignment import Assignment, assign
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.lots import reading_order
from panel.blind.allocation.models import ExclusionRow, ReliefRow, State, TaskRow
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.allocation.sowing import sow
from panel.blind.allocation.stand_in_queries import slipped_in
from panel.blind.submissions.queries import refs
from panel.blind.training.queries import qualified_by_criterion
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.clock import today
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef, TaskCode

#: Draws of fresh codes before a clash is taken for a fault: with 60 bits even one clash is unheard of.
_DRAWS: Final = 3


class NobodyQualified(Refused):
    """There is no panel member who may mark."""

    sentence = "No panel member has qualified to mark on this board yet."


class AlreadyAllocated(Refused):
    """The board's tasks have been dealt."""

    sentence = "This board's answers have already been allocated."


def exclude(db: Session, ref: SubmissionRef, markers: Iterable[MarkerId]) -> None:
    """Keep the people whom a candidate declared away from her submission."""
    for marker in sorted(set(markers)):
        db.add(ExclusionRow(ref=ref, marker=marker))
    db.flush()


def forget(db: Session, ref: SubmissionRef) -> None:
    """Drop a submission's exclusions, before the close, when it is amended or withdrawn."""
    db.execute(delete(ExclusionRow).where(ExclusionRow.ref == ref))


def rewrite(db: Session, board: BoardId) -> None:
    """At the close: write the board's exclusions anew in random order, so that nothing tells when each was made."""
    pairs = [(ref, marker) for ref, markers in pool_queries.exclusions(db, board).items() for marker in markers]
    secrets.SystemRandom().shuffle(pairs)
    destroy_exclusions(db, board)
    if pairs:
        db.execute(insert(ExclusionRow), [{"ref": ref, "marker": marker} for ref, marker in pairs])


def destroy_exclusions(db: Session, board: BoardId) -> None:
    """Part of archiving and of cancelling: nothing says any more whom a candidate declared."""
    hers = ExclusionRow.ref.in_(queries.board_refs(board))
    db.execute(delete(ExclusionRow).where(hers).execution_options(synchronize_session=False))


def allocate(db: Session, board_id: BoardId, actor: MarkerId) -> Shortfall:
    """Deal a closed board's answers to the markers qualified for each, a task each, and say what could not be placed.

    Called within the transaction that moves the board to marking. Raises WrongStage, NobodyQualified, AlreadyAllocated.
    """
    board = take(db, board_id, Stage.CLOSED)
    panel = present(db, board_id)
    if not panel:
        raise NobodyQualified
    if queries.loads(db, board_id):
        raise AlreadyAllocated
    given = planned(db, board, panel)
    tasks = deal(db, board, given.markers, {})
    facts = {"answers": len(given.markers), "markers": len(panel), "tasks": tasks, "lacking": given.shortfall.answers}
    append(db, board_id, "tasks.allocated", actor, Role.HR, facts)
    _say_slipped_in(db, board_id, actor)
    return given.shortfall


def planned(db: Session, board: Board, panel: Mapping[MarkerId, frozenset[str]]) -> Assignment:
    """How the board's answers are dealt to the panel that is `present`; the draw makes it the same before and then."""
    policy = board.policy
    return assign(
        refs(db, board.id),
        policy.keys,
        panel,
        pool_queries.exclusions(db, board.id),
        per_answer=policy.markers_per_answer,
        draw=board.draw,
        able=panel,
        sharing=policy.conduct.sharing,
        cap=policy.conduct.load_cap,
    )


def absent(db: Session, board: BoardId, marker: MarkerId, actor: MarkerId) -> None:
    """HR knows before marking starts that a panel member is away: she is dealt nothing. Twice changes nothing more.

    Whoever drops out later is relieved by the chair. Raises WrongStage.
    """
    take(db, board, Stage.OPEN, Stage.CLOSED)
    if marker not in queries.relieved(db, board):
        db.execute(insert(ReliefRow).values(board=board, marker=marker))
        append(db, board, "marker.absent", actor, Role.HR, {"marker": str(marker)})


def back(db: Session, board: BoardId, marker: MarkerId, actor: MarkerId) -> None:
    """She will be there after all. Raises WrongStage once marking has started."""
    take(db, board, Stage.OPEN, Stage.CLOSED)
    if marker in queries.relieved(db, board):
        db.execute(delete(ReliefRow).where(ReliefRow.board == board, ReliefRow.marker == marker))
        append(db, board, "marker.present", actor, Role.HR, {"marker": str(marker)})


def present(db: Session, board: BoardId) -> dict[MarkerId, frozenset[str]]:
    """Who may be dealt answers today, and to which criteria: qualified for them, and neither absent nor gone."""
    gone = queries.relieved(db, board)
    able = qualified_by_criterion(db, board, today())
    return {marker: criteria for marker, criteria in able.items() if criteria and marker not in gone}


def fewest_for_a_criterion(db: Session, board: Board) -> int:
    """How many may be dealt answers to the criterion that has fewest of them."""
    able = present(db, board.id).values()
    return min((sum(key in criteria for criteria in able) for key in board.policy.keys), default=0)


def finish(db: Session, code: TaskCode) -> None:
    """Note that a task has its mark."""
    set_state(db, [code], State.DONE)


def set_state(db: Session, codes: Sequence[TaskCode], state: State) -> None:
    """Put tasks in a state."""
    db.execute(
        update(TaskRow).where(TaskRow.code.in_(codes)).values(state=state).execution_options(synchronize_session=False)
    )


def deal(
    db: Session, board: Board, markers: Mapping[Answer, Sequence[MarkerId]], last: Mapping[tuple[MarkerId, str], int]
) -> int:
    """Make a task for each marker of each answer, in the marker's own order after those she has; returns how many.

    What the policy slips in among them is made here too, and not counted.
    """
    hers: dict[tuple[MarkerId, str], list[SubmissionRef]] = {}
    for (ref, criterion), placed in markers.items():
        for marker in placed:
            hers.setdefault((marker, criterion), []).append(ref)
    tasks = [
        {"board": board.id, "marker": marker, "criterion": criterion, "ref": ref, "position": position}
        for (marker, criterion), own in sow(db, board, hers).items()
        for position, ref in enumerate(
            reading_order(board.draw, marker, criterion, own), last.get((marker, criterion), 0) + 1
        )
    ]
    _insert(db, tasks)
    return sum(map(len, hers.values()))


def _say_slipped_in(db: Session, board: BoardId, actor: MarkerId) -> None:
    seeds, repeats = slipped_in(db, board)
    if seeds or repeats:
        append(db, board, "seeds.dealt", actor, Role.HR, {"seeds": seeds, "repeats": repeats})


def _insert(db: Session, tasks: Sequence[Mapping[str, object]], draws: int = _DRAWS) -> None:
    rows = [{**task, "code": code, "state": State.OPEN} for code, task in zip(_codes(len(tasks)), tasks, strict=True)]
    # by code: the order of rows on disk must not be the order of the allocation
    rows.sort(key=lambda row: str(row["code"]))
    try:
        with db.begin_nested():
            if rows:
                db.execute(insert(TaskRow), rows)
    except IntegrityError:
        if draws == 1:
            raise
        _insert(db, tasks, draws - 1)


def _codes(count: int) -> list[TaskCode]:
    """That many different fresh codes, as drawn: sorted ones would tell whose a task is, and in what order."""
    codes: dict[TaskCode, None] = {}
    while len(codes) < count:
        codes[TaskCode.new()] = None
    return list(codes)
