"""The merit list as locked and as amended, and the marks root recomputed from the tables."""

import json
from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit.entry import Entry, UnreadableEntry
from panel.audit.queries import entries, stored_entries
from panel.blind.marking import queries as marking
from panel.blind.merit.amendment import Amendment, Proposal, Standing, logged, scores_now
from panel.blind.merit.amendment import standings as standings_of
from panel.blind.merit.marks_root import Locked, LockedMark, LockedScore, LockedSubmission
from panel.blind.merit.marks_root import marks_root as root_of
from panel.blind.merit.merit_list import Outcome, Place
from panel.blind.merit.models import AmendmentProposalRow, AmendmentRow, MeritEntryRow
from panel.blind.moderation import queries as moderation
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from panel.board.policy import parse_ratio
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import BoardId, Number


class NotClosed(Refused):
    """A board without a lodged root has nothing that a marks root could bind."""

    sentence = "The board has not been closed yet."


class NotLogged(Refused):
    """A row without an entry, an entry without a row, or one unlike the other: no list is made from them."""

    sentence = "The amendments in the database are not those in the log. Tell the auditor."


def merit_list(db: Session, board: BoardId) -> tuple[Place, ...]:
    """The merit list in order, as the lock wrote it; empty before the lock."""
    columns = (
        MeritEntryRow.number,
        MeritEntryRow.rank,
        MeritEntryRow.outcome,
        MeritEntryRow.total,
        MeritEntryRow.scores,
    )
    query = select(*columns).where(MeritEntryRow.board == board).order_by(MeritEntryRow.rank, MeritEntryRow.number)
    return tuple(_place(*row) for row in db.execute(query))


def standings(db: Session, board: BoardId, changed: Iterable[Amendment] | None = None) -> tuple[Standing, ...]:
    """Every place as locked beside the one it has with all amendments, in the order of the locked list.

    `changed`: the amendments, if they were read already. Raises NotLogged.
    """
    changed = amendments(db, board) if changed is None else changed
    return standings_of(read_board(db, board).policy, merit_list(db, board), changed)


def amendments(db: Session, board: BoardId) -> tuple[Amendment, ...]:
    """Every confirmed change of a locked score, in the order in which they were confirmed.

    No lock binds them: what makes one is its entry in the log. Raises NotLogged if there are others than those.
    """
    query = select(AmendmentRow).where(AmendmentRow.board == board).order_by(AmendmentRow.seq)
    found = tuple(_amendment(row) for row in db.scalars(query.execution_options(populate_existing=True)))
    destroyed = bool(found) and read_board(db, board).stage is Stage.ARCHIVED
    if not logged(found, told(db, board), destroyed=destroyed):
        raise NotLogged
    return found


def told(db: Session, board: BoardId) -> tuple[Entry, ...]:
    """The log's entries about amendments in order, read past anything else that was spoilt. Raises NotLogged."""
    about = [stored for stored in stored_entries(db, board) if b'"kind":"amendment.' in stored.body]
    try:
        return tuple(map(Entry.read, about))
    except UnreadableEntry as error:
        raise NotLogged from error


def faithful(db: Session, board: BoardId) -> bool:
    """Whether the amendments are those in the log."""
    try:
        amendments(db, board)
    except NotLogged:
        return False
    return True


def proposals(db: Session, board: BoardId, changed: Iterable[Amendment] | None = None) -> tuple[Proposal, ...]:
    """Every change that waits for another leader, by number and criterion. `changed` as in `standings`."""
    keys = AmendmentProposalRow.number, AmendmentProposalRow.criterion
    rows = db.scalars(select(AmendmentProposalRow).where(AmendmentProposalRow.board == board).order_by(*keys)).all()
    if not rows:
        return ()
    scores = scores_now(merit_list(db, board), amendments(db, board) if changed is None else changed)
    return tuple(
        Proposal(
            number=row.number,
            criterion=row.criterion,
            before=scores[row.number][row.criterion],
            after=Fraction(row.after),
            reason=row.reason,
            decided_by=row.decided_by,
        )
        for row in rows
    )


def score_now(db: Session, board: BoardId, number: Number, criterion: str) -> Fraction:
    """The score as it stands with every amendment. Raises Missing for what is not on the locked list."""
    found = scores_now(merit_list(db, board), amendments(db, board)).get(number, {}).get(criterion)
    if found is None:
        raise Missing
    return found


def marks_root(db: Session, board: BoardId) -> bytes:
    """The marks root recomputed from the tables as they stand: 32 bytes. Raises NotClosed."""
    return root_of(locked(db, board))


def as_locked(db: Session, board: BoardId) -> bool:
    """Whether the tables still lead to the marks root that the lock wrote into the log; not so once archived."""
    bound = [entry.facts.get("marks_root") for entry in entries(db, board, "board.locked")]
    return bound == [marks_root(db, board).hex()]


def locked(db: Session, board: BoardId) -> Locked:
    """All that the marks root binds. Raises NotClosed."""
    held = read_board(db, board)
    if held.policy_digest is None or held.lodged_root is None:
        raise NotClosed
    cards = submissions.cards(db, board)
    numbers = {card.ref: card.number for card in cards}
    return Locked(
        board=board,
        policy_digest=held.policy_digest,
        lodged_root=held.lodged_root,
        submissions=tuple(LockedSubmission(c.number, c.ref, c.answers_digest, c.shown_digest) for c in cards),
        marks=tuple(
            LockedMark(numbers[mark.ref], mark.criterion, mark.marker, mark.score, mark.evidence_digest)
            for mark in marking.marks(db, board)
            if mark.ref in numbers  # seeds, hidden repeats and practice have refs of their own
        ),
        scores=tuple(
            LockedScore(numbers[each.ref], each.criterion, each.score, each.marker, each.reason_digest)
            for each in moderation.agreed_scores(db, board)
        ),
        places=merit_list(db, board),
    )


def _place(number: Number, rank: int, outcome: str, total: str, scores: str) -> Place:
    exact = {key: parse_ratio(text) for key, text in json.loads(scores).items()}
    return Place(number, rank, Outcome(outcome), parse_ratio(total), exact)


def _amendment(row: AmendmentRow) -> Amendment:
    return Amendment(
        seq=row.seq,
        number=row.number,
        criterion=row.what,
        before=parse_ratio(row.before),
        after=parse_ratio(row.after),
        reason=row.reason,
        decided_by=row.decided_by,
        confirmed_by=row.confirmed_by,
        on=row.on,
    )
