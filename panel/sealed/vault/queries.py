"""Reading the vault: keyholders, slots, seats, envelopes and releases. Nothing here opens anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.kernel.clock import UK, now
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, SubmissionRef
from panel.sealed.vault.custody import Kind, Slot
from panel.sealed.vault.models import (
    EnvelopeRow,
    KeyholderRow,
    LodgedLeafRow,
    ReleaseRow,
    SeatRow,
    SlotRow,
    VaultRow,
)
from panel.sealed.vault.sharing import Seat, Side

#: Attempts at a passphrase or recovery code that a keyholder has in one hour.
ATTEMPTS: Final = 5
#: Seconds in which they are counted.
HOUR: Final = 3600

_LAST_USED: Final = select(func.max(SlotRow.used_on)).where(SlotRow.keyholder == KeyholderRow.id).scalar_subquery()
_UNTRIED: Final = (
    select(func.count()).where(SlotRow.keyholder == KeyholderRow.id, SlotRow.used_on.is_(None)).scalar_subquery()
)
_SEATS: Final = select(SeatRow, KeyholderRow, _LAST_USED).join(KeyholderRow, KeyholderRow.id == SeatRow.keyholder)


@dataclass(frozen=True)
class Keyholder:
    """One account's key pair, the public half.

    `used_on`: when its key was last unlocked. `untried`: one of its slots has never opened, so it may hold nothing.
    """

    id: KeyholderId
    account: AccountId
    public_key: bytes
    fingerprint: bytes
    state: str
    used_on: date | None
    untried: bool

    @property
    def proved(self) -> bool:
        """Whether both slots have opened, so that a seat may be taken."""
        return self.state == "proved"


@dataclass(frozen=True)
class SeatCard:
    """A seat as the table has it. The share is sealed to `public_key`, which the log must confirm.

    `used_on`: when its key was last unlocked. `lost`: its key is retired, so nobody can open the share any more.
    """

    seat: Seat
    account: AccountId
    public_key: bytes
    share_envelope: bytes
    proved_on: date | None
    used_on: date | None
    lost: bool


@dataclass(frozen=True)
class Envelope:
    """One sealed identity."""

    ref: SubmissionRef
    format: int
    sealed: bytes


@dataclass(frozen=True)
class Release:
    """One seat's share as it was sealed again to a custodian."""

    side: Side
    from_seat: int
    to_seat: int
    envelope: bytes


def keyholder_of(db: Session, account: AccountId) -> Keyholder | None:
    """The key pair of an account, unless it has none or a retired one."""
    return next(iter(keyholders(db, [account]).values()), None)


def keyholders(db: Session, accounts: Iterable[AccountId]) -> Mapping[AccountId, Keyholder]:
    """The key pairs of several accounts."""
    query = (
        select(KeyholderRow, _LAST_USED, _UNTRIED)
        .where(KeyholderRow.account.in_(list(accounts)), KeyholderRow.state != "retired")
        .order_by(KeyholderRow.id)
    )
    return {
        row.account: Keyholder(row.id, row.account, row.public_key, row.fingerprint, row.state, used_on, bool(untried))
        for row, used_on, untried in db.execute(query)
    }


def any_keyholder(db: Session) -> bool:
    """Whether anybody has a key, so that a passphrase somewhere needs the pepper it was made with."""
    return db.scalar(select(KeyholderRow.id).where(KeyholderRow.state != "retired").limit(1)) is not None


def owners(db: Session, keyholders: Iterable[KeyholderId]) -> frozenset[AccountId]:
    """Whose these keys are or were; retired ones count."""
    query = select(KeyholderRow.account).where(KeyholderRow.id.in_(list(keyholders))).order_by(KeyholderRow.account)
    return frozenset(db.scalars(query))


def slot(db: Session, keyholder: KeyholderId, kind: Kind) -> Slot:
    """The keyholder's slot of that kind. Raises Missing."""
    row = db.scalar(select(SlotRow).where(SlotRow.keyholder == keyholder, SlotRow.kind == kind.value))
    if row is None:
        raise Missing
    return Slot(row.id, row.keyholder, kind, row.profile, row.salt, row.parameters, row.wrapped)


def public_key(db: Session, board: BoardId) -> tuple[bytes, bytes]:
    """What sealing for a board needs: its public key and its policy digest. Raises Missing before the founding."""
    row = db.get(VaultRow, board)
    if row is None:
        raise Missing
    return row.public_key, row.policy_digest


def quorum(db: Session, board: BoardId) -> int:
    """How many custodians it takes. Raises Missing before the founding."""
    row = db.get(VaultRow, board)
    if row is None:
        raise Missing
    return row.k


