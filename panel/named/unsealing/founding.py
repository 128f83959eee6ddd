"""What founding a vault and handing its seats over write into the board's log, and how it is read back. Pure.

This is the truth about keys: whose seat it is and which key may receive a share is what the log says last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from panel.audit.entry import Entry
from panel.board.lifecycle import Stage
from panel.kernel.encoding import Json
from panel.kernel.errors import Malformed
from panel.kernel.ids import BoardId, KeyholderId, MarkerId
from panel.named.unsealing.ceremony import LoggedSeat
from panel.sealed.vault.envelope import FORMAT
from panel.sealed.vault.opening import Unsound, Vault
from panel.sealed.vault.sharing import Seat, Sharing, Side

KIND = Stage.OPEN.entry
HANDED_OVER: Final = "seat.handed_over"


@dataclass(frozen=True)
class Founding:
    """A board's key as it was founded: the vault's public facts, and the key that signs heads; and who sits where.

    Written, `seats` are those of the founding; read back, those that stand after every hand-over since.
    """

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
        """Read the founding and every hand-over since back from a board's log.

        Raises Unsound (C2) if one is not there in its form, or hands over a seat that was not the giver's.
        """
        entries = tuple(entries)
        found: list[Mapping[str, Any]] = [entry.facts for entry in entries if entry.kind == KIND]
        if len(found) != 1:
            raise Unsound("C2")
        try:
            seats = tuple(_logged(each) for each in found[0]["seats"])
            for entry in entries:
                seats = _after(entry.facts, seats) if entry.kind == HANDED_OVER else seats
            return cls(_vault(board, found[0]), seats, bytes.fromhex(found[0]["log_key"]))
        except (KeyError, TypeError, ValueError, Malformed) as error:
            raise Unsound("C2") from error


def ever_seated(entries: Iterable[Entry]) -> frozenset[KeyholderId]:
    """Every keyholder who was ever given a seat, at the founding or since. Raises Unsound (C2)."""
    found: list[tuple[str, Mapping[str, Any]]] = [(entry.kind, entry.facts) for entry in entries]
    try:
        given = [each for kind, facts in found if kind == KIND for each in facts["seats"]]
        given += [facts for kind, facts in found if kind == HANDED_OVER]
        return frozenset(_logged(each).seat.keyholder for each in given)
    except (KeyError, TypeError, ValueError, Malformed) as error:
        raise Unsound("C2") from error


def handed_over(now: LoggedSeat, before: KeyholderId, by: str, witness: MarkerId | None) -> dict[str, Json]:
    """The facts of a hand-over: whose seat and key it is now, whose it was, and how it came about."""
    how: dict[str, Json] = {"by": by, "witness": None if witness is None else str(witness)}
    return {**_seat(now), "from": str(before), **how}


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


def _after(facts: Mapping[str, Any], seats: tuple[LoggedSeat, ...]) -> tuple[LoggedSeat, ...]:
    """The seats once one of them has been handed over."""
    taken = _logged(facts)
    given = replace(taken.seat, keyholder=KeyholderId.parse(facts["from"]))
    if given not in {each.seat for each in seats}:
        raise Unsound("C2")
    return tuple(taken if each.seat == given else each for each in seats)


def _logged(facts: Mapping[str, Any]) -> LoggedSeat:
    seat = Seat(Side(facts["side"]), facts["seat"], KeyholderId.parse(facts["keyholder"]))
    return LoggedSeat(seat, bytes.fromhex(facts["fingerprint"]))
