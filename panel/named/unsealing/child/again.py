"""What a later ceremony writes: the same names under a key that is there, or the outcomes counted once more."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.audit.heads import sign_head
from panel.audit.service import append
from panel.blind.submissions import queries as submissions
from panel.board.queries import board as read_board
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId, Number
from panel.named.monitoring.service import count_again
from panel.named.unsealing import ending, keeping, later, left_out, reveal
from panel.named.unsealing.changes import changes
from panel.named.unsealing.child.checks import Ready
from panel.named.unsealing.child.opened import Names
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Room
from panel.named.unsealing.occasion import OPENED_AGAIN, NotCalledFor, Occasion, check_again
from panel.sealed.vault.opening import Unsound


def write(db: Session, room: Room, request: Request, now: Ready, names: Names) -> None:
    """C10, then what the ceremony is for; the stage stays. Raises Unsound, and NotCalledFor if the need is gone.

    Outcomes are counted with everybody whose name was opened: two tables that differ by one person show her answers.

    A name whose envelope was spoilt since the unsealing has its place in C10 by the digest that was kept with it.
    """
    board, occasion, entries = request.board, now.ceremony.occasion, audit.entries(db, request.board)
    spoilt_since = set(now.ceremony.exceptions) - left_out.set_aside(entries, first=True)
    if spoilt_since and occasion is Occasion.RECOUNT:
        raise Unsound("C10", spoilt_since)
    unopened = keeping.digests(db, board, spoilt_since, left_out.missing(entries))
    facts = names.facts(now.ceremony, _leaves(db, board, unopened))
    check_again(entries, facts)
    room.tell("names", 1, 1)
    later.demand(db, room.config.keys, read_board(db, board), occasion)
    done = _reveal(db, room, names, unopened) if occasion is Occasion.LOST_KEY else _count(db, names)
    ending.finish(db, now.ceremony)
    said: dict[str, Json] = {"occasion": occasion.value, **facts, **done}
    append(db, board, OPENED_AGAIN, request.actor, request.role, said)
    sign_head(db, board, room.signer)


def _leaves(db: Session, board: BoardId, unopened: Mapping[Number, bytes]) -> dict[Number, bytes]:
    """The leaf of each name that nothing opens: bound to its own number, whatever row its digest lay in."""
    refs = {card.number: card.ref for card in submissions.cards(db, board)} if unopened else {}
    return {number: reveal.named_leaf(board, number, refs[number], sealed) for number, sealed in unopened.items()}


def _reveal(db: Session, room: Room, names: Names, unopened: Mapping[Number, bytes]) -> dict[str, Json]:
    """The names under a key that is there. The log keeps the digest of each that is lost for good."""
    kept = keeping.keep(db, room.config.keys, names.board, names.revealed, names.everyone, unopened)
    lost: dict[str, Json] = {"missing": [[int(number), unopened[number].hex()] for number in sorted(kept.lost)]}
    return {"early": kept.early, **(lost if kept.lost else {})}


def _count(db: Session, names: Names) -> dict[str, Json]:
    """Only counts leave, and only of the tables that may be shown beside the earlier ones. Raises NotCalledFor."""
    found = changes(db, names.board, frozenset(one.number for one in names.revealed))
    if not found.may:
        raise NotCalledFor(found.sentence)
    people = [
        (names.equality[one.number], one.number in found.before, one.number in found.now) for one in names.revealed
    ]
    tables: Json = count_again(db, names.board, people)
    return {"gained": found.gained, "lost": found.lost, "tables": tables}
