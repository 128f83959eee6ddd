"""The last custodian's act: every check, then all names or none, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.audit.heads import sign_head
from panel.blind.merit import queries as merit
from panel.blind.merit.merit_list import Outcome
from panel.blind.submissions import queries as submissions
from panel.board import service as board_service
from panel.board.lifecycle import Fact, Readiness, Stage
from panel.kernel import keyfiles
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId, Number, SubmissionRef
from panel.named.intake import queries as intake
from panel.named.monitoring.service import record_counts
from panel.named.monitoring.tally import tallied
from panel.named.unsealing import reveal
from panel.named.unsealing.ceremony import Act, State, check_counts, check_marks, check_root
from panel.named.unsealing.models import CeremonyRow, RevealedRow
from panel.named.unsealing.request import Request
from panel.named.unsealing.room import Room
from panel.named.unsealing.verbs.checks import Ready, ready, refusing
from panel.sealed.equality import answers as equality
from panel.sealed.equality import queries as equality_rows
from panel.sealed.vault import queries, service
from panel.sealed.vault.envelope import KeyPair, Unopenable, unseal
from panel.sealed.vault.opening import (
    Opened,
    SealedRow,
    Unsound,
    Vault,
    board_key,
    compare_people,
    identities,
    open_share,
    own_share,
)
from panel.sealed.vault.sharing import Seat, Share, Side


@dataclass(frozen=True)
class _Names:
    """What was opened, in this process's memory and nowhere else: everyone, and those whose names are revealed."""

    everyone: tuple[Opened, ...]
    revealed: tuple[Opened, ...]
    equality: Mapping[Number, Mapping[str, str]]


def finish(room: Room, request: Request) -> dict[str, Json]:
    """Open every name of a locked board, or none. Answers with how many were revealed, and with nothing of theirs.

    Raises what unlocking and `ready` raise, and Unsound (C1 to C9), which is logged and changes nothing.
    """
    _, pair = room.pair(request)
    with refusing(room, request), room.database.writing() as db:
        now = ready(db, room, request, Act.FINISH)
        closed = _check_tables(db, now)
        key, seats = _board_key(db, now, pair)
        names = _open(db, now, key)
        check_root(closed, "lodged_root", intake.lodged_root(db, request.board))
        _write(db, room, request, now, names)
        _close(db, room, request, now, names, seats)
    return {"revealed": len(names.revealed)}


def _check_tables(db: Session, now: Ready) -> Mapping[str, Json]:
    """C3, C9 and the roll of C6, before a key exists; answers with the facts of the close.

    The lodged root comes after C7 and C8, because they can say which numbers are spoilt and a root cannot.
    """
    board = now.ceremony.board
    check_marks(now.ceremony, merit.marks_root(db, board))
    closed = next(iter(audit.entries(db, board, "board.closed"))).facts
    envelopes, equality_envelopes = queries.envelope_digests(db, board), equality_rows.envelope_digests(db, board)
    lacking = [
        card.number
        for card in submissions.cards(db, board)
        if card.ref not in envelopes or card.ref not in equality_envelopes
    ]
    check_counts(closed, (submissions.count(db, board), len(envelopes), len(equality_envelopes)), lacking)
    check_root(closed, "roll_root", intake.roll_root(db, board))
    return closed


def _board_key(db: Session, now: Ready, pair: KeyPair) -> tuple[KeyPair, tuple[str, ...]]:
    """C5: the board's key from one's own share and the releases to one's seat; and the seats that took part."""
    vault, mine = now.custody.founding.vault, now.custody.mine
    places = {(card.seat.side, card.seat.number): card.seat for card in now.custody.cards}
    shares: dict[Seat, Share] = {mine.seat: own_share(pair, vault, mine.seat, mine.share_envelope)}
    for released in queries.releases(db, now.ceremony.id):
        if released.to_seat == mine.seat.number:
            origin = places[released.side, released.from_seat]
            info = now.ceremony.purpose.info(released.side, released.from_seat, released.to_seat)
            shares[origin] = open_share(pair, vault, origin, info, released.envelope)
    panel = [share for seat, share in shares.items() if seat.side is Side.PANEL]
    custodians = [share for seat, share in shares.items() if seat.side is Side.HR]
    if not panel or len(custodians) < vault.sharing.k:
        raise Unsound("C5")
    return board_key(vault, custodians, panel[0]), tuple(sorted(map(str, shares)))


