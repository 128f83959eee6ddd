"""A keyholder's own key: made, proved, and locked anew after a forgotten passphrase."""

import secrets

from panel.audit.service import append
from panel.kernel.encoding import Json
from panel.kernel.ids import SYSTEM, KeyholderId
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Custody, Room
from panel.sealed.vault import service
from panel.sealed.vault.custody import Kind, RecoveryCode, WrongSecret, lock, new_passphrase
from panel.sealed.vault.envelope import SEED, KeyPair, fingerprint
from panel.sealed.vault.opening import own_share

Answer = dict[str, Json]


def enrol(room: Room, request: Request) -> Answer:
    """Draw a key, lock it behind a new passphrase and a recovery code; both are shown once. Raises AlreadyEnrolled."""
    keyholder, seed = KeyholderId.new(), secrets.token_bytes(SEED)
    pair, passphrase, code = KeyPair.from_seed(seed), new_passphrase(), RecoveryCode.new()
    slots = [
        lock(keyholder, kind, secret, seed=seed, profile=room.profile, pepper=room.pepper)
        for kind, secret in ((Kind.PASSPHRASE, passphrase.encode("ascii")), (Kind.RECOVERY, code.raw))
    ]
    with room.database.writing() as db:
        service.enrol(db, request.account, keyholder, pair.public, slots)
        facts: Answer = {"keyholder": str(keyholder), "fingerprint": fingerprint(pair.public).hex()}
        append(db, SYSTEM, "keyholder.enrolled", request.actor, request.role, facts)
    return {"passphrase": passphrase, "recovery": code.grouped, "fingerprint": fingerprint(pair.public).hex()}


def prove(room: Room, request: Request) -> Answer:
    """Prove one's key: by both slots, or for a board by opening the share of one's seat against the commitments.

    Raises what unlocking raises, and Unsound (C2, C4, C5).
    """
    return _prove_seat(room, request) if request.board != SYSTEM else _prove_both(room, request)


def renew(room: Room, request: Request) -> Answer:
    """A forgotten passphrase: the recovery code makes a new one, shown once; no board is touched."""
    holder, seed = room.seed(request.account, Kind.RECOVERY, request.recovery)
    passphrase = new_passphrase()
    slot = lock(
        holder.id,
        Kind.PASSPHRASE,
        passphrase.encode("ascii"),
        seed=seed,
        profile=room.profile,
        pepper=room.pepper,
    )
    with room.database.writing() as db:
        service.keep_slot(db, slot)
        append(db, SYSTEM, "keyholder.renewed", request.actor, request.role, {"keyholder": str(holder.id)})
    return {"passphrase": passphrase, "fingerprint": holder.fingerprint.hex()}


def _prove_both(room: Room, request: Request) -> Answer:
    holder, seed = room.seed(request.account, Kind.PASSPHRASE, request.passphrase)
    _, same = room.seed(request.account, Kind.RECOVERY, request.recovery)
    if not secrets.compare_digest(seed, same):
        raise WrongSecret
    with room.database.writing() as db:
        service.mark_proved(db, holder.id)
        append(db, SYSTEM, "keyholder.proved", request.actor, request.role, {"keyholder": str(holder.id)})
    return {}


def _prove_seat(room: Room, request: Request) -> Answer:
    _, pair = room.pair(request)
    with room.database.writing() as db:
        custody = Custody.of(db, request)
        seat = custody.mine.seat
        own_share(pair, custody.founding.vault, seat, custody.mine.share_envelope)
        service.mark_seat_proved(db, request.board, seat)
        facts: Answer = {"side": seat.side.value, "seat": seat.number}
        append(db, request.board, "seat.proved", request.actor, request.role, facts)
    return {}
