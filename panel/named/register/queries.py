"""The register read: everybody with courses and boards, one person in full, refusals of the gate, certificates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.queries import account_of, accounts_of, markers_of, seats
from panel.access.roles import Role
from panel.blind.training import completion_queries, edition_queries, refusal_queries
from panel.blind.training import queries as training
from panel.blind.training.completion_queries import Completed
from panel.blind.training.desk import Desk
from panel.blind.training.practice import panel_code
from panel.blind.training.refusal_queries import Refusal
from panel.blind.training.required import Required
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, CertificateCode, CourseId, MarkerId, TaughtId
from panel.named.accounts import queries as accounts
from panel.named.accounts.queries import AccountCard, by_name
from panel.named.register.models import TaughtRow
from panel.named.register.roll_call import Entry, Place

#: From its first draft until all is marked, a board asks of its panel that they are trained.
UNDER_WAY: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED, Stage.MARKING)


@dataclass(frozen=True)
class Taught:
    """Training face to face as HR recorded it. `recorded_by` and `revoked_by` are names."""

    id: TaughtId
    marker: MarkerId
    title: str
    completed_on: date
    expires_on: date
    evidence: str
    recorded_by: str
    recorded_on: date
    revoked_on: date | None
    revoked_by: str
    reason: str


@dataclass(frozen=True)
class File:
    """Everything that is kept about one person's training. `completed`: also what no longer counts.

    `exhausted`: by key, the version at whose quiz no attempt is left.
    """

    entry: Entry
    completed: tuple[Completed, ...]
    taught: tuple[Taught, ...]
    exhausted: Mapping[str, CourseId]


@dataclass(frozen=True)
class Refused:
    """A refusal of the gate with the names that go with it."""

    name: str
    title: str
    refusal: Refusal


@dataclass(frozen=True)
class Certificate:
    """One certificate, and whose it is."""

    name: str
    completed: Completed


def under_way(db: Session) -> tuple[Board, ...]:
    """The boards that are still to be marked or being marked, by title."""
    wanted = {board for held in seats(db, Role.MARKER).values() for board in held}
    return tuple(each for each in boards(db, wanted) if each.stage in UNDER_WAY)


def entries(db: Session, on: date) -> tuple[Entry, ...]:
    """Everybody on a panel or with a course completed, by name.

    The number of queries grows with the boards under way, never with the people.
    """
    held = seats(db, Role.MARKER)
    people = held.keys() | completion_queries.everybody(db)
    return _entries(db, people, held, on)


def file(db: Session, marker: MarkerId, on: date) -> File:
    """One person's training. Raises Missing."""
    account_of(db, marker)
    held = {marker: seats(db, Role.MARKER).get(marker, frozenset())}
    (entry,) = _entries(db, {marker}, held, on)
    current = {each.key: each.id for each in edition_queries.latest(db) if each.current}
    used = {course.key: current[course.key] for course in entry.courses if course.used_up and not course.current(on)}
    return File(entry, completion_queries.completions(db, (marker,)), _taught(db, marker), used)


def taught(db: Session, record: TaughtId) -> Taught:
    """One record of training face to face. Raises Missing."""
    row = db.get(TaughtRow, record)
    if row is None:
        raise Missing
    return next(each for each in _taught(db, row.marker) if each.id == record)


def refused(db: Session) -> tuple[Refused, ...]:
    """What the gate refused, the latest day first."""
    found = refusal_queries.refusals(db)
    names = names_of(db, {each.marker for each in found})
    titles = {each.id: each.title for each in boards(db, {each.board for each in found})}
    return tuple(Refused(names.get(each.marker, "–"), titles.get(each.board, "–"), each) for each in found)


def certificates(db: Session, marker: MarkerId) -> tuple[Completed, ...]:
    """Everything that one person completed, by course."""
    return completion_queries.completions(db, (marker,))


