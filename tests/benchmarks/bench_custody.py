"""Custody: what a passphrase costs a guesser, and what founding, releasing and finishing cost beside it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from panel.audit.merkle import leaf, root
from panel.board.policy import Custody
from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, Number, SubmissionRef
from panel.named.unsealing import reveal
from panel.named.unsealing.child import found
from panel.sealed.vault.custody import REHEARSAL, STANDARD, Kind, Profile, Slot, lock, unlock
from panel.sealed.vault.envelope import KeyPair, identity_info, seal
from panel.sealed.vault.identity import Identity
from panel.sealed.vault.opening import Opened, SealedRow, Vault, board_key, identities, open_share, own_share
from panel.sealed.vault.sharing import Purpose, Seat, Side, encode
from tests.benchmarks.large_record import rules
from tests.benchmarks.table import Row
from tests.benchmarks.timing import beside, micro, once

SLOWEST: Final = 0.3
_NAMES: Final = 500
_LEAVES: Final = 10_000
LEAF: Final = 2e-6
#: Two microseconds where a bare hash takes two thirds of one.
_HASHES: Final = 3
BOARD: Final = BoardId(bytes(16))
_PURPOSE: Final = Purpose(BOARD, CeremonyId(b"\x01" * 16), b"\x02" * 32, b"\x03" * 32, b"\x04" * 32)
_SEATS: Final = (
    *(Seat(Side.HR, n, KeyholderId(bytes([n]) * 16)) for n in range(1, 6)),
    *(Seat(Side.PANEL, n, KeyholderId(bytes([n + 8]) * 16)) for n in (1, 2)),
)


def rows() -> Iterator[Row]:
    """Argon2id, then the verbs in one process, then the tree."""
    for profile in (STANDARD, REHEARSAL):
        seconds = min(once(lambda profile=profile: _unlocked(profile)) for _ in range(3))
        slow = seconds >= SLOWEST if profile is STANDARD else None
        bar = f"at least {SLOWEST * 1e3:.0f} ms" if profile is STANDARD else ""
        yield Row(f"Argon2id, {profile.name}", micro(seconds), bar, slow)
    yield from _verbs()
    yield _tree()


_SLOTS: Final[dict[str, Slot]] = {}


def _unlocked(profile: Profile) -> bytes:
    made = {"seed": bytes(32), "profile": profile, "pepper": bytes(32)}
    if profile.name not in _SLOTS:
        _SLOTS[profile.name] = lock(_SEATS[0].keyholder, Kind.PASSPHRASE, b"words", **made)
    return unlock(_SLOTS[profile.name], b"words", bytes(32), profile)


def _verbs() -> Iterator[Row]:
    pairs = {seat: KeyPair.from_seed(bytes(seat.keyholder) * 2) for seat in _SEATS}

    def founded() -> tuple[Vault, dict[Seat, bytes]]:
        policy = replace(rules(), custody=Custody(3, 5))
        split = found._split(BOARD, policy, _SEATS)
        sealed = {
            seat: seal(pairs[seat].public, seat.info(BOARD, policy.digest), encode(split.shares[seat]))
            for seat in _SEATS
        }
        return split.vault, sealed

    vault, shares = founded()
    giver = _SEATS[0]

    def released() -> dict[Seat, bytes]:
        share = encode(own_share(pairs[giver], vault, giver, shares[giver]))
        others = [seat for seat in _SEATS if seat.side is Side.HR and seat is not giver]
        info = {seat: _PURPOSE.info(giver.side, giver.number, seat.number) for seat in others}
        return {seat: seal(pairs[seat].public, info[seat], share) for seat in others}

    taker = _SEATS[3]
    to_taker = {
        seat: seal(
            pairs[taker].public,
            _PURPOSE.info(seat.side, seat.number, taker.number),
            encode(own_share(pairs[seat], vault, seat, shares[seat])),
        )
        for seat in (_SEATS[0], _SEATS[1], _SEATS[5])
    }
    lodged = [_lodged(vault, n) for n in range(_NAMES)]

    def finished() -> tuple[Opened, ...]:
        given = {
            seat: open_share(pairs[taker], vault, seat, _PURPOSE.info(seat.side, seat.number, taker.number), sealed)
            for seat, sealed in to_taker.items()
        }
        own = own_share(pairs[taker], vault, taker, shares[taker])
        custodians = [own, *(share for seat, share in given.items() if seat.side is Side.HR)]
        names = identities(board_key(vault, custodians, given[_SEATS[5]]), vault, lodged)
        assert len([reveal.keep(bytes(32), BOARD, one) for one in names]) == _NAMES
        return names

    times = beside(founded, released, finished, rounds=5, each=1)
    for what, seconds in zip(("found 3 of 5", "release", f"finish {_NAMES}"), times, strict=True):
        yield Row(f"{what}, in the process", micro(seconds))


def _lodged(vault: Vault, n: int) -> SealedRow:
    account, ref, content = (
        AccountId(n.to_bytes(16, "big")),
        SubmissionRef(n.to_bytes(16, "big")),
        n.to_bytes(32, "big"),
    )
    who = Identity(account, BOARD, content, f"{n}@force.example", f"Candidate {n}", ref, str(n))
    sealed = seal(vault.public_key, identity_info(BOARD, ref, vault.policy_digest, content), who.plaintext())
    return SealedRow(ref, Number(100_000 + n), content, 1, sealed)


def _tree() -> Row:
    leaves = [leaf(n.to_bytes(8, "big")) for n in range(_LEAVES)]
    ours, bare = beside(lambda: root(leaves), lambda: [leaf(b"\x00" * 64) for _ in leaves], rounds=5, each=1)
    each, hashed = ours / _LEAVES, bare / _LEAVES
    said = f"{each * 1e6:.2f} µs a leaf, {each / hashed:.1f} bare hashes of {hashed * 1e6:.2f} µs"
    bar = f"at most {LEAF * 1e6:.0f} µs, or {_HASHES} hashes"
    return Row("Merkle root", said, bar, each <= LEAF or each <= _HASHES * hashed)
