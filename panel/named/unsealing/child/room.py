"""Where the child works: its own connection, the key files, and the one way to unlock a keyholder's key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.audit.entry import Entry, UnreadableEntry
from panel.audit.heads import Signer
from panel.board.queries import Board
from panel.board.service import hold
from panel.config import Config
from panel.kernel import keyfiles
from panel.kernel.database import Database
from panel.kernel.encoding import digest_of
from panel.kernel.errors import Refused
from panel.kernel.ids import AccountId, BoardId
from panel.named.accounts import proving, throttle
from panel.named.unsealing.ceremony import check_seats, seat_of
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.founding import Founding
from panel.named.unsealing.reach import NoSeat, SeatLost
from panel.sealed.vault import queries, service
from panel.sealed.vault.custody import (
    Kind,
    Profile,
    Slot,
    WrongSecret,
    installed_profile,
    read_secret,
    unlock,
)
from panel.sealed.vault.envelope import KeyPair, fingerprint
from panel.sealed.vault.opening import Unsound
from panel.sealed.vault.queries import Keyholder, SeatCard


class NotKeyholder(Refused):
    """The account has no key."""

    sentence = "You are not a keyholder yet. Become one first."


class PepperMissing(Refused):
    """Without the server's part no passphrase opens its slot, and none is tried or charged."""

    sentence = (
        "No passphrase opens a key just now: a key file of this service is missing. Ask its administrator to restore "
        "it. Recovery codes still work."
    )


class TooManyWrong(service.TooManyAttempts):
    """The asker's attempts at other people's keys are used up for the hour; theirs are not touched by it."""

    sentence = "Too many passphrases of other people were wrong this hour. Wait an hour, then try again."


@dataclass(frozen=True)
class Room:
    """The configuration and database of one request. `tell` hears of each step: its name, how much is done, of what."""

    config: Config
    database: Database
    tell: Callable[[str, int, int], None] = lambda _step, _done, _of: None

    @property
    def profile(self) -> Profile:
        """The key profile of this installation."""
        return installed_profile(self.config.profile)

    @property
    def pepper(self) -> bytes:
        """The server's part of every passphrase slot."""
        return keyfiles.ensure(self.config.keys, keyfiles.PEPPER)

    @cached_property
    def signer(self) -> Signer:
        """The key that signs heads."""
        return Signer.of(self.config.keys)

    def seed(self, account: AccountId, kind: Kind, typed: str) -> tuple[Keyholder, bytes]:
        """Unlock a keyholder's seed: charged first, with no transaction open while it is tried, refunded when right.

        Raises NotWords, NotCode, NotKeyholder, PepperMissing, TooManyAttempts, WrongSecret and WeakSlot.
        """
        secret = self._secret(kind, typed)
        with self.database.writing() as db:
            holder, slot = _lock_of(db, account, kind)
            service.charge(db, holder.id)
            tried = service.attempts(db, holder.id)
        if tried > queries.ATTEMPTS:
            raise service.TooManyAttempts
        seed = self._unlock(holder, slot, secret)
        with self.database.writing() as db:
            service.refund(db, holder.id)
            service.mark_used(db, holder.id, kind)
        return holder, seed

    def anothers(self, asker: AccountId, account: AccountId, typed: str) -> KeyPair:
        """Unlock somebody else's key, who types her passphrase where the asker is signed in.

        An attempt is the asker's, and refunded to her when right: were it the other's, one person could use up
        everybody's, and lock them all out. Raises what `seed` does, and TooManyWrong.
        """
        secret = self._secret(Kind.PASSPHRASE, typed)
        with self.database.reading() as db:
            holder, slot = _lock_of(db, account, Kind.PASSPHRASE)
        tries = digest_of({"others_by": str(asker)})
        try:
            proving.charge(self.database, {tries: queries.ATTEMPTS})
        except throttle.TooManyAttempts as error:
            raise TooManyWrong from error
        seed = self._unlock(holder, slot, secret)
        with self.database.writing() as db:
            proving.refund(db, tries)
            service.mark_used(db, holder.id, Kind.PASSPHRASE)
        return KeyPair.from_seed(seed)

    def pair(self, request: Request) -> tuple[Keyholder, KeyPair]:
        """The key pair of the person asking, by her passphrase."""
        holder, seed = self.seed(request.account, Kind.PASSPHRASE, request.passphrase)
        return holder, KeyPair.from_seed(seed)

    def _secret(self, kind: Kind, typed: str) -> bytes:
        secret = read_secret(kind, typed)
        if kind is Kind.PASSPHRASE and not keyfiles.exists(self.config.keys, keyfiles.PEPPER):
            raise PepperMissing
        return secret

    def _unlock(self, holder: Keyholder, slot: Slot, secret: bytes) -> bytes:
        seed = unlock(slot, secret, self.pepper, self.profile)
        if fingerprint(KeyPair.from_seed(seed).public) != holder.fingerprint:
            raise WrongSecret
        return seed


def _lock_of(db: Session, account: AccountId, kind: Kind) -> tuple[Keyholder, Slot]:
    holder = queries.keyholder_of(db, account)
    if holder is None:
        raise NotKeyholder
    return holder, queries.slot(db, holder.id, kind)


def logged(db: Session, board: BoardId) -> tuple[Entry, ...]:
    """The entries of a board's log. Raises Unsound (C2) if one was spoilt beyond reading."""
    try:
        return audit.entries(db, board)
    except UnreadableEntry as error:
        raise Unsound("C2") from error


@dataclass(frozen=True)
class Custody:
    """A board's custody by its log and by its tables, agreeing (C4), and the seat of the person asking."""

    board: Board
    founding: Founding
    cards: tuple[SeatCard, ...]
    mine: SeatCard

    @classmethod
    def of(cls, db: Session, request: Request) -> "Custody":
        """Read both. Raises Unsound (C2, C4), NoSeat and SeatLost."""
        board = hold(db, request.board)
        founding = Founding.read(request.board, logged(db, request.board))
        cards = queries.seats(db, request.board)
        check_seats(founding.seats, {card.seat: fingerprint(card.public_key) for card in cards})
        mine = next((card for card in cards if card.account == request.account), None)
        if mine is None or seat_of(founding.seats, mine.seat.keyholder) != mine.seat:
            raise NoSeat
        if mine.lost:
            raise SeatLost
        return cls(board, founding, cards, mine)
