"""Who may mark what: the gate of one marker, the qualified markers of a board, and everybody's practice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
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
from panel.blind.training.practice import Trial, Try, order, panel_code, problems
from panel.blind.training.purpose import PRACTISED, Purpose
from panel.blind.training.required import Required
from panel.blind.training.standing import Standing
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, ScriptId

_UNDER_WAY: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED, Stage.MARKING)


def gate(db: Session, marker: MarkerId, board: BoardId, on: date) -> Gate:
    """What this marker may mark on this board on that day, and what she does next about the rest. Raises Missing."""
    held = read_board(db, board)
    granted = frozenset(_qualifications(db, board, (marker,))[marker])
    if granted >= set(held.policy.keys) and _trained(required(db, (marker,))[marker], on):
        return Gate(granted)  # asked at every mark: the whole desk is read only to say what is missing
    return desk(db, marker, board).gate(on)


def qualified(db: Session, board: BoardId, on: date) -> tuple[MarkerId, ...]:
    """The panel members who may mark every criterion of a board on that day, by id. Raises Missing."""
    wanted = set(read_board(db, board).policy.keys)
    return tuple(marker for marker, criteria in qualified_by_criterion(db, board, on).items() if criteria >= wanted)


def qualified_by_criterion(db: Session, board: BoardId, on: date) -> Mapping[MarkerId, frozenset[str]]:
    """The panel members who have qualified for something and whose every course is current on that day, by id.

    To each the criteria of this board that she may mark.
    """
    panel = markers(db, board, Role.MARKER)
    granted, courses = _qualifications(db, board, panel), required(db, panel)
    return {m: frozenset(granted[m]) for m in panel if granted[m] and _trained(courses[m], on)}


def fewest_qualified(db: Session, board: BoardId, on: date) -> int:
    """How many panel members may mark the criterion for which the fewest have qualified. Raises Missing."""
    able = qualified_by_criterion(db, board, on).values()
    return min((sum(key in each for each in able) for key in read_board(db, board).policy.keys), default=0)


def script_problems(db: Session, board: BoardId) -> tuple[str, ...]:
    """What the practice scripts still lack, a sentence each. Raises Missing."""
    written = ((script.criterion, script.purpose, script.agreed) for script in scripts(db, board))
    return problems(read_board(db, board).policy, written)


def scripts(db: Session, board: BoardId) -> tuple[Script, ...]:
    """The scripts that markers of a board meet before they mark, by criterion and then by random id. Never a seed."""
    practised = (ScriptRow.board == board) & ScriptRow.purpose.in_(PRACTISED)
    columns = (
        *(ScriptRow.id, ScriptRow.criterion, ScriptRow.purpose, ScriptRow.answer),
        *(ScriptRow.agreed, ScriptRow.reason, ScriptRow.version),
    )
    rows = db.execute(select(*columns).where(practised).order_by(ScriptRow.criterion, ScriptRow.id))
    return tuple(
        Script(row.id, row.criterion, Purpose(row.purpose), row.answer, row.agreed, row.reason, row.version)
        for row in rows
    )


def any_written(db: Session, board: BoardId) -> bool:
    """Whether the board has a script of any kind, seeds among them."""
    return db.scalar(select(ScriptRow.id).where(ScriptRow.board == board).limit(1)) is not None


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


def standing(db: Session, marker: MarkerId, board: BoardId, criterion: str) -> Standing:
    """Where one marker stands on one criterion, once practice is open. Raises Missing."""
    held, people = read_board(db, board), (marker,)
    read = (
        _tries(db, board, people)[marker],
        _notes(db, board, people)[marker],
        _qualifications(db, board, people)[marker],
    )
    found = [each for each in _standings(held, marker, scripts(db, board), *read) if each.key == criterion]
    if not found:
        raise Missing
    return found[0]


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
    granted, courses = _qualifications(db, board_id, people), required(db, people)
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
            qualified=granted[marker],
            courses=courses[marker],
            standings=_standings(held, marker, written, tries[marker], notes[marker], granted[marker])
            if opened
            else (),
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
    granted: Mapping[str, date],
) -> tuple[Standing, ...]:
    policy = held.policy
    ordered = sorted(written, key=lambda each: order(held.draw, marker, each.id))
    return tuple(
        Standing(
            criterion.key,
            criterion.name,
            tuple(
                Trial(each.id, each.purpose, each.agreed, policy.tolerance, tuple(tries.get(each.id, ())))
                for each in ordered
                if each.criterion == criterion.key
            ),
            notes[criterion.key].count if criterion.key in notes else 0,
            granted.get(criterion.key),
        )
        for criterion in policy.criteria
    )


def _trained(courses: Iterable[Required], on: date) -> bool:
    return all(course.current(on) for course in courses)


def _qualifications(db: Session, board: BoardId, people: Collection[MarkerId]) -> dict[MarkerId, dict[str, date]]:
    query = (
        select(QualificationRow.marker, QualificationRow.criterion, QualificationRow.granted_on)
        .where(QualificationRow.board == board, QualificationRow.marker.in_(people))
        .order_by(QualificationRow.marker, QualificationRow.criterion)
    )
    found: dict[MarkerId, dict[str, date]] = {person: {} for person in people}
    for row in db.execute(query):
        found[row.marker][row.criterion] = row.granted_on
    return found


def _tries(
    db: Session, board: BoardId, people: tuple[MarkerId, ...]
) -> dict[MarkerId, defaultdict[ScriptId, list[Try]]]:
    mark = PracticeMarkRow
    columns = mark.marker, mark.script, mark.score, mark.evidence, mark.round
    query = (
        select(*columns)
        .join(ScriptRow, ScriptRow.id == PracticeMarkRow.script)
        .where(ScriptRow.board == board, PracticeMarkRow.marker.in_(people))
        .order_by(PracticeMarkRow.marker, PracticeMarkRow.script, PracticeMarkRow.attempt)
    )
    found: dict[MarkerId, defaultdict[ScriptId, list[Try]]] = {person: defaultdict(list) for person in people}
    for row in db.execute(query):
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
