"""Results once the names are open: the list for HR, notes to weigh, and each candidate's own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.access.queries import holders
from panel.blind.merit import queries as merit
from panel.blind.moderation import queries as moderation
from panel.blind.moderation.answers import Answer
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Fact, Stage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, BoardId, Number
from panel.named.accounts import queries as accounts
from panel.named.intake.models import RollState
from panel.named.intake.queries import state_of
from panel.named.results.feedback import Changes, Judged, Note, Result, changes, notes, result
from panel.named.results.models import ApprovedNote
from panel.named.results.naming import Found, Known, Watch
from panel.named.results.sheet import Sheet, sheet
from panel.named.unsealing import ceremony_queries as ceremonies
from panel.named.unsealing import queries as unsealing
from panel.named.unsealing.reveal import Revealed

OPENED = (Stage.UNSEALED, Stage.PUBLISHED)


@dataclass(frozen=True)
class Weighed:
    """How far the feedback of one candidate has been decided: counts of notes."""

    number: Number
    name: str
    notes: int
    approved: int


@dataclass(frozen=True)
class Candidate:
    """One candidate's notes, for HR to approve or withhold."""

    board: Board
    person: Revealed
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Nameless:
    """Counts of numbers without a name: `unopened` as spoilt, `aside` because opened early. Whose is not known."""

    unopened: int
    aside: int


def opened(db: Session, board: BoardId) -> Board:
    """The board, its names open and not yet archived. Raises Missing otherwise, so that nothing tells it is near."""
    held = read_board(db, board)
    if held.stage not in OPENED:
        raise Missing
    return held


def named_list(db: Session, keys: Path, board: BoardId) -> Sheet:
    """The merit list with names, held against the log. Raises Missing before they are open, and NamesUnreadable."""
    held = opened(db, board)
    people = {each.number: each for each in unsealing.proved(db, keys, board)}
    unopened, aside = ceremonies.unopened(db, board), submissions.set_aside(db, board)
    amendments = merit.amendments(db, board)
    standings = merit.standings(db, board, amendments)
    return sheet(held, standings, people, amendments, unopened=unopened, aside=aside)


def overview(db: Session, keys: Path, board: BoardId) -> tuple[Weighed, ...]:
    """Every named candidate with how many notes there are and are approved, in the order of the list."""
    held, people = opened(db, board), _people(db, keys, board)
    written, approved = _notes_by_number(moderation.answers(db, held)), _approved_counts(db, board)
    listed = (place.number for place in merit.merit_list(db, board) if place.number in people)
    return tuple(Weighed(n, people[n].name, written.get(n, 0), approved.get(n, 0)) for n in listed)


def candidate(db: Session, keys: Path, board: BoardId, number: Number) -> Candidate:
    """One candidate's notes with what they give away. Raises Missing."""
    held, people = opened(db, board), _people(db, keys, board)
    if number not in people:
        raise Missing
    watch = watching(db, board, people.values())
    answers = [each for each in moderation.answers(db, held) if each.number == number]
    changed = changes(each for each in merit.amendments(db, board) if each.number == number)
    return Candidate(held, people[number], judged(held, answers, approved_digests(db, board), watch, changed))


def all_notes(db: Session, keys: Path, board: BoardId) -> Mapping[tuple[Number, str], tuple[Note, ...]]:
    """Every note of every named candidate, by number and criterion key, looked through for names. Raises Missing."""
    held, people = opened(db, board), _people(db, keys, board)
    watch, approved = watching(db, board, people.values()), approved_digests(db, board)
    return {
        (each.number, each.criterion): _weigh(each, approved, watch.find_names)
        for each in moderation.answers(db, held)
        if each.number in people
    }


def own_result(db: Session, keys: Path, board: BoardId, account: AccountId) -> Result | None:
    """One candidate's result, found without opening anybody else's; None for one who took her application back.

    Raises Missing until published, and for everyone who did not apply.
    """
    held = read_board(db, board)
    if held.stage is not Stage.PUBLISHED or state_of(db, board, account) is not RollState.APPLIED:
        raise Missing
    mine, amendments = unsealing.revealed_to(db, keys, board, account), merit.amendments(db, board)
    listed = merit.standings(db, board, amendments)
    standing = next((each for each in listed if mine and each.locked.number == mine.number), None)
    if mine is None or standing is None:
        return None
    changed = changes(each for each in amendments if each.number == mine.number)
    return result(held, standing, mine.name, _approved_texts(db, board, mine.number), changed)


