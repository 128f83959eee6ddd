"""What releasing and finishing both look at before a share is used: the ceremony, the log and the seats."""

from collections.abc import Iterator
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
from panel.named.unsealing.ceremony import Act, Ceremony, Standing, check_current, check_log, check_words
from panel.named.unsealing.founding import Founding
from panel.named.unsealing.queries import open_ceremony, standing
from panel.named.unsealing.request import Request
from panel.named.unsealing.room import Custody, Room, logged
from panel.sealed.vault.opening import Unsound, refusal


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
    """Hold board and ceremony, and check words, turn, C1, C2 and C4.

    Raises AlreadyUnsealed, NoCeremony, WrongWords, NoSeat, PanelFirst, AlreadyReleased and Unsound.
    """
    # finishing moves the stage, so it takes the board's lock alone from the start
    board = (take if act is Act.FINISH else hold)(db, request.board)
    if board.stage.reached(Stage.UNSEALED):
        raise AlreadyUnsealed
    ceremony = open_ceremony(db, request.board, lock=True)
    if ceremony is None:
        raise NoCeremony
    check_words(ceremony.marks_root, request.words)
    entries = logged(db, request.board)
    _check_log(db, room, ceremony, Founding.read(request.board, entries).log_key)
    check_current(ceremony, today(), locked=board.stage is Stage.LOCKED, entries=entries)
    custody = Custody.of(db, request)
    stands = standing(db, request.board, ceremony)
    stands.demand(custody.mine.seat, act)
    return Ready(ceremony, stands, custody)


def _check_log(db: Session, room: Room, ceremony: Ceremony, log_key: bytes) -> None:
    signed = audit.signed_heads(db, ceremony.board)
    faulty = heads.faulty(ceremony.board, signed, log_key, room.signer.public)
    replayed = audit.rebuild(db, ceremony.board)
    check_log(ceremony, sound=replayed.sound, faulty=faulty, signed={head.size: head.root for head in signed})


@contextmanager
def refusing(room: Room, request: Request) -> Iterator[None]:
    """Log a refusal after its transaction was undone: the check and the numbers, never a name; nothing else."""
    try:
        yield
    except Unsound as error:
        with room.database.writing() as db:
            append(db, request.board, "unseal.refused", request.actor, request.role, refusal(error))
        raise
