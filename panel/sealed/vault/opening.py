"""From shares to the board seed, and from the board seed to every identity, or the check that failed. Pure.

Checks C5, C7 and C8 of the ceremony live here, because they are about keys and envelopes alone.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import AccountId, BoardId, Number, SubmissionRef
from panel.sealed.vault.envelope import KeyPair, Unopenable, identity_info, unseal
from panel.sealed.vault.identity import Identity, NotIdentity
from panel.sealed.vault.sharing import Disagreement, Seat, Share, Sharing, Side, TooFew, commit, decode, xor

#: The pieces of each side, by index, as commitments in the log.
Commitments = Mapping[Side, tuple[bytes, ...]]

#: The panel's half of the board seed is held whole: one piece, index 0.
WHOLE: Final = 0


class Unsound(Refused):
    """A check refused the opening: which one, and the numbers or seats it is about; never a name."""

    sentence = "The names were not opened: a check failed."

    def __init__(self, check: str, numbers: Iterable[int] = (), seats: Iterable[str] = ()) -> None:
        self.check = check
        self.numbers = tuple(sorted(numbers))
        self.seats = tuple(seats)
        super().__init__(WHY[check])


#: What each check says when it refuses, in words that name nobody.
WHY: Final[Mapping[str, str]] = {
    "C1": "The ceremony is not open for these locked marks, or it was overtaken by a change.",
    "C2": "The board's log does not agree with its signed heads.",
    "C3": "The marks are not the ones that were locked, or a change of them is not in the log.",
    "C4": "A keyholder's key is not the one in the log.",
    "C5": "A share is not the one that was made when the board opened.",
    "C6": "The submissions or the roll are not the ones that were there at the close.",
    "C7": "An envelope does not open, does not belong to its submission, or is sound and was set aside.",
    "C8": "The people in the envelopes are not the people on the roll.",
    "C9": "The number of submissions or envelopes is not the number at the close.",
    "C10": "The names are not the ones that were opened before.",
}


@dataclass(frozen=True)
class Vault:
    """What the founding wrote into the log about one board's key."""

    board: BoardId
    policy_digest: bytes
    public_key: bytes
    sharing: Sharing
    commitments: Commitments


@dataclass(frozen=True)
class SealedRow:
    """One envelope beside what the blind side says of its submission."""

    ref: SubmissionRef
    number: Number
    answers_digest: bytes
    format: int
    sealed: bytes


@dataclass(frozen=True)
class Opened:
    """One identity that opened and agrees with its submission; `plaintext` is what was sealed."""

    number: Number
    identity: Identity
    plaintext: bytes


def own_share(pair: KeyPair, vault: Vault, seat: Seat, sealed: bytes) -> dict[int, bytes]:
    """Open the share that lies in one's own seat. Raises Unsound (C5)."""
    return open_share(pair, vault, seat, seat.info(vault.board, vault.policy_digest), sealed)


def open_share(pair: KeyPair, vault: Vault, seat: Seat, info: bytes, sealed: bytes) -> dict[int, bytes]:
    """Open a share of `seat`, as it lies there or as it was released to us, and hold it against the commitments.

    Raises Unsound (C5, naming the seat).
    """
    try:
        share = decode(unseal(pair, info, sealed))
    except (Unopenable, Disagreement) as error:
        raise Unsound("C5", seats=[str(seat)]) from error
    if not _as_committed(vault, seat, share):
        raise Unsound("C5", seats=[str(seat)])
    return share


def _as_committed(vault: Vault, seat: Seat, share: Share) -> bool:
    wanted = (WHOLE,) if seat.side is Side.PANEL else vault.sharing.held_by(seat.number)
    known = vault.commitments[seat.side]
    return tuple(sorted(share)) == wanted and all(
        secrets.compare_digest(commit(vault.board, seat.side, index, piece), known[index])
        for index, piece in share.items()
    )


def board_key(vault: Vault, custodians: Iterable[Share], panel: Share) -> KeyPair:
    """The board's key pair from k custodians' shares and the panel's. Raises Unsound (C5)."""
    try:
        seed = xor(vault.sharing.combine(custodians), panel[WHOLE])
    except (TooFew, Disagreement, KeyError) as error:
        raise Unsound("C5") from error
    pair = KeyPair.from_seed(seed)
    if not secrets.compare_digest(pair.public, vault.public_key):
        raise Unsound("C5")
    return pair


def identities(
    pair: KeyPair, vault: Vault, rows: Iterable[SealedRow], tell: Callable[[int], None] = lambda _tried: None
) -> tuple[Opened, ...]:
    """Every identity, by number; `tell` hears how many have been tried.

    Raises Unsound (C7) with all the numbers that do not open or do not agree.
    """
    opened, spoilt = [], []
    for tried, row in enumerate(sorted(rows, key=lambda row: row.number), start=1):
        tell(tried)
        found = _open_identity(pair, vault, row)
        if found is None:
            spoilt.append(row.number)
        else:
            opened.append(found)
    if spoilt:
        raise Unsound("C7", spoilt)
    return tuple(opened)


def those_that_open(pair: KeyPair, vault: Vault, rows: Iterable[SealedRow]) -> tuple[Opened, ...]:
    """The identities among `rows` that open and agree; the others are left out."""
    return tuple(found for row in rows if (found := _open_identity(pair, vault, row)) is not None)


def compare_people(
    opened: Iterable[Opened], roll: Iterable[AccountId], unopened: int = 0, aside: Iterable[Opened] = ()
) -> None:
    """The accounts inside are those on the roll, none twice, but for as many as have an `unopened` envelope.

    `aside`: what opens of the envelopes set aside: of two that hold one person, neither hides the other.
    Raises Unsound (C8) with the numbers concerned.
    """
    opened, aside, wanted = tuple(opened), tuple(aside), set(roll)
    times = Counter(one.identity.account for one in opened)
    held = times + Counter(one.identity.account for one in aside)
    odd = [o.number for o in opened if held[o.identity.account] > 1 or o.identity.account not in wanted]
    odd += [a.number for a in aside if a.identity.account in times]
    if odd or len(wanted - times.keys()) != unopened:
        raise Unsound("C8", odd)


def refusal(error: Unsound) -> dict[str, Json]:
    """What the log keeps of a refusal: the check, numbers and seats."""
    return {"check": error.check, "numbers": list(error.numbers), "seats": list(error.seats)}


def _open_identity(pair: KeyPair, vault: Vault, row: SealedRow) -> Opened | None:
    info = identity_info(vault.board, row.ref, vault.policy_digest, row.answers_digest)
    try:
        plaintext = unseal(pair, info, row.sealed, row.format)
        identity = Identity.read(plaintext)
    except (Unopenable, NotIdentity):
        return None
    says = (identity.board, identity.ref, identity.content)
    return Opened(row.number, identity, plaintext) if says == (vault.board, row.ref, row.answers_digest) else None