def seats(db: Session, board: BoardId) -> tuple[SeatCard, ...]:
    """Every seat of a board's custody, custodians first, in order."""
    query = _SEATS.where(SeatRow.board == board).order_by(SeatRow.side, SeatRow.seat_no)
    return tuple(_card(*row) for row in db.execute(query))


def seats_of(db: Session, account: AccountId) -> Mapping[BoardId, SeatCard]:
    """The seats that an account holds, by board."""
    query = _SEATS.where(KeyholderRow.account == account).order_by(SeatRow.board)
    return {seat.board: _card(seat, holder, used_on) for seat, holder, used_on in db.execute(query)}


def vaults(db: Session) -> tuple[BoardId, ...]:
    """The boards whose custody has seats, by id."""
    return tuple(db.scalars(select(SeatRow.board).distinct().order_by(SeatRow.board)))


def tried_too_often(db: Session, accounts: Iterable[AccountId]) -> tuple[date, ...]:
    """The days on which one of these keys used up an hour's attempts, newest first."""
    query = (
        select(KeyholderRow.failed_hour)
        .where(KeyholderRow.account.in_(list(accounts)), KeyholderRow.failures > ATTEMPTS)
        .order_by(KeyholderRow.failed_hour.desc())
    )
    days = (datetime.fromtimestamp(hour * HOUR, UK).date() for hour in db.scalars(query))
    return tuple(dict.fromkeys(days))


def envelopes(db: Session, board: BoardId) -> tuple[Envelope, ...]:
    """Every envelope of a board, by ref."""
    columns = EnvelopeRow.ref, EnvelopeRow.format, EnvelopeRow.sealed
    query = select(*columns).where(EnvelopeRow.board == board).order_by(EnvelopeRow.ref)
    return tuple(Envelope(*row) for row in db.execute(query))


def refs(db: Session, board: BoardId) -> frozenset[SubmissionRef]:
    """The submissions of a board that have an envelope."""
    return frozenset(db.scalars(select(EnvelopeRow.ref).where(EnvelopeRow.board == board).order_by(EnvelopeRow.ref)))


def envelope_digests(db: Session, board: BoardId) -> Mapping[SubmissionRef, bytes]:
    """SHA-256 of every envelope of a board, by ref: for the lodged root."""
    return {envelope.ref: digest(envelope.sealed) for envelope in envelopes(db, board)}


def envelope_digest(db: Session, ref: SubmissionRef) -> bytes:
    """SHA-256 of one submission's envelope: for its receipt. Raises Missing."""
    row = db.get(EnvelopeRow, ref)
    if row is None:
        raise Missing
    return digest(row.sealed)


def lodged_leaves(db: Session, board: BoardId) -> Mapping[SubmissionRef, bytes]:
    """The leaf of every submission as the close kept it, in the order of the tree: by ref. Empty before the close."""
    query = select(LodgedLeafRow.ref, LodgedLeafRow.leaf).where(LodgedLeafRow.board == board)
    return dict(db.execute(query.order_by(LodgedLeafRow.ref)).all())


def tries_left(db: Session, account: AccountId) -> int:
    """How many attempts at her key a keyholder has left this hour."""
    query = select(KeyholderRow.failures, KeyholderRow.failed_hour).where(KeyholderRow.account == account)
    failures, hour = db.execute(query).first() or (0, 0)
    return max(ATTEMPTS - failures, 0) if hour == int(now().timestamp()) // HOUR else ATTEMPTS


def count(db: Session, board: BoardId) -> int:
    """How many envelopes a board has."""
    return db.scalar(select(func.count()).where(EnvelopeRow.board == board)) or 0


def releases(db: Session, ceremony: CeremonyId) -> tuple[Release, ...]:
    """What has been released for a ceremony so far."""
    query = (
        select(ReleaseRow)
        .where(ReleaseRow.ceremony == ceremony)
        .order_by(ReleaseRow.from_side, ReleaseRow.from_seat, ReleaseRow.to_seat)
    )
    return tuple(Release(Side(row.from_side), row.from_seat, row.to_seat, row.envelope) for row in db.scalars(query))


def _card(seat: SeatRow, holder: KeyholderRow, used_on: date | None) -> SeatCard:
    return SeatCard(
        seat=Seat(Side(seat.side), seat.seat_no, seat.keyholder),
        account=holder.account,
        public_key=holder.public_key,
        share_envelope=seat.share_envelope,
        proved_on=seat.proved_on,
        used_on=used_on,
        lost=holder.state == "retired",
    )
