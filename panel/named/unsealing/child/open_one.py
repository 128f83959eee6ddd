"""One envelope opened early, in one sitting: the board's key lives here for a moment, and nothing is released."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from panel.audit.heads import sign_head
from panel.audit.service import append
from panel.blind.marking.setting_aside import set_aside
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import UNOPENED
from panel.board.service import hold, take
from panel.kernel import keyfiles
from panel.kernel.encoding import Json
from panel.kernel.errors import Malformed
from panel.kernel.ids import AccountId, Number, OpeningId
from panel.named.intake import queries as intake
from panel.named.unsealing import early
from panel.named.unsealing.ceremony import check_seats
from panel.named.unsealing.child.checks import check_heads, joined, refuse_sitting, refusing
from panel.named.unsealing.child.lodged import Lodged
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Custody, Room
from panel.named.unsealing.ending import overtake
from panel.named.unsealing.sitting import (
    NoSuchNumber,
    NotEnough,
    SetAsideAlready,
    Sitting,
    WrongAtSitting,
    reason_digest,
)
from panel.sealed.vault import queries
from panel.sealed.vault.custody import Kind, NotWords, WrongSecret, read_secret
from panel.sealed.vault.envelope import KeyPair, fingerprint
from panel.sealed.vault.opening import Opened, Unsound, identities, own_share


def open_one(room: Room, request: Request) -> dict[str, Json]:
    """Open one envelope, set its submission aside for good, and keep the name for the custodian who asked.

    Checked are C2, C4, C5, and C6 to C9 as far as they are about this one submission: the marks may still move, so
    there is no root to bind to, and none of it can open a second envelope. Raises WrongStage, NoSeat, NotEnough,
    WrongAtSitting, TooManyAttempts, TooManyWrong, NoSuchNumber, SetAsideAlready, and Unsound, which is logged
    and changes nothing.
    """
    pairs = _unlocked(room, request, Sitting.from_json(request.sitting))
    with refusing(room, request, "early.refused"), room.database.writing() as db:
        take(db, request.board, *UNOPENED)
        custody = _custody(db, room, request, pairs)
        key = _board_key(custody, pairs)
        opened = _opened(db, custody, key, _number(db, request))
        _write(db, room, request, opened, tuple(sorted(pairs)))
    return {}


def _unlocked(room: Room, request: Request, sitting: Sitting) -> dict[str, KeyPair]:
    """Everybody's key pair by seat. What cannot be a passphrase is said of all at once, before any is tried.

    The one who asks goes first, at the cost of her own tries; the others' cost hers too, and the first that is wrong
    ends it. So nobody guesses at others for nothing, unseen or at their cost.
    """
    with room.database.reading() as db:
        hold(db, request.board, *UNOPENED)
        custody = Custody.of(db, request)
        sitting.demand(custody.founding.vault.sharing.k, custody.mine.seat)
        accounts = {str(card.seat): card.account for card in custody.cards if not card.lost}
    if not set(sitting.typed) <= set(accounts):
        raise NotEnough
    _demand_words(sitting)
    mine = str(custody.mine.seat)
    pairs = {}
    for seat in sorted(sitting.typed, key=lambda each: (each != mine, each)):
        try:
            pairs[seat] = _pair(room, request, accounts[seat], sitting.typed[seat])
        except WrongSecret as error:
            refuse_sitting(room, request, seat)
            raise WrongAtSitting(details=[f"{seat}|{error.message} {_tries(room, request, seat == mine)}"]) from error
    return pairs


def _demand_words(sitting: Sitting) -> None:
    wrong = []
    for seat, typed in sitting.typed.items():
        try:
            read_secret(Kind.PASSPHRASE, typed)
        except NotWords as error:
            wrong.append(f"{seat}|{error.message}")
    if wrong:
        raise WrongAtSitting(details=wrong)


def _pair(room: Room, request: Request, account: AccountId, typed: str) -> KeyPair:
    if account == request.account:
        return KeyPair.from_seed(room.seed(account, Kind.PASSPHRASE, typed)[1])
    return room.anothers(request.account, account, typed)


def _tries(room: Room, request: Request, own: bool) -> str:
    if not own:
        return "It counts against the one who asks: five an hour."
    with room.database.reading() as db:
        return f"Tries left this hour: {queries.tries_left(db, request.account)}."


def _custody(db: Session, room: Room, request: Request, pairs: Mapping[str, KeyPair]) -> Custody:
    """C2 and C4; and nobody has left her seat since she typed."""
    custody = Custody.of(db, request)
    log = check_heads(db, room, custody.founding)
    if not log.sound or log.faulty:
        raise Unsound("C2")
    there = {card.seat: fingerprint(pairs[str(card.seat)].public) for card in custody.cards if str(card.seat) in pairs}
    check_seats([each for each in custody.founding.seats if each.seat in there], there)
    return custody


def _board_key(custody: Custody, pairs: Mapping[str, KeyPair]) -> KeyPair:
    """C5: the board's key, each share opened by its own holder's key."""
    vault = custody.founding.vault
    here = [(card, pairs[str(card.seat)]) for card in custody.cards if str(card.seat) in pairs]
    return joined(vault, {card.seat: own_share(pair, vault, card.seat, card.share_envelope) for card, pair in here})


def _number(db: Session, request: Request) -> Number:
    try:
        number = Number(int(request.number))
    except (ValueError, Malformed) as error:
        raise NoSuchNumber from error
    if number not in {card.number for card in submissions.cards(db, request.board)}:
        raise NoSuchNumber
    if number in submissions.set_aside(db, request.board):
        raise SetAsideAlready
    return number


def _opened(db: Session, custody: Custody, key: KeyPair, number: Number) -> Opened:
    """C6 to C9, of this one: it is there, opens, belongs, is as it was lodged, and names somebody on the roll."""
    lodged = Lodged.of(db, custody.board.id)
    wanted = {ref: each for ref, each in lodged.numbers().items() if each == number}
    rows = lodged.rows(db, wanted)
    if not rows:
        raise Unsound("C9", [number])
    (opened,) = identities(key, custody.founding.vault, rows)
    if opened.identity.account not in intake.roll(db, custody.board.id).values():
        raise Unsound("C8", [number])
    lodged.check_leaves(db, wanted)
    return opened


def _write(db: Session, room: Room, request: Request, opened: Opened, seats: tuple[str, ...]) -> None:
    board, opening = request.board, OpeningId.new()
    results = keyfiles.ensure(room.config.keys, keyfiles.results(board))
    early.keep(
        db,
        results,
        opened,
        opening=opening,
        asked_by=request.actor,
        ground=request.ground,
        reason=request.reason,
        seats=seats,
    )
    set_aside(db, board, opened.number)
    overtake(db, board, request.actor, request.role)
    digest = reason_digest(opening, opened.number, request.ground, request.reason)
    facts: dict[str, Json] = {"number": int(opened.number), "reason_digest": digest.hex(), "seats": seats}
    append(db, board, "envelope.opened_early", request.actor, request.role, facts)
    sign_head(db, board, room.signer)
