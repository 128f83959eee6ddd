"""Who may mark what: the gate of one marker, the qualified markers of a board, and everybody's practice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.queries import markers
from panel.access.roles import Role
from panel.blind.training.completion_queries import required
from panel.blind.training.desk import Coaching, Desk, Rubric, Script
from panel.blind.training.gate import Gate
from panel.blind.training.models import (
    CoachingRow,
    PracticeMarkRow,
    PracticeOpeningRow,
    QualificationRow,
    ScriptRow,
)
from panel.blind.training.practice import Standing, Trial, Try, order, panel_code, problems
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, ScriptId

_UNDER_WAY: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED, Stage.MARKING)


def gate(db: Session, marker: MarkerId, board: BoardId, on: date) -> Gate:
    """Whether this marker may mark on this board on that day, and if not, what she does next. Raises Missing."""
    if marker in _qualifications(db, board) and all(course.current(on) for course in required(db, (marker,))[marker]):
        return Gate(open=True)  # asked at every mark: the whole desk is read only to say what is missing
    return desk(db, marker, board).gate(on)


def qualified(db: Session, board: BoardId, on: date) -> tuple[MarkerId, ...]:
    """The panel members of a board who have qualified for it and whose every course is current on that day, by id."""
    granted = _qualifications(db, board)
    courses = required(db, granted)
    panel = markers(db, board, Role.MARKER)
    return tuple(m for m in panel if m in granted and all(course.current(on) for course in courses[m]))


def script_problems(db: Session, board: BoardId) -> tuple[str, ...]:
    """What the practice scripts still lack, a sentence each. Raises Missing."""
    pairs = ((script.criterion, script.agreed) for script in scripts(db, board))
    return problems(read_board(db, board).policy, pairs)


def scripts(db: Session, board: BoardId) -> tuple[Script, ...]:
    """Every practice script of a board, by criterion and then by random id."""
    rows = db.scalars(select(ScriptRow).where(ScriptRow.board == board).order_by(ScriptRow.criterion, ScriptRow.id))
    return tuple(Script(row.id, row.criterion, row.answer, row.agreed, row.reason, row.version) for row in rows)


def script(db: Session, board: BoardId, script_id: ScriptId) -> Script:
    """One script of this board. Raises Missing."""
    found = [each for each in scripts(db, board) if each.id == script_id]
    if not found:
        raise Missing
    return found[0]


def rubric(db: Session, board: BoardId, criterion: str) -> Rubric:
    """What answers to one criterion of this board are held against. Raises Missing."""
    policy = read_board(db, board).policy
    if criterion not in policy.keys:
        raise Missing
    found = policy.criterion(criterion)
    # in a draft, the scale may have changed since the framework's anchors were taken over
    fits = len(found.anchors) in {0, len(policy.scale.points)}
    return Rubric(board, found, policy.anchored(found) if fits else policy.scale.points)


def opened_on(db: Session, board: BoardId) -> date | None:
    """When the chair opened practice to the markers; None before."""
    return db.scalars(select(PracticeOpeningRow.opened_on).where(PracticeOpeningRow.board == board)).one_or_none()


def desk(db: Session, marker: MarkerId, board: BoardId) -> Desk:
    """One marker's practice for a board. Raises Missing."""
    return _desks(db, board, (marker,))[0]


def desks(db: Session, marker: MarkerId, wanted: Iterable[BoardId]) -> tuple[Desk, ...]:
    """One marker's practice for those of the boards on which marking is still to come or under way, by title."""
    return tuple(desk(db, marker, each.id) for each in boards(db, wanted) if each.stage in _UNDER_WAY)


def panel(db: Session, board: BoardId) -> tuple[Desk, ...]:
    """Every panel member's practice, by panel code, in a fixed number of queries. Raises Missing."""
    return tuple(sorted(_desks(db, board, markers(db, board, Role.MARKER)), key=lambda each: each.code))


def marker_of(db: Session, board: BoardId, code: str) -> MarkerId:
    """The panel member behind a panel code. Raises Missing."""
    draw = read_board(db, board).draw
    found = [marker for marker in markers(db, board, Role.MARKER) if panel_code(draw, marker) == code.upper()]
    if len(found) != 1:
        raise Missing
    return found[0]


def _desks(db: Session, board_id: BoardId, people: tuple[MarkerId, ...]) -> tuple[Desk, ...]:
    held = read_board(db, board_id)
    written = scripts(db, board_id)
    granted, courses = _qualifications(db, board_id), required(db, people)
    tries, notes = _tries(db, board_id, people), _notes(db, board_id, people)
    opened = opened_on(db, board_id) is not None
    return tuple(
        Desk(
            board=board_id,
            title=held.title,
            stage=held.stage,
            policy=held.policy,
            code=panel_code(held.draw, marker),
            opened=opened,
            qualified_on=granted.get(marker),
            courses=courses[marker],
            standings=_standings(held, marker, written, tries[marker], notes[marker]) if opened else (),
            coaching=notes[marker],
        )
        for marker in people
    )


def _standings(
    held: Board,
    marker: MarkerId,
    written: tuple[Script, ...],
    tries: Mapping[ScriptId, list[Try]],
    notes: Mapping[str, Coaching],
) -> tuple[Standing, ...]:
    policy = held.policy
    ordered = sorted(written, key=lambda each: order(held.draw, marker, each.id))
    return tuple(
        Standing(
            criterion.key,
            criterion.name,
            tuple(
                Trial(
                    each.id,
                    each.agreed,
                    policy.tolerance,
                    tuple(tries.get(each.id, ())),
                    notes[criterion.key].count if criterion.key in notes else 0,
                )
                for each in ordered
                if each.criterion == criterion.key
            ),
        )
        for criterion in policy.criteria
    )


def _qualifications(db: Session, board: BoardId) -> dict[MarkerId, date]:
    query = (
        select(QualificationRow.marker, QualificationRow.granted_on)
        .where(QualificationRow.board == board)
        .order_by(QualificationRow.marker)
    )
    return {row.marker: row.granted_on for row in db.execute(query)}


def _tries(
    db: Session, board: BoardId, people: tuple[MarkerId, ...]
) -> dict[MarkerId, defaultdict[ScriptId, list[Try]]]:
    query = (
        select(PracticeMarkRow)
        .join(ScriptRow, ScriptRow.id == PracticeMarkRow.script)
        .where(ScriptRow.board == board, PracticeMarkRow.marker.in_(people))
        .order_by(PracticeMarkRow.marker, PracticeMarkRow.script, PracticeMarkRow.attempt)
    )
    found: dict[MarkerId, defaultdict[ScriptId, list[Try]]] = {person: defaultdict(list) for person in people}
    for row in db.scalars(query):
        found[row.marker][row.script].append(Try(row.score, row.evidence, row.round))
    return found


def _notes(db: Session, board: BoardId, people: tuple[MarkerId, ...]) -> dict[MarkerId, dict[str, Coaching]]:
    query = (
        select(CoachingRow)
        .where(CoachingRow.board == board, CoachingRow.marker.in_(people))
        .order_by(CoachingRow.marker, CoachingRow.criterion, CoachingRow.round)
    )
    found: dict[MarkerId, dict[str, Coaching]] = {person: {} for person in people}
    for row in db.scalars(query):
        found[row.marker][row.criterion] = Coaching(row.note, row.coached_on, row.round)
    return found
