"""What happens to the vault's rows. Whatever needs a private key happens in the child process of named/unsealing."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.service import hold
from panel.kernel.clock import now, today
from panel.kernel.encoding import Json, canonical, digest
from panel.kernel.errors import Missing, Refused, Throttled
from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, SubmissionRef
from panel.kernel.tables import SealedBase
from panel.sealed.vault import queries
from panel.sealed.vault.custody import Kind, Slot
from panel.sealed.vault.envelope import FORMAT, fingerprint, identity_info, seal
from panel.sealed.vault.models import (
    EnvelopeRow,
    KeyholderRow,
    LodgedLeafRow,
    ReleaseRow,
    SeatRow,
    SlotRow,
    VaultRow,
)
from panel.sealed.vault.opening import Vault
from panel.sealed.vault.sharing import Seat


class AlreadyEnrolled(Refused):
    """A proved key is not replaced by enrolling again."""

    sentence = "You are a keyholder already. Use your recovery code if you have forgotten your passphrase."


class TooManyAttempts(Throttled):
    """The hour's attempts are used up."""

    sentence = "Your key was tried too often this hour. Wait an hour, then try again."


def seal_identity(db: Session, board: BoardId, ref: SubmissionRef, answers_digest: bytes, identity: bytes) -> bytes:
    """Seal one candidate's identity to the board's key; returns SHA-256 of the envelope. Part of the lodging.

    Raises WrongStage unless the board is open, and TooLong.
    """
    hold(db, board, Stage.OPEN)
    public, policy_digest = queries.public_key(db, board)
    sealed = seal(public, identity_info(board, ref, policy_digest, answers_digest), identity)
    db.execute(insert(EnvelopeRow).values(ref=ref, board=board, format=FORMAT, sealed=sealed))
    return digest(sealed)


def discard(db: Session, ref: SubmissionRef) -> None:
    """Take an envelope away: an application amended or withdrawn before the close."""
    db.execute(delete(EnvelopeRow).where(EnvelopeRow.ref == ref))


def rewrite(db: Session, board: BoardId) -> None:
    """Write a board's envelopes anew in random order, so that none lies where it was lodged. Part of the close."""
    shuffle_rows(db, EnvelopeRow, board)


def keep_leaves(db: Session, board: BoardId, leaves: Mapping[SubmissionRef, bytes]) -> None:
    """Keep the leaves of the lodged tree, in its order. Part of the close."""
    if leaves:
        db.execute(insert(LodgedLeafRow), [{"board": board, "ref": ref, "leaf": leaves[ref]} for ref in sorted(leaves)])


