"""What chair and deputy read: every answer by number with its marks, and how far moderation has come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import LEADERS, Role
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.leaders import leads
from panel.blind.marking.models import MarkRow
from panel.blind.moderation.answers import Agreed, Answer, Course, Mark, judge, letters, tally
from panel.blind.moderation.course_queries import Scores, courses, final, looks
from panel.blind.moderation.looks import Key
from panel.blind.moderation.models import AgreedScoreRow
from panel.blind.submissions import queries as submissions
from panel.board.policy import Policy
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef


@dataclass(frozen=True)
class AgreedScore:
    """An agreed score as the lock reads it."""

    ref: SubmissionRef
    criterion: str
    score: int
    marker: MarkerId
    reason: str

    @property
    def reason_digest(self) -> bytes:
        """SHA-256 of the reason: 32 bytes."""
        return digest(self.reason.encode())


def answers(db: Session, board: Board) -> tuple[Answer, ...]:
    """Every answer of a board that has marks, criterion by criterion in the policy's order, then by number."""
    numbers = submissions.numbers(db, board.id)
    marks = _marks(db, board, MarkRow.board == board.id)
    agreed = _agreed(db, AgreedScoreRow.board == board.id)
    keys = [(ref, criterion) for criterion in board.policy.keys for ref in numbers if marks.get((ref, criterion))]
    course = courses(db, board, {key: [mark.score for mark in marks[key]] for key in keys})
    return tuple(_answer(board.policy, numbers[key[0]], key, marks[key], agreed.get(key), course[key]) for key in keys)


def answer(db: Session, board: Board, number: Number, criterion: str) -> Answer:
    """One answer with its marks and what was settled. Raises Missing."""
    numbers = submissions.numbers(db, board.id)
    ref = next((ref for ref, dealt in numbers.items() if dealt == number), None)
    if ref is None or criterion not in board.policy.keys:
        raise Missing
    key = (ref, criterion)
    marks = _marks(db, board, (MarkRow.ref == ref) & (MarkRow.criterion == criterion))
    if key not in marks:
        raise Missing
    found = _agreed(db, (AgreedScoreRow.ref == ref) & (AgreedScoreRow.criterion == criterion))
    around = _scores_around(db, board, key, numbers) if looks(board.policy) else {key: [m.score for m in marks[key]]}
    course = courses(db, board, around)
    return _answer(board.policy, number, key, marks[key], found.get(key), course[key])


def number_of(db: Session, board: BoardId, ref: SubmissionRef) -> Number:
    """The number of a submission that takes part. Raises Missing."""
    number = submissions.numbers(db, board).get(ref)
    if number is None:
        raise Missing
    return number


def texts(db: Session, board: Board, shown: Sequence[Answer]) -> Mapping[Key, tuple[tuple[str, str], ...]]:
    """What the markers of each read, as (question, text): one answer, or all if it is judged over the whole."""
    read = submissions.shown(db, board.id) if len(shown) > 1 else {}
    read = read or {each.ref: submissions.shown_answers(db, each.ref) for each in shown}
    return {(each.ref, each.criterion): _asked(board.policy, each.criterion, read[each.ref]) for each in shown}


def agreed_scores(db: Session, board: BoardId) -> tuple[AgreedScore, ...]:
    """Every agreed score of a board, by ref and criterion: for the lock."""
    found = _agreed(db, AgreedScoreRow.board == board)
    return tuple(AgreedScore(ref, criterion, a.score, a.marker, a.reason) for (ref, criterion), a in found.items())


def unsettled(db: Session, board: BoardId) -> int:
    """How many answers still need a score, a look or a further mark, or have no mark at all: nobody locks before 0."""
    held = read_board(db, board)
    expected = len(submissions.numbers(db, board)) * len(held.policy.criteria)
    found = answers(db, held)
    return tally(found).unfinished + expected - len(found)


def scores(db: Session, board: Board) -> Mapping[SubmissionRef, Mapping[str, Fraction]]:
    """The exact score of every settled answer, by submission and criterion; unsettled ones are left out."""
    found: dict[SubmissionRef, dict[str, Fraction]] = defaultdict(dict)
    for each in answers(db, board):
        if each.score is not None:
            found[each.ref][each.criterion] = each.score
    return found


def barred(db: Session, board: BoardId, leader: MarkerId) -> frozenset[SubmissionRef]:
    """The submissions whose scores this leader leaves to another, having decided a redaction on them.

    Where no other is left who has not (moderation has passed whole to her), she sets them: the log shows both acts.
    """
    others = leads(db, board) - {leader}
    return frozenset(ref for ref, who in submissions.redactors(db, board).items() if leader in who and others - who)


def leading(db: Session, board: BoardId, actor: Actor) -> Role:
    """The part in which this person leads moderation.

    Raises Missing, as for anyone else, if a candidate declared her: moderation then passes whole to the others, since
    one missing number would itself name that candidate. So too if none could, and another is left (`leads`).
    """
    parts = [role for role in LEADERS if actor.may(role, board)]
    if not parts or actor.id not in leads(db, board):
        raise Missing
    return parts[0]


def marker_letters(db: Session, board: Board) -> Mapping[MarkerId, str]:
    """The letter that stands for each marker who ever had a task on the board."""
    return letters(board.draw, allocation.loads(db, board.id))


def _marks(db: Session, board: Board, where: ColumnElement[bool]) -> Mapping[Key, tuple[Mark, ...]]:
    named = marker_letters(db, board)
    columns = MarkRow.ref, MarkRow.criterion, MarkRow.marker, MarkRow.score, MarkRow.evidence
    found: dict[Key, list[Mark]] = defaultdict(list)
    query = select(*columns).where(where, final(board.id)).order_by(*columns[:3])
    for ref, criterion, marker, score, evidence in db.execute(query):
        found[ref, criterion].append(Mark(named.get(marker, "?"), score, evidence))
    return {key: _by_letter(marks) for key, marks in found.items()}


def _asked(policy: Policy, criterion: str, read: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    whole = policy.criterion(criterion).whole
    asked = [each for each in policy.questions if whole or each.key == criterion]
    return tuple((each.question or each.name, read[each.key]) for each in asked)


def _scores_around(db: Session, board: Board, key: Key, numbers: Collection[SubmissionRef]) -> Scores:
    """The final marks of all answers to one criterion and of all answers of one submission."""
    near = (MarkRow.criterion == key[1]) | (MarkRow.ref == key[0])
    columns = MarkRow.ref, MarkRow.criterion, MarkRow.score
    found: dict[Key, list[int]] = defaultdict(list)
    rows = db.execute(select(*columns).where(near, final(board.id)).order_by(*columns[:2], MarkRow.marker))
    for ref, criterion, score in rows:
        if ref in numbers:
            found[ref, criterion].append(score)
    return found


def _by_letter(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (len(mark.letter), mark.letter)))


def _agreed(db: Session, where: ColumnElement[bool]) -> Mapping[Key, Agreed]:
    query = select(AgreedScoreRow).where(where).order_by(AgreedScoreRow.ref, AgreedScoreRow.criterion)
    rows = db.scalars(query.execution_options(populate_existing=True))
    return {(row.ref, row.criterion): Agreed(row.score, row.reason, row.marker, row.version) for row in rows}


def _answer(
    policy: Policy, number: Number, key: Key, marks: tuple[Mark, ...], agreed: Agreed | None, course: Course
) -> Answer:
    ref, criterion = key
    found = judge(policy, criterion, [mark.score for mark in marks])
    return Answer(number, ref, criterion, marks, found, agreed, course)