def nameless(db: Session, board: BoardId) -> Nameless:
    """How many numbers have no name for another reason than that their candidate took them back."""
    return Nameless(len(ceremonies.unopened(db, board)), len(submissions.set_aside(db, board)))


def publishing_facts(db: Session, keys: Path, board: BoardId) -> tuple[Fact, ...]:
    """Whether results can go out: no approved note may name anybody."""
    named = sum(note.approved and not note.may_go for notes in all_notes(db, keys, board).values() for note in notes)
    sentence = "No approved note names anybody."
    if named:
        sentence = f"Withhold the notes that name somebody. There {'is 1' if named == 1 else f'are {named}'}."
    return (Fact("feedback", not named, sentence),)


def watching(db: Session, board: BoardId, people: Iterable[Revealed]) -> Watch:
    """Everyone a note may not name: the candidates, and all who have a part on the board."""
    parts = accounts.cards(db, {holder.account for holder in holders(db, board)}).values()
    candidates = [Known(each.name, each.email, each.staff_no) for each in people]
    return Watch([*candidates, *(Known(each.name, each.email, each.staff_no) for each in parts)])


def judged(
    board: Board,
    answers: Iterable[Answer],
    approved: Mapping[tuple[Number, str], frozenset[bytes]],
    watch: Watch,
    changed: Changes,
) -> tuple[Judged, ...]:
    """One candidate's answers with their notes, in the board's order of criteria."""
    scored = [(each, each.score) for each in answers]
    return tuple(
        Judged(
            criterion=board.policy.criterion(each.criterion),
            score=score,
            notes=_weigh(each, approved, watch.find),
            changes=changed.get(each.criterion, ()),
        )
        for each, score in scored
        if score is not None
    )


def approved_digests(db: Session, board: BoardId) -> Mapping[tuple[Number, str], frozenset[bytes]]:
    """The digests of approved notes, by number and criterion key."""
    columns = ApprovedNote.number, ApprovedNote.criterion, ApprovedNote.digest
    query = select(*columns).where(ApprovedNote.board == board).order_by(*columns)
    found: dict[tuple[Number, str], set[bytes]] = defaultdict(set)
    for number, criterion, digest in db.execute(query):
        found[number, criterion].add(digest)
    return {key: frozenset(digests) for key, digests in found.items()}


def _weigh(
    answer: Answer, approved: Mapping[tuple[Number, str], frozenset[bytes]], look: Callable[[str], Found]
) -> tuple[Note, ...]:
    allowed = approved.get((answer.number, answer.criterion), frozenset())
    return notes((mark.evidence for mark in answer.marks), allowed, look)


def _people(db: Session, keys: Path, board: BoardId) -> dict[Number, Revealed]:
    return {each.number: each for each in unsealing.revealed(db, keys, board)}


def _notes_by_number(answers: Iterable[Answer]) -> dict[Number, int]:
    counts: dict[Number, int] = defaultdict(int)
    for each in answers:
        counts[each.number] += len({mark.evidence for mark in each.marks if mark.evidence.strip()})
    return counts


def _approved_counts(db: Session, board: BoardId) -> dict[Number, int]:
    query = (
        select(ApprovedNote.number, func.count())
        .where(ApprovedNote.board == board)
        .group_by(ApprovedNote.number)
        .order_by(ApprovedNote.number)
    )
    return dict(db.execute(query).all())


def _approved_texts(db: Session, board: BoardId, number: Number) -> dict[str, tuple[str, ...]]:
    query = (
        select(ApprovedNote.criterion, ApprovedNote.text)
        .where(ApprovedNote.board == board, ApprovedNote.number == number)
        .order_by(ApprovedNote.criterion, ApprovedNote.digest)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for criterion, text in db.execute(query):
        found[criterion].append(text)
    return {criterion: tuple(texts) for criterion, texts in found.items()}
