"""What several operations look at alike before a share is used, and how they log a refusal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.audit import heads
from panel.audit import queries as audit
from panel.audit.service import append
from panel.board.lifecycle import Stage
from panel.board.service import hold, take
from panel.kernel.clock import today
from panel.kernel.errors import Refused
from panel.named.unsealing.ceremony import (
    Act,
    Ceremony,
    Standing,
    check_current,
    check_exceptions,
    check_log,
    check_words,
    demand_occasion,
)
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Custody, Room, logged
from panel.named.unsealing.founding import Founding
from panel.named.unsealing.queries import open_ceremony, standing
from panel.sealed.vault.envelope import KeyPair
from panel.sealed.vault.opening import Unsound, Vault, board_key, refusal
from panel.sealed.vault.sharing import Seat, Share, Side


class NoCeremony(Refused):
    """Nobody has opened a ceremony, or it has ended."""

    sentence = "No ceremony is open for this board."


class AlreadyUnsealed(Refused):
    """Another custodian finished first."""

    sentence = "The names of this board are open already."


@dataclass(frozen=True)
class Ready:
    """A running ceremony whose log and seats agree, held until the transaction ends."""

    ceremony: Ceremony
    standing: Standing
    custody: Custody


def ready(db: Session, room: Room, request: Request, act: Act) -> Ready:
    """Hold board and ceremony, and check words, numbers set aside, turn, C1, C2 and C4.

    Raises AlreadyUnsealed, NoCeremony, OtherCeremony, WrongWords, WrongNumbers, NoSeat, PanelFirst, AlreadyReleased and
    Unsound.
    """
    # finishing moves the stage, so it takes the board's lock alone from the start
    board = (take if act is Act.FINISH else hold)(db, request.board)
    ceremony = open_ceremony(db, request.board, lock=True)
    if ceremony is None:
        raise AlreadyUnsealed if board.stage.reached(Stage.UNSEALED) else NoCeremony
    demand_occasion(ceremony, request.occasion)
    check_words(ceremony.marks_root, request.words)
    check_exceptions(ceremony.exceptions, request.exceptions)
    entries = logged(db, request.board)
    log = check_heads(db, room, Founding.read(request.board, entries))
    check_log(ceremony, sound=log.sound, faulty=log.faulty, signed=log.signed)
    check_current(ceremony, today(), stage=board.stage, entries=entries)
    custody = Custody.of(db, request)
    stands = standing(db, request.board, ceremony)
    stands.demand(custody.mine.seat, act)
    return Ready(ceremony, stands, custody)


def joined(vault: Vault, shares: Mapping[Seat, Share]) -> KeyPair:
    """C5: the board's key, from the shares of enough custodians and of one of the panel. Raises Unsound."""
    custodians = [share for seat, share in shares.items() if seat.side is Side.HR]
    panel = [share for seat, share in shares.items() if seat.side is Side.PANEL]
    if not panel or len(custodians) < vault.sharing.k:
        raise Unsound("C5")
    return board_key(vault, custodians, panel[0])


@dataclass(frozen=True)
class CheckedLog:
    """A board's log built anew: whether it agrees with itself, the heads that are not ours, and every head's root."""

    sound: bool
    faulty: tuple[int, ...]
    signed: Mapping[int, bytes]


def check_heads(db: Session, room: Room, founding: Founding) -> CheckedLog:
    """Build the log anew and look at every signed head."""
    board = founding.vault.board
    signed = audit.signed_heads(db, board)
    faulty = heads.faulty(board, signed, founding.log_key, room.signer.public)
    return CheckedLog(audit.rebuild(db, board).sound, faulty, {head.size: head.root for head in signed})


@contextmanager
def refusing(room: Room, request: Request, kind: str = "unseal.refused") -> Iterator[None]:
    """Log a refusal after its transaction was undone: the check and the numbers, never a name; nothing else."""
    try:
        yield
    except Unsound as error:
        with room.database.writing() as db:
            append(db, request.board, kind, request.actor, request.role, refusal(error))
        raise


def refuse_sitting(room: Room, request: Request, seat: Seat | str) -> None:
    """Log whose passphrase was wrong where several people typed theirs, so that guessing at others is seen."""
    with room.database.writing() as db:
        append(db, request.board, "sitting.refused", request.actor, request.role, {"seats": [str(seat)]})