def certificate(db: Session, code: CertificateCode) -> Certificate:
    """The certificate of that code. Raises Missing."""
    found = completion_queries.certified(db, code)
    return Certificate(names_of(db, (found.marker,)).get(found.marker, "–"), found)


def certificate_if_any(db: Session, code: CertificateCode) -> Certificate | None:
    """The certificate of that code; None if there is none, or it was withdrawn."""
    try:
        return certificate(db, code)
    except Missing:
        return None


def people(db: Session, cards: Iterable[AccountCard]) -> tuple[tuple[MarkerId, AccountCard], ...]:
    """These accounts with the ids that their pages are under, by name."""
    held = {card.id: card for card in cards}
    found = ((marker, held[account]) for account, marker in markers_of(db, held).items())
    return tuple(sorted(found, key=lambda each: (by_name(each[1].name), each[0])))


def names_of(db: Session, people: Iterable[MarkerId]) -> dict[MarkerId, str]:
    """The names of these people."""
    return {marker: card.name for marker, card in _cards(db, people).items()}


def _entries(
    db: Session, people: Iterable[MarkerId], held: Mapping[MarkerId, frozenset[BoardId]], on: date
) -> tuple[Entry, ...]:
    cards = _cards(db, people)
    courses = completion_queries.required(db, cards)
    wanted = {board for marker in cards for board in held.get(marker, ())}
    places = _places(db, wanted, on)
    found = (
        _entry(marker, card, courses[marker], held.get(marker, frozenset()), places) for marker, card in cards.items()
    )
    return tuple(sorted(found, key=lambda each: (by_name(each.name), each.marker)))


def _entry(
    marker: MarkerId,
    card: AccountCard,
    courses: tuple[Required, ...],
    held: frozenset[BoardId],
    places: Mapping[BoardId, "_Panel"],
) -> Entry:
    own = tuple(panel.place(marker) for board, panel in places.items() if board in held)
    return Entry(marker, card.name, card.staff_no, courses, own)


@dataclass(frozen=True)
class _Panel:
    """A board's panel as its chair knows it, by panel code."""

    board: Board
    desks: Mapping[str, Desk]
    on: date

    def place(self, marker: MarkerId) -> Place:
        """One member's place."""
        gate = self.desks[panel_code(self.board.draw, marker)].gate(self.on)
        return Place(self.board.id, self.board.title, gate)


def _places(db: Session, wanted: Iterable[BoardId], on: date) -> Mapping[BoardId, _Panel]:
    live = (each for each in boards(db, wanted) if each.stage in UNDER_WAY)
    return {each.id: _Panel(each, {desk.code: desk for desk in training.panel(db, each.id)}, on) for each in live}


def _cards(db: Session, people: Iterable[MarkerId]) -> dict[MarkerId, AccountCard]:
    owners = accounts_of(db, people)
    cards = accounts.cards(db, owners.values())
    return {marker: cards[account] for marker, account in owners.items() if account in cards}


def _taught(db: Session, marker: MarkerId) -> tuple[Taught, ...]:
    query = (
        select(TaughtRow)
        .where(TaughtRow.marker == marker)
        .order_by(TaughtRow.completed_on.desc(), TaughtRow.recorded_on.desc(), TaughtRow.id)
    )
    rows = tuple(db.scalars(query))
    names = names_of(db, {who for row in rows for who in (row.recorded_by, row.revoked_by) if who is not None})
    titles = {course: edition_queries.edition(db, course).title for course in {row.course for row in rows}}
    return tuple(
        Taught(
            id=row.id,
            marker=row.marker,
            title=titles[row.course],
            completed_on=row.completed_on,
            expires_on=row.expires_on,
            evidence=row.evidence,
            recorded_by=names.get(row.recorded_by, "–"),
            recorded_on=row.recorded_on,
            revoked_on=row.revoked_on,
            revoked_by=names.get(row.revoked_by, "–") if row.revoked_by else "",
            reason=row.reason or "",
        )
        for row in rows
    )