def shuffle_rows(db: Session, table: type[SealedBase], board: BoardId) -> None:
    """Read, shuffle, delete and insert a board's rows of a table that has `board` and `ref` columns."""
    columns = table.__table__.c
    query = select(*columns).where(columns.board == board).order_by(columns.ref)
    rows = [dict(row._mapping) for row in db.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name for a row's mapping
    secrets.SystemRandom().shuffle(rows)
    db.execute(delete(table).where(columns.board == board))
    if rows:
        db.execute(insert(table), rows)


def enrol(db: Session, account: AccountId, keyholder: KeyholderId, public: bytes, slots: Iterable[Slot]) -> None:
    """Keep a new keyholder's public key and slots; one that was never proved is replaced. Raises AlreadyEnrolled."""
    known = queries.keyholder_of(db, account)
    if known is not None and known.proved:
        raise AlreadyEnrolled
    _forget(db, account)
    values = {"id": keyholder, "account": account, "format": FORMAT, "public_key": public, "state": "enrolled"}
    db.execute(insert(KeyholderRow).values(**values, fingerprint=fingerprint(public), failures=0, failed_hour=0))
    for slot in slots:
        keep_slot(db, slot)


def keep_slot(db: Session, slot: Slot) -> None:
    """Keep a slot in place of the keyholder's earlier one of the same kind."""
    db.execute(delete(SlotRow).where(SlotRow.keyholder == slot.keyholder, SlotRow.kind == slot.kind.value))
    db.execute(insert(SlotRow).values(**vars(slot), made_on=today()))


def mark_used(db: Session, keyholder: KeyholderId, *kinds: Kind) -> None:
    """The slots opened today."""
    mine = (SlotRow.keyholder == keyholder) & SlotRow.kind.in_([kind.value for kind in kinds])
    db.execute(update(SlotRow).where(mine).values(used_on=today()))


def mark_proved(db: Session, keyholder: KeyholderId) -> None:
    """Both slots have opened: the keyholder may take seats."""
    db.execute(update(KeyholderRow).where(KeyholderRow.id == keyholder).values(state="proved"))


def retire(db: Session, keyholder: KeyholderId) -> None:
    """The key is given up for good: it unlocks nothing any more. Its row stays, for seats may lie under it."""
    db.execute(update(KeyholderRow).where(KeyholderRow.id == keyholder).values(state="retired"))


def mark_seat_proved(db: Session, board: BoardId, seat: Seat) -> None:
    """The seat's share opened today and agreed with the commitments."""
    place = (SeatRow.board == board) & (SeatRow.side == seat.side.value) & (SeatRow.seat_no == seat.number)
    db.execute(update(SeatRow).where(place).values(proved_on=today()))


def charge(db: Session, keyholder: KeyholderId) -> None:
    """Count an attempt before it is made; the caller commits it whatever follows. Raises TooManyAttempts.

    The count is one statement, so that guesses in a race are all counted.
    """
    hour = int(now().timestamp()) // queries.HOUR
    mine = KeyholderRow.id == keyholder
    fresh = update(KeyholderRow).where(mine, KeyholderRow.failed_hour != hour).values(failures=0, failed_hour=hour)
    db.execute(fresh)
    db.execute(update(KeyholderRow).where(mine).values(failures=KeyholderRow.failures + 1))


def attempts(db: Session, keyholder: KeyholderId) -> int:
    """How many attempts stand against the keyholder in the hour last counted."""
    return db.scalar(select(KeyholderRow.failures).where(KeyholderRow.id == keyholder)) or 0


def refund(db: Session, keyholder: KeyholderId) -> None:
    """The attempt succeeded: it does not count."""
    mine = (KeyholderRow.id == keyholder) & (KeyholderRow.failures > 0)
    db.execute(update(KeyholderRow).where(mine).values(failures=KeyholderRow.failures - 1))


def found(db: Session, vault: Vault, shares: Mapping[Seat, bytes]) -> None:
    """Keep a board's public key and the sealed shares of its seats."""
    pieces: Json = {side.value: [piece.hex() for piece in known] for side, known in vault.commitments.items()}
    db.execute(
        insert(VaultRow).values(
            board=vault.board,
            format=FORMAT,
            public_key=vault.public_key,
            k=vault.sharing.k,
            n=vault.sharing.n,
            policy_digest=vault.policy_digest,
            piece_digests=canonical(pieces).decode(),
            founded_on=today(),
        )
    )
    rows = [{**_place(vault.board, seat), "share_envelope": sealed} for seat, sealed in shares.items()]
    db.execute(insert(SeatRow), rows)


def reseat(db: Session, board: BoardId, seat: Seat, sealed: bytes) -> None:
    """Hand a seat over: its share, sealed to the new keyholder, takes the place of the old one; never yet proved.

    Raises Missing if the board has no such seat.
    """
    place = (SeatRow.board == board) & (SeatRow.side == seat.side.value) & (SeatRow.seat_no == seat.number)
    changed = update(SeatRow).where(place).values(keyholder=seat.keyholder, share_envelope=sealed, proved_on=None)
    if cast(CursorResult[Any], db.execute(changed)).rowcount != 1:
        raise Missing


def release(db: Session, board: BoardId, ceremony: CeremonyId, seat: Seat, sealed: Mapping[int, bytes]) -> None:
    """Keep a seat's share as it was sealed again to other custodians, by their seat numbers."""
    hold(db, board, Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
    origin = {"board": board, "ceremony": ceremony, "from_side": seat.side.value, "from_seat": seat.number}
    db.execute(insert(ReleaseRow), [{**origin, "to_seat": to, "envelope": envelope} for to, envelope in sealed.items()])


def forget_releases(db: Session, ceremony: CeremonyId) -> int:
    """Delete what was released for a ceremony; returns how many rows."""
    gone = db.execute(delete(ReleaseRow).where(ReleaseRow.ceremony == ceremony))
    return cast(CursorResult[Any], gone).rowcount


def destroy(db: Session, board: BoardId) -> None:
    """Destroy a board's envelopes, their leaves, seats and releases: it can never be opened again.

    Once the board is cancelled or archived: until then the database refuses to let go of the leaves.
    """
    for table in (EnvelopeRow, LodgedLeafRow, SeatRow, ReleaseRow):
        db.execute(delete(table).where(table.board == board))


def _place(board: BoardId, seat: Seat) -> dict[str, Any]:
    return {"board": board, "side": seat.side.value, "seat_no": seat.number, "keyholder": seat.keyholder}


def _forget(db: Session, account: AccountId) -> None:
    mine = (KeyholderRow.account == account) & (KeyholderRow.state == "enrolled")
    keys = select(KeyholderRow.id).where(mine)
    db.execute(delete(SlotRow).where(SlotRow.keyholder.in_(keys)))
    db.execute(delete(KeyholderRow).where(mine))