def _open(db: Session, now: Ready, key: KeyPair) -> _Names:
    """C7 and C8: every envelope opens and belongs, and the people inside are the people on the roll."""
    board, vault = now.ceremony.board, now.custody.founding.vault
    cards = {card.ref: card for card in submissions.cards(db, board)}
    rows = [
        SealedRow(row.ref, cards[row.ref].number, cards[row.ref].answers_digest, row.format, row.sealed)
        for row in queries.envelopes(db, board)
    ]
    everyone = identities(key, vault, rows)
    compare_people(everyone, intake.roll(db, board).values())
    withdrawn, stood_down = submissions.withdrawn(db, board), intake.stood_down(db, board)
    revealed = tuple(
        one for one in everyone if one.identity.ref not in withdrawn and one.identity.account not in stood_down
    )
    return _Names(everyone, revealed, _equality(db, vault, key, {ref: card.number for ref, card in cards.items()}))


def _equality(
    db: Session, vault: Vault, key: KeyPair, numbers: Mapping[SubmissionRef, Number]
) -> dict[Number, Mapping[str, str]]:
    """The equality answers by number, to be counted here and forgotten. C7 holds for them too."""
    found: dict[Number, Mapping[str, str]] = {}
    spoilt = []
    for row in equality_rows.envelopes(db, vault.board):
        try:
            plain = unseal(key, equality.info(vault.board, row.ref, vault.policy_digest), row.sealed, row.format)
            found[numbers[row.ref]] = equality.read(plain)
        except (Unopenable, equality.NotAnswers, KeyError):
            spoilt.append(numbers.get(row.ref, 0))
    if spoilt:
        raise Unsound("C7", spoilt)
    return found


def _write(db: Session, room: Room, request: Request, now: Ready, names: _Names) -> None:
    board = request.board
    results = keyfiles.ensure(room.config.keys, keyfiles.results(board))
    rows = [{"board": board, **vars(reveal.keep(results, board, one))} for one in names.revealed]
    if rows:
        db.execute(insert(RevealedRow), rows)
    record_counts(db, board, tallied(_people(db, board, names)))
    service.forget_releases(db, now.ceremony.id)
    db.execute(update(CeremonyRow).where(CeremonyRow.id == now.ceremony.id).values(state=State.FINISHED.value))


def _people(db: Session, board: BoardId, names: _Names) -> list[tuple[Mapping[str, str], bool]]:
    """Everyone revealed, as equality answers and whether she passed: what monitoring counts and suppresses.

    Counted from the list as it stands, amendments included; a later amendment is not counted again.
    """
    passed = {each.now.number for each in merit.standings(db, board) if each.now.outcome is Outcome.PASSED}
    return [(names.equality[one.number], one.number in passed) for one in names.revealed]


def _close(db: Session, room: Room, request: Request, now: Ready, names: _Names, seats: tuple[str, ...]) -> None:
    facts: dict[str, Json] = {
        "ceremony": str(now.ceremony.id),
        "names_root": reveal.names_root(request.board, names.revealed).hex(),
        "revealed": len(names.revealed),
        "seats": seats,
        "submissions": len(names.everyone),
    }
    enough = Readiness((Fact("releases", met=True, sentence="The panel and enough custodians have released."),))
    board_service.advance(db, request.board, Stage.UNSEALED, enough, request.actor, request.role, facts)
    sign_head(db, request.board, room.signer)
