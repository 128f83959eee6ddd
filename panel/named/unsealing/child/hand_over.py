"""A seat passes to a successor: the leaver's share, opened by her key, is sealed to the logged key of the next.

One share moves and none is combined, so this takes no quorum and opens nothing.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from panel.access.queries import holders, person_of
from panel.access.roles import KEYHOLDERS, Role
from panel.audit.heads import sign_head
from panel.audit.service import append
from panel.board import duties
from panel.board.duties import Part
from panel.board.lifecycle import Stage
from panel.board.service import take
from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId, BoardId, KeyholderId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.setup import appointing
from panel.named.setup.queries import parts_of
from panel.named.unsealing.ceremony import LoggedSeat
from panel.named.unsealing.child.checks import refuse_sitting
from panel.named.unsealing.child.logged_keys import demand_logged
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Custody, Room
from panel.named.unsealing.custody_queries import Waiting, demand_first_seat, waiting
from panel.named.unsealing.ending import overtake
from panel.named.unsealing.founding import HANDED_OVER, handed_over
from panel.named.unsealing.reach import SEATED
from panel.sealed.vault import queries, service
from panel.sealed.vault.custody import Kind, WrongSecret
from panel.sealed.vault.envelope import KeyPair, seal
from panel.sealed.vault.opening import own_share
from panel.sealed.vault.queries import Keyholder
from panel.sealed.vault.sharing import Side, encode


class NotSuccessor(Invalid):
    """Only somebody whom HR appointed for that side, and who has a proved key and no seat, takes one."""

    sentence = "This person has not been appointed to take this seat, or has not proved their key"


class NotWitness(Invalid):
    """A hand-over without the leaver needs a second keyholder of the board, who is nobody else in it."""

    sentence = "Select another keyholder of this board: not the one who has left, not the successor, and not yourself"


@dataclass(frozen=True)
class _Leaving:
    """Whose seat it is, by whose key it opens, and how that came about."""

    account: AccountId
    pair: KeyPair
    by: str
    witness: AccountId | None = None


def hand_over(room: Room, request: Request) -> dict[str, Json]:
    """A keyholder gives her seat to a successor, by her own passphrase.

    Raises what unlocking raises, WrongStage, NotSuccessor, SeatedBefore, DutiesApart, KeyNotLogged, NoSeat, and Unsound
    (C2, C4, C5).
    """
    _, pair = room.pair(request)
    return _pass_on(room, request, _Leaving(request.account, pair, "leaver"))


def recover(room: Room, request: Request) -> dict[str, Json]:
    """The same without her: by her recovery code, typed by HR before a witness, who types a passphrase of her own.

    The witness goes first, so that a code found by one person alone is not even tried. Raises NotWitness too.
    """
    _check_witness(room, request)
    _hear_witness(room, request)
    _, seed = room.seed(request.leaver, Kind.RECOVERY, request.recovery)
    return _pass_on(room, request, _Leaving(request.leaver, KeyPair.from_seed(seed), "recovery", request.witness))


def _hear_witness(room: Room, request: Request) -> None:
    try:
        room.anothers(request.account, request.witness, request.passphrase)
    except WrongSecret:
        with room.database.reading() as db:
            seat = next(card.seat for card in queries.seats(db, request.board) if card.account == request.witness)
        refuse_sitting(room, request, seat)
        raise


def _check_witness(room: Room, request: Request) -> None:
    with room.database.reading() as db:
        keyholders = {card.account for card in queries.seats(db, request.board) if not card.lost}
    if request.witness not in keyholders - {request.leaver, request.account}:
        raise NotWitness
    if request.successor == request.account:
        raise NotSuccessor("You are to take this seat yourself, so somebody else of HR must hand it over to you")


def _pass_on(room: Room, request: Request, leaving: _Leaving) -> dict[str, Json]:
    with room.database.writing() as db:
        board = take(db, request.board, *SEATED)
        custody = Custody.of(db, replace(request, account=leaving.account))
        mine, vault = custody.mine, custody.founding.vault
        successor, key = _successor(db, request, mine.seat.side)
        share = encode(own_share(leaving.pair, vault, mine.seat, mine.share_envelope))
        seat = replace(mine.seat, keyholder=key.id)
        sealed = seal(key.public_key, seat.info(vault.board, vault.policy_digest), share)
        service.reseat(db, request.board, seat, sealed)
        overtake(db, request.board, request.actor, request.role)
        _pass_parts(db, request, leaving.account, successor, late=board.stage.reached(Stage.CLOSED))
        _log(db, request, leaving, LoggedSeat(seat, key.fingerprint), mine.seat.keyholder)
        sign_head(db, request.board, room.signer)
        _tell(db, request.board, leaving.account)
    return {}


def _successor(db: Session, request: Request, side: Side) -> tuple[Waiting, Keyholder]:
    """The person and her proved key, which must be the one in the log; duties apart are looked at again."""
    found = next((each for each in waiting(db, request.board, side) if each.account == request.successor), None)
    key = queries.keyholder_of(db, request.successor)
    if found is None or key is None or not found.ready:
        raise NotSuccessor
    demand_first_seat(db, request.board, found.account)
    demand_logged(db, [key])
    if duties.clashes(parts_of(db, request.board, found.account)):
        raise duties.DutiesApart
    return found, key


def _pass_parts(db: Session, request: Request, leaver: AccountId, successor: Waiting, *, late: bool) -> None:
    """The leaver's part in custody ends with her seat, and is the successor's from now on; `late`: after the close."""
    held = [each.role for each in holders(db, request.board, *KEYHOLDERS) if each.account == leaver]
    by = (request.actor, request.role, request.board)
    for role in held:
        appointing.end(db, *by, leaver, Part(role.value))
    appointing.end(db, *by, successor.account, Part(successor.role.value))
    leads = Part.CHAIR if Role.CHAIR in held else Part.DEPUTY
    appointing.give(db, *by, successor.account, Part.CUSTODIAN if successor.side is Side.HR else leads, late=late)


def _log(db: Session, request: Request, leaving: _Leaving, now: LoggedSeat, before: KeyholderId) -> None:
    witness = None if leaving.witness is None else person_of(db, leaving.witness)
    facts = handed_over(now, before, leaving.by, witness)
    append(db, request.board, HANDED_OVER, request.actor, request.role, facts)


def _tell(db: Session, board: BoardId, leaver: AccountId) -> None:
    post(db, {leaver, *(each.account for each in holders(db, board, Role.HR, *KEYHOLDERS))}, Letter.CHANGED)
