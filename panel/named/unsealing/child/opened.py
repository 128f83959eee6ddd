"""Every check of a finishing ceremony, and what then is open, in this process's memory alone."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from panel.blind.merit import queries as merit
from panel.blind.submissions import queries as submissions
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId, Number, SubmissionRef
from panel.named.intake import queries as intake
from panel.named.unsealing import left_out, reveal
from panel.named.unsealing.ceremony import Ceremony, check_amendments, check_marks
from panel.named.unsealing.child.aside import Aside, equality_answers
from panel.named.unsealing.child.checks import Ready, joined
from panel.named.unsealing.child.lodged import Lodged
from panel.named.unsealing.child.room import Room, logged
from panel.sealed.guesses import guess
from panel.sealed.guesses import queries as guess_rows
from panel.sealed.guesses.guess import Guess
from panel.sealed.vault import queries
from panel.sealed.vault.envelope import KeyPair, Unopenable, unseal
from panel.sealed.vault.opening import Opened, Unsound, Vault, compare_people, identities, open_share, own_share
from panel.sealed.vault.sharing import Seat, Share

#: How often the opening of envelopes is told: this many times, however many there are.
_TOLD: Final = 10
_NONE: Final[Mapping[Number, bytes]] = {}


@dataclass(frozen=True)
class Names:
    """What was opened, in this process's memory and nowhere else: everyone, and those whose names are revealed.

    Numbers set aside by the ceremony are in neither. `seats`: which took part.
    """

    board: BoardId
    everyone: tuple[Opened, ...]
    revealed: tuple[Opened, ...]
    equality: Mapping[Number, Mapping[str, str]]
    guesses: tuple[tuple[Guess, ...], ...]
    seats: tuple[str, ...]

    def facts(self, ceremony: Ceremony, unopened: Mapping[Number, bytes] = _NONE) -> dict[str, Json]:
        """What the log says of the opening. `unopened`: leaves of names revealed before and set aside now."""
        return {
            "ceremony": str(ceremony.id),
            "exceptions": [int(number) for number in ceremony.exceptions],
            "names_root": reveal.names_root(self.board, self.revealed, unopened).hex(),
            "revealed": len(self.revealed) + len(unopened),
            "seats": self.seats,
            "submissions": len(self.everyone) + len(ceremony.exceptions),
        }


def opened(db: Session, room: Room, now: Ready, pair: KeyPair) -> Names:
    """C3 and C5 to C9, and everything that is in the envelopes. Raises Unsound."""
    board, aside = now.ceremony.board, now.ceremony.exceptions
    room.tell("log", 1, 1)
    check_marks(now.ceremony, merit.marks_root(db, board))
    check_amendments(logged=merit.faithful(db, board))
    lodged = Lodged.of(db, board)
    lodged.check_counts(db, aside)
    room.tell("marks", 1, 1)
    key, seats = _board_key(db, now, pair)
    room.tell("key", 1, 1)
    names = _open(db, room, now, key, lodged, seats)
    room.tell("people", 1, 1)
    # last of the checks, for a spoilt envelope is better told by what opens, or does not
    lodged.check_leaves(db, lodged.numbers(aside))
    room.tell("close", 1, 1)
    return names


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


def _open(db: Session, room: Room, now: Ready, key: KeyPair, lodged: Lodged, seats: tuple[str, ...]) -> Names:
    """C7 and C8: every envelope opens and belongs, and the people inside are the people on the roll.

    What is set aside is tried too, and must be spoilt: one that was put right again would hide somebody. What was set
    aside at the unsealing stays out of a later ceremony in any case, for it opens the names of the unsealing alone.
    """
    board, vault, exceptions = now.ceremony.board, now.custody.founding.vault, now.ceremony.exceptions
    wanted, people = lodged.numbers(exceptions), tuple(intake.roll(db, board).values())
    everyone = identities(key, vault, lodged.rows(db, wanted), _teller(room, len(wanted)))
    aside = Aside.of(db, lodged, key, vault, exceptions)
    compare_people(everyone, people, unopened=len(exceptions), aside=aside.opened)
    aside.demand_spoilt(people, but=_set_aside_before(db, now.ceremony))
    gone, stood_down = submissions.not_in_result(db, board), intake.stood_down(db, board)
    revealed = tuple(one for one in everyone if one.identity.ref not in gone and one.identity.account not in stood_down)
    return Names(board, everyone, revealed, _equality(db, vault, key, wanted), _guesses(db, vault, key), seats)


def _set_aside_before(db: Session, ceremony: Ceremony) -> frozenset[Number]:
    """What the unsealing set aside, if this is not the unsealing: that leaves out nothing because the log says so."""
    if not ceremony.occasion.later or not ceremony.exceptions:
        return frozenset()
    return left_out.set_aside(logged(db, ceremony.board), first=True)


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
