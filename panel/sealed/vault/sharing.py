"""A secret shared any k of n by XOR alone (replicated sharing), with a public commitment to every piece. Pure.

One piece belongs to every set of k−1 seats, and is held by the seats outside that set: so k−1 seats miss exactly the
piece named after them, and k seats miss none.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import combinations
from typing import Final, TypeAlias

from panel.kernel.encoding import context, digest
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId, CeremonyId, KeyholderId

PIECE: Final = 32
MOST_SEATS: Final = 7

#: What a seat holds: piece index → 32 bytes.
Share: TypeAlias = Mapping[int, bytes]


class Side(StrEnum):
    """Which of the two keys a seat turns: any k of n custodians, or any one of the panel."""

    HR = "hr"
    PANEL = "panel"


class TooFew(Refused):
    """The shares at hand lack a piece."""

    sentence = "Not enough seats have released their share."


class Disagreement(Refused):
    """Two seats hold different bytes for one piece, or a share is not in its form."""

    sentence = "The shares do not agree with each other."


@dataclass(frozen=True)
class Sharing:
    """Any `k` of `n` seats, numbered from 1. A vault asks 2 ≤ k < n ≤ 7; the arithmetic holds for 1 ≤ k ≤ n."""

    k: int
    n: int

    def __post_init__(self) -> None:
        if not 1 <= self.k <= self.n <= MOST_SEATS:
            raise ValueError("k of n seats needs 1 ≤ k ≤ n ≤ 7")

    @property
    def sets(self) -> tuple[tuple[int, ...], ...]:
        """The sets of k−1 seats in lexicographic order; their position is the piece index."""
        return tuple(combinations(range(1, self.n + 1), self.k - 1))

    def held_by(self, seat: int) -> tuple[int, ...]:
        """The indices of the pieces that a seat holds, ascending."""
        return tuple(index for index, absent in enumerate(self.sets) if seat not in absent)

    def split(self, secret: bytes, draw: Callable[[int], bytes] = secrets.token_bytes) -> tuple[bytes, ...]:
        """All pieces by index: random, but for the first, which makes their XOR equal the secret (32 bytes)."""
        if len(secret) != PIECE:
            raise ValueError("a shared secret has 32 bytes")
        drawn = [draw(PIECE) for _ in self.sets[1:]]
        return (xor(secret, *drawn), *drawn)

    def share(self, pieces: tuple[bytes, ...], seat: int) -> dict[int, bytes]:
        """One seat's share of the pieces."""
        return {index: pieces[index] for index in self.held_by(seat)}

    def combine(self, shares: Iterable[Share]) -> bytes:
        """The secret. Raises TooFew, and Disagreement if two shares differ in a piece that both hold."""
        found: dict[int, bytes] = {}
        for share in shares:
            for index, piece in share.items():
                if not secrets.compare_digest(found.setdefault(index, piece), piece):
                    raise Disagreement
        if set(found) != set(range(len(self.sets))):
            raise TooFew
        return xor(*found.values())


def xor(*parts: bytes) -> bytes:
    """Bytewise XOR of parts of 32 bytes."""
    total = reduce(lambda left, right: left ^ right, (int.from_bytes(part, "big") for part in parts))
    return total.to_bytes(PIECE, "big")


def encode(share: Share) -> bytes:
    """A share as sealed: per piece, ascending, an index byte and 32 bytes."""
    return b"".join(bytes([index]) + share[index] for index in sorted(share))


def decode(data: bytes) -> dict[int, bytes]:
    """Read what `encode` wrote. Raises Disagreement."""
    rows = [data[start : start + PIECE + 1] for start in range(0, len(data), PIECE + 1)]
    share = {row[0]: row[1:] for row in rows}
    if not rows or any(len(row) != PIECE + 1 for row in rows) or encode(share) != data:
        raise Disagreement
    return share


def commit(board: BoardId, side: Side, index: int, piece: bytes) -> bytes:
    """The public commitment to a piece: SHA-256, in the log from the founding."""
    return digest(context(b"panel/piece/v1", board, side.encode("ascii"), bytes([index]), piece))


def seat_bytes(seat: int) -> bytes:
    """A seat number as contexts bind it: big-endian u16."""
    return seat.to_bytes(2, "big")


@dataclass(frozen=True)
class Seat:
    """A place in a board's custody. Custodians sit on 1 … n of side `hr`, the chair and deputies on side `panel`."""

    side: Side
    number: int
    keyholder: KeyholderId

    def __str__(self) -> str:
        return f"{self.side} {self.number}"

    def info(self, board: BoardId, policy_digest: bytes) -> bytes:
        """The context of the share that lies in this seat."""
        place = (self.side.encode("ascii"), seat_bytes(self.number))
        return context(b"panel/share/v1", board, *place, self.keyholder, policy_digest)


@dataclass(frozen=True)
class Purpose:
    """What a release consents to: one ceremony over these locked marks and this log, setting aside these numbers."""

    board: BoardId
    ceremony: CeremonyId
    marks_root: bytes
    head_root: bytes
    exceptions_digest: bytes

    def info(self, side: Side, from_seat: int, to_seat: int) -> bytes:
        """The context of one release, from a seat on `side` to a custodian's."""
        seats = (seat_bytes(from_seat), seat_bytes(to_seat))
        fixed = (self.board, self.ceremony, self.marks_root, self.head_root, self.exceptions_digest)
        return context(b"panel/release/v1", *fixed, side.encode("ascii"), *seats)
