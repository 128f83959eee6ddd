"""What the pages of a ceremony tell beside where it stands: who is still needed, what was refused, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from panel.access.queries import account_of
from panel.audit import queries as audit
from panel.audit.entry import Entry, UnreadableEntry
from panel.board.lifecycle import Stage
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, Number
from panel.named.accounts import queries as accounts
from panel.named.unsealing import left_out
from panel.named.unsealing.ceremony import Act, Ceremony, Ending, Standing, overtaken
from panel.named.unsealing.reach import seat_title
from panel.sealed.vault import queries as vault
from panel.sealed.vault.opening import WHY, Unsound
from panel.sealed.vault.sharing import Seat, Side


@dataclass(frozen=True)
class SeatHolder:
    """Who sits where, by name, as candidates are told too; and whether she has released, or can do so now.

    `lost`: whether the share lies under a key that was given up.
    """

    seat: Seat
    name: str
    released: bool
    wanted: bool
    lost: bool

    @property
    def title(self) -> str:
        """The seat as screens call it."""
        return seat_title(self.seat)


@dataclass(frozen=True)
class RefusedNumber:
    """A submission that a check refused: which check, when, and all the numbers that it refused then."""

    number: Number
    check: str
    on: date
    together: frozenset[Number]


@dataclass(frozen=True)
class Ended:
    """How the last ceremony ended; `by` is empty where nobody ended it."""

    how: Ending
    on: date
    by: str


def seat_holders(db: Session, board: BoardId, standing: Standing) -> tuple[SeatHolder, ...]:
    """Everyone who holds a seat, custodians first, by seat."""
    cards = vault.seats(db, board)
    names = accounts.cards(db, [card.account for card in cards])
    released = {Side.HR: standing.custodians, Side.PANEL: standing.panel}
    return tuple(
        SeatHolder(
            seat=card.seat,
            name=names[card.account].name if card.account in names else "Somebody no longer known",
            released=card.seat.number in released[card.seat.side],
            wanted=standing.act(card.seat) is not Act.WAIT,
            lost=card.lost,
        )
        for card in cards
    )


def refused(db: Session, board: BoardId, since: int = 0) -> tuple[RefusedNumber, ...]:
    """The submissions that a check has refused from this entry of the log on, by number, each with the last refusal."""
    found = {
        number: RefusedNumber(Number(number), str(entry.facts.get("check")), entry.on, frozenset(map(Number, numbers)))
        for entry in _entries(db, board)
        if entry.kind == "unseal.refused" and entry.stored.seq >= since
        for numbers in [_listed(entry.facts.get("numbers"))]
        for number in numbers
    }
    return tuple(found[number] for number in sorted(found))


def refused_since(db: Session, board: BoardId) -> tuple[RefusedNumber, ...]:
    """Those since the unsealing, without what it set aside: what a later ceremony can set aside besides."""
    before, unsealed = set_aside_at_first(db, board), Stage.UNSEALED.entry
    opened = next((each.stored.seq for each in _entries(db, board) if each.kind == unsealed), 0)
    return tuple(each for each in refused(db, board, opened) if each.number not in before)


def last_refusal(db: Session, board: BoardId) -> Unsound | None:
    """What refused the last attempt of the ceremony that is open; None if nothing has."""
    last = [each for each in _entries(db, board) if each.kind in {"unseal.refused", "ceremony.opened"}][-1:]
    if not last or last[0].kind == "ceremony.opened" or last[0].facts.get("check") not in WHY:
        return None
    seats = last[0].facts.get("seats")
    return Unsound(
        str(last[0].facts["check"]),
        _listed(last[0].facts.get("numbers")),
        map(str, seats) if isinstance(seats, list) else (),
    )


def overtaken_by(db: Session, ceremony: Ceremony | None) -> str:
    """The kind of the log entry that ended what a ceremony was opened for; empty if none did."""
    return overtaken(ceremony, _entries(db, ceremony.board)) if ceremony else ""


def ended(db: Session, board: BoardId) -> Ended | None:
    """How the last ceremony ended, unless another was begun since."""
    kinds = {ending.kind: ending for ending in Ending}
    last = [each for each in _entries(db, board) if each.kind in kinds or each.kind == "ceremony.opened"][-1:]
    if not last or last[0].kind not in kinds:
        return None
    return Ended(kinds[last[0].kind], last[0].on, _name(db, last[0]))


def exceptions(db: Session, board: BoardId) -> frozenset[Number]:
    """The numbers set aside when the names were last opened to be read, by a later ceremony or by the first."""
    return left_out.set_aside(_entries(db, board))


def set_aside_at_first(db: Session, board: BoardId) -> frozenset[Number]:
    """The numbers that the unsealing set aside, which every later ceremony leaves out too; none before it."""
    return left_out.set_aside(_entries(db, board), first=True)


def unopened(db: Session, board: BoardId) -> frozenset[Number]:
    """The numbers without a name because their envelopes are spoilt.

    One that a later ceremony had to set aside, and that no name was ever opened for, was taken back, and is not among
    them; nor is one whose name the results key still opens.
    """
    return set_aside_at_first(db, board) | missing(db, board).keys()


def opened_at_first(db: Session, board: BoardId) -> tuple[object, object]:
    """How many names the unsealing opened, and to which root they led; None before it."""
    return left_out.opened_at_first(_entries(db, board))


def missing(db: Session, board: BoardId) -> dict[Number, bytes]:
    """The digests of names that nothing opens any more, by number."""
    return left_out.missing(_entries(db, board))


def opened_early(db: Session, board: BoardId) -> frozenset[tuple[MarkerId | None, str]]:
    """Who asked for each envelope that was opened early, and the digest that binds its number and the reason."""
    found = (each for each in _entries(db, board) if each.kind == "envelope.opened_early")
    return frozenset((each.actor, str(each.facts.get("reason_digest"))) for each in found)


def _entries(db: Session, board: BoardId) -> Iterator[Entry]:
    """Every entry that can be read: that one cannot is found by the checks, and must not keep anybody from a page."""
    for stored in audit.stored_entries(db, board):
        try:
            yield Entry.read(stored)
        except UnreadableEntry:
            continue


def _listed(found: object) -> list[int]:
    return [each for each in found if isinstance(each, int)] if isinstance(found, list) else []


def _name(db: Session, entry: Entry) -> str:
    if entry.actor is None:
        return ""
    try:
        return accounts.card(db, account_of(db, entry.actor)).name
    except Missing:
        return ""
