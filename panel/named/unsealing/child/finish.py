"""The last custodian's act: every check, then all names or none, in one transaction."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

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
from panel.named.monitoring.recognition import Guessed, counted
from panel.named.monitoring.service import record_counts, record_guesses
from panel.named.monitoring.tally import tallied
from panel.named.unsealing import reveal
from panel.named.unsealing.ceremony import Act, State, check_amendments, check_marks
from panel.named.unsealing.child.aside import Aside, equality_answers
from panel.named.unsealing.child.checks import Ready, joined, ready, refusing
from panel.named.unsealing.child.lodged import Lodged
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Room
from panel.named.unsealing.models import CeremonyRow, RevealedRow
from panel.sealed.guesses import guess
from panel.sealed.guesses import queries as guess_rows
from panel.sealed.guesses import service as guess_service
from panel.sealed.guesses.guess import Guess
from panel.sealed.vault import queries, service
from panel.sealed.vault.envelope import KeyPair, Unopenable, unseal
from panel.sealed.vault.opening import (
    Opened,
    Unsound,
    Vault,
    compare_people,
    identities,
    open_share,
    own_share,
)
from panel.sealed.vault.sharing import Seat, Share

#: How often the opening of envelopes is told: this many times, however many there are.
_TOLD: Final = 10


@dataclass(frozen=True)
class _Names:
    """What was opened, in this process's memory and nowhere else: everyone, and those whose names are revealed.

    Numbers set aside by the ceremony are in neither.
    """

    everyone: tuple[Opened, ...]
    revealed: tuple[Opened, ...]
    equality: Mapping[Number, Mapping[str, str]]
    guesses: tuple[tuple[Guess, ...], ...]


def finish(room: Room, request: Request) -> dict[str, Json]:
    """Open every name of a locked board, or none. Answers with how many were revealed, and with nothing of theirs.

    Raises what unlocking and `ready` raise, and Unsound (C1 to C9), which is logged and changes nothing.
    """
    _, pair = room.pair(request)
    with refusing(room, request), room.database.writing() as db:
        now = ready(db, room, request, Act.FINISH)
        aside = now.ceremony.exceptions
        room.tell("log", 1, 1)
        check_marks(now.ceremony, merit.marks_root(db, request.board))
        check_amendments(logged=merit.faithful(db, request.board))
        lodged = Lodged.of(db, request.board)
        lodged.check_counts(db, aside)
        room.tell("marks", 1, 1)
        key, seats = _board_key(db, now, pair)
        room.tell("key", 1, 1)
        names = _open(db, room, now, key, lodged)
        room.tell("people", 1, 1)
        # last of the checks, for a spoilt envelope is better told by what opens, or does not
        lodged.check_leaves(db, lodged.numbers(aside))
        room.tell("close", 1, 1)
        _write(db, room, request, now, names)
        _close(db, room, request, now, names, seats)
    return {"revealed": len(names.revealed)}


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
    return joined(vault, shares), tuple(sorted(map(str, shares)))


def _open(db: Session, room: Room, now: Ready, key: KeyPair, lodged: Lodged) -> _Names:
    """C7 and C8: every envelope opens and belongs, and the people inside are the people on the roll.

    What is set aside is tried too, and must be spoilt: one that was put right again would hide somebody.
    """
    board, vault, exceptions = now.ceremony.board, now.custody.founding.vault, now.ceremony.exceptions
    wanted, people = lodged.numbers(exceptions), tuple(intake.roll(db, board).values())
    everyone = identities(key, vault, lodged.rows(db, wanted), _teller(room, len(wanted)))
    aside = Aside.of(db, lodged, key, vault, exceptions)
    compare_people(everyone, people, unopened=len(exceptions), aside=aside.opened)
    aside.demand_spoilt(people)
    gone, stood_down = submissions.not_in_result(db, board), intake.stood_down(db, board)
    revealed = tuple(one for one in everyone if one.identity.ref not in gone and one.identity.account not in stood_down)
    return _Names(everyone, revealed, _equality(db, vault, key, wanted), _guesses(db, vault, key))


def _teller(room: Room, of: int) -> Callable[[int], None]:
    """Tells of every tenth part."""
    step = max(of // _TOLD, 1)

    def tell(tried: int) -> None:
        if tried % step == 0 or tried == of:
            room.tell("envelopes", tried, of)

    return tell


def _equality(
    db: Session, vault: Vault, key: KeyPair, wanted: Mapping[SubmissionRef, Number]
) -> dict[Number, Mapping[str, str]]:
    """The equality answers by number, to be counted here and forgotten. C7 holds for them too."""
    found = equality_answers(db, key, vault, wanted)
    spoilt = [number for number, answers in found.items() if answers is None]
    if spoilt:
        raise Unsound("C7", spoilt)
    return {number: answers for number, answers in found.items() if answers is not None}


def _guesses(db: Session, vault: Vault, key: KeyPair) -> tuple[tuple[Guess, ...], ...]:
    """Whom each marker who answered thought she recognised. No name hangs on it: what is spoilt is left out."""
    found = []
    for row in guess_rows.envelopes(db, vault.board):
        info = guess.info(vault.board, row.marker, vault.policy_digest)
        with suppress(Unopenable, guess.NotGuesses):
            found.append(guess.read(unseal(key, info, row.sealed, row.format)))
    return tuple(found)


def _write(db: Session, room: Room, request: Request, now: Ready, names: _Names) -> None:
    board = request.board
    results = keyfiles.ensure(room.config.keys, keyfiles.results(board))
    rows = [{"board": board, **vars(reveal.keep(results, board, one))} for one in names.revealed]
    if rows:
        db.execute(insert(RevealedRow), rows)
    record_counts(db, board, tallied(_people(db, board, names)))
    record_guesses(db, board, _guessed(names))
    guess_service.destroy(db, board)
    service.forget_releases(db, now.ceremony.id)
    db.execute(update(CeremonyRow).where(CeremonyRow.id == now.ceremony.id).values(state=State.FINISHED.value))


def _people(db: Session, board: BoardId, names: _Names) -> list[tuple[Mapping[str, str], bool]]:
    """Everyone revealed, as equality answers and whether she passed: what monitoring counts and suppresses.

    Counted from the list as it stands, amendments included; a later amendment is not counted again.
    """
    passed = {each.now.number for each in merit.standings(db, board) if each.now.outcome is Outcome.PASSED}
    return [(names.equality[one.number], one.number in passed) for one in names.revealed]


def _guessed(names: _Names) -> Guessed:
    """The guesses against everyone's name, in this process's memory and nowhere else."""
    writers = {one.identity.ref: one.identity.name for one in names.everyone}
    return counted([[(each.ref, each.name) for each in given] for given in names.guesses], writers, len(writers))


def _close(db: Session, room: Room, request: Request, now: Ready, names: _Names, seats: tuple[str, ...]) -> None:
    facts: dict[str, Json] = {
        "ceremony": str(now.ceremony.id),
        "exceptions": [int(number) for number in now.ceremony.exceptions],
        "names_root": reveal.names_root(request.board, names.revealed).hex(),
        "revealed": len(names.revealed),
        "seats": seats,
        "submissions": len(names.everyone) + len(now.ceremony.exceptions),
    }
    enough = Readiness((Fact("releases", met=True, sentence="The panel and enough custodians have released."),))
    board_service.advance(db, request.board, Stage.UNSEALED, enough, request.actor, request.role, facts)
    sign_head(db, request.board, room.signer)
