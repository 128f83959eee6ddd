"""A board's custody: who holds which seat, which of them can be reached, who waits for one, and how the drill goes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from panel.access.queries import holders
from panel.access.roles import SUCCESSORS, Role
from panel.audit import queries as audit
from panel.board import queries as boards
from panel.board.queries import Board
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Refused
from panel.kernel.ids import AccountId, BoardId
from panel.named.accounts.queries import cards
from panel.named.unsealing.drill import Drill
from panel.named.unsealing.founding import ever_seated
from panel.named.unsealing.occasion import OPENED
from panel.named.unsealing.queries import lately_proved
from panel.named.unsealing.reach import (
    LIVE,
    SEATED,
    NoSeat,
    Place,
    Reach,
    SeatLost,
    Strength,
    due,
    latest,
    reach,
    reminded,
)
from panel.sealed.vault import queries as vault
from panel.sealed.vault.envelope import fingerprint
from panel.sealed.vault.queries import SeatCard
from panel.sealed.vault.sharing import Seat, Side


class NotOpenable(Refused):
    """Too many shares are lost."""

    sentence = (
        "Too many shares are lost, so no name of this board can be opened. The merit list stands, and candidates come "
        "forward with their receipt and receipt code."
    )


class SeatedBefore(Invalid):
    """Who has had a share of a board could open it from an old copy, beside the share that she has now."""

    sentence = (
        "This person has held a seat in the custody of this board before. Nobody may have two of its shares, not even "
        "one after the other"
    )


@dataclass(frozen=True)
class Waiting:
    """A person whom HR appointed to take a seat, and who has none yet.

    `ready`: whether she has proved a key, so that she may sit.
    """

    account: AccountId
    name: str
    side: Side
    role: Role
    fingerprint: bytes | None
    ready: bool


@dataclass(frozen=True)
class Custody:
    """Everything about a board's custody that those near it may see. No seats: not founded, or destroyed.

    `seated`: whether a seat can still be handed over.
    """

    places: tuple[Place, ...]
    strength: Strength | None
    waiting: tuple[Waiting, ...]
    drill: Drill | None
    seated: bool


@dataclass(frozen=True)
class Loss:
    """What giving up a key would do to one board: the seat under it, and how strong the custody would be after."""

    board: Board
    place: Place
    after: Strength

    @property
    def names_open(self) -> bool:
        """Whether the share is there for a later ceremony alone."""
        return self.board.stage in OPENED


def custody(db: Session, board: Board) -> Custody:
    """A board's custody as it stands today; once the names are open nobody asks any more how strong it is."""
    found, live = places(db, board.id), board.stage in LIVE
    seated = bool(found) and board.stage in SEATED
    drill = Drill.read(audit.entries(db, board.id)) if found and live else None
    strong = _strength(db, board.id, found) if live else None
    return Custody(found, strong, waiting(db, board.id) if seated else (), drill, seated)


def places(db: Session, board: BoardId) -> tuple[Place, ...]:
    """Every seat with the name of who sits there, custodians first."""
    seats = vault.seats(db, board)
    names = cards(db, [card.account for card in seats])
    return tuple(_place(card, names[card.account].name) for card in seats)


def strength(db: Session, board: Board) -> Strength | None:
    """How strong a board's custody is; None before the opening and once the names are open or the shares destroyed."""
    return _strength(db, board.id, places(db, board.id)) if board.stage in LIVE else None


def own_place(db: Session, board: BoardId, account: AccountId) -> Place:
    """The seat a keyholder has on a board. Raises NoSeat and SeatLost."""
    found = next((place for place in places(db, board) if place.account == account), None)
    if found is None:
        raise NoSeat
    if found.reach is Reach.LOST:
        raise SeatLost
    return found


def losses(db: Session, account: AccountId) -> tuple[Loss, ...]:
    """What the boards whose shares may still be asked for would lose with this person's key, by title."""
    held = {board: card.seat for board, card in vault.seats_of(db, account).items() if not card.lost}
    return tuple(_loss(db, board, held[board.id]) for board in boards.boards(db, held) if board.stage in SEATED)


def demand_openable(db: Session, board: BoardId) -> None:
    """Raises NotOpenable if too many shares are lost for the names ever to be opened."""
    found = _strength(db, board, places(db, board))
    if found is not None and not found.openable:
        raise NotOpenable


def waiting(db: Session, board: BoardId, side: Side | None = None) -> tuple[Waiting, ...]:
    """Who is to take a seat over, on either side or on one; by name."""
    people = {each.account: each.role for each in holders(db, board, *SUCCESSORS)}
    keys, names = vault.keyholders(db, people), cards(db, people)
    found = (_waiting(account, role, names[account].name, keys) for account, role in people.items())
    return tuple(sorted((each for each in found if side in {None, each.side}), key=lambda each: each.name.casefold()))


def demand_first_seat(db: Session, board: BoardId, account: AccountId) -> None:
    """Raises SeatedBefore if the person ever had a seat of the board, by any key; and Unsound (C2)."""
    if account in vault.owners(db, ever_seated(audit.entries(db, board))):
        raise SeatedBefore


def side_of(role: Role) -> Side:
    """On which side somebody with that part is to take a seat."""
    return Side.HR if role is Role.NEXT_CUSTODIAN else Side.PANEL


def prove_by(db: Session, account: AccountId) -> frozenset[BoardId]:
    """The boards for which this keyholder should prove her share again now."""
    held = _seated(db, account).items()
    return frozenset(board for board, card in held if not card.lost and due(_last(card), today()))


def to_remind(db: Session, on: date) -> frozenset[AccountId]:
    """Everyone to whom a letter goes on that day, because a share of hers will soon no longer count as proved."""
    seated = [board for board in boards.boards(db, vault.vaults(db)) if board.stage in SEATED]
    seats = [(card, board.stage in OPENED) for board in seated for card in vault.seats(db, board.id) if not card.lost]
    return frozenset(card.account for card, opened in seats if reminded(_last(card), on, names_open=opened))


def _seated(db: Session, account: AccountId) -> Mapping[BoardId, SeatCard]:
    held = vault.seats_of(db, account)
    seated = {board.id for board in boards.boards(db, held) if board.stage in SEATED}
    return {board: card for board, card in held.items() if board in seated}


def _strength(db: Session, board: BoardId, found: tuple[Place, ...]) -> Strength | None:
    return Strength.of(vault.quorum(db, board), found, today()) if found else None


def _loss(db: Session, board: Board, seat: Seat) -> Loss:
    found = places(db, board.id)
    mine = next(place for place in found if place.seat == seat)
    after = [replace(place, reach=Reach.LOST) if place == mine else place for place in found]
    return Loss(board, mine, Strength.of(vault.quorum(db, board.id), after, today()))


def _place(card: SeatCard, name: str) -> Place:
    stands = reach(card.proved_on, card.used_on, lost=card.lost, on=today())
    return Place(card.seat, card.account, name, fingerprint(card.public_key), card.proved_on, card.used_on, stands)


def _last(card: SeatCard) -> date | None:
    return latest(card.proved_on, card.used_on)


def _waiting(account: AccountId, role: Role, name: str, keys: Mapping[AccountId, vault.Keyholder]) -> Waiting:
    key = keys.get(account)
    ready = key is not None and lately_proved(key, today())
    return Waiting(account, name, side_of(role), role, key.fingerprint if key else None, ready)
