"""What the founding of a vault writes into the board's log, and how it is read back: the truth about keys. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from panel.audit.entry import Entry
from panel.board.lifecycle import Stage
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId, KeyholderId
from panel.named.unsealing.ceremony import LoggedSeat
from panel.sealed.vault.envelope import FORMAT
from panel.sealed.vault.opening import Unsound, Vault
from panel.sealed.vault.sharing import Seat, Sharing, Side

KIND = Stage.OPEN.entry


@dataclass(frozen=True)
class Founding:
    """A board's key as it was founded: the vault's public facts, who sits where, and the key that signs heads."""

    vault: Vault
    seats: tuple[LoggedSeat, ...]
    log_key: bytes

    def facts(self) -> dict[str, Json]:
        """The facts of the entry."""
        return {
            "board_key": self.vault.public_key.hex(),
            "format": FORMAT,
            "k": self.vault.sharing.k,
            "log_key": self.log_key.hex(),
            "n": self.vault.sharing.n,
            "pieces": {side.value: [each.hex() for each in known] for side, known in self.vault.commitments.items()},
            "policy_digest": self.vault.policy_digest.hex(),
            "seats": [_seat(each) for each in self.seats],
        }

    @classmethod
    def read(cls, board: BoardId, entries: Iterable[Entry]) -> "Founding":
        """Read the founding back from a board's log. Raises Unsound (C2) if it is not there in its form."""
        found: list[Mapping[str, Any]] = [entry.facts for entry in entries if entry.kind == KIND]
        if len(found) != 1:
            raise Unsound("C2")
        try:
            seats = tuple(_logged(each) for each in found[0]["seats"])
            return cls(_vault(board, found[0]), seats, bytes.fromhex(found[0]["log_key"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Unsound("C2") from error


def _vault(board: BoardId, facts: Mapping[str, Any]) -> Vault:
    return Vault(
        board=board,
        policy_digest=bytes.fromhex(facts["policy_digest"]),
        public_key=bytes.fromhex(facts["board_key"]),
        sharing=Sharing(facts["k"], facts["n"]),
        commitments={Side(side): tuple(map(bytes.fromhex, known)) for side, known in facts["pieces"].items()},
    )


def _seat(each: LoggedSeat) -> dict[str, Json]:
    seat = each.seat
    return {
        "side": seat.side.value,
        "seat": seat.number,
        "keyholder": str(seat.keyholder),
        "fingerprint": each.fingerprint.hex(),
    }


def _logged(facts: Mapping[str, Any]) -> LoggedSeat:
    seat = Seat(Side(facts["side"]), facts["seat"], KeyholderId.parse(facts["keyholder"]))
    return LoggedSeat(seat, bytes.fromhex(facts["fingerprint"]))
