"""The last custodian's act: every check, then all names or none, in one transaction."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from panel.audit.heads import sign_head
from panel.blind.merit import queries as merit
from panel.blind.merit.merit_list import Outcome
from panel.board import service as board_service
from panel.board.lifecycle import Fact, Readiness, Stage
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId
from panel.named.monitoring.recognition import Guessed, counted
from panel.named.monitoring.service import record_counts, record_guesses
from panel.named.monitoring.tally import tallied
from panel.named.unsealing import ending, keeping
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child import again
from panel.named.unsealing.child.checks import Ready, ready, refusing
from panel.named.unsealing.child.opened import Names, opened
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Room
from panel.sealed.guesses import service as guess_service


def finish(room: Room, request: Request) -> dict[str, Json]:
    """Open every name of a locked board, or none. Answers with how many were revealed, and with nothing of theirs.

    A later ceremony opens the envelopes once more, for what it was begun for. Raises what unlocking and `ready` raise,
    and Unsound (C1 to C10), which is logged and changes nothing; a later one also NotCalledFor.
    """
    _, pair = room.pair(request)
    with refusing(room, request), room.database.writing() as db:
        now = ready(db, room, request, Act.FINISH)
        names = opened(db, room, now, pair)
        if now.ceremony.occasion.later:
            again.write(db, room, request, now, names)
        else:
            _write(db, room, request, now, names)
            _close(db, room, request, now, names)
    return {"revealed": len(names.revealed)}


def _write(db: Session, room: Room, request: Request, now: Ready, names: Names) -> None:
    board = request.board
    keeping.keep(db, room.config.keys, board, names.revealed, names.everyone)
    record_counts(db, board, tallied(_people(db, board, names)))
    record_guesses(db, board, _guessed(names))
    guess_service.destroy(db, board)
    ending.finish(db, now.ceremony)


def _people(db: Session, board: BoardId, names: Names) -> list[tuple[Mapping[str, str], bool]]:
    """Everyone revealed, as equality answers and whether she passed: what monitoring counts and suppresses.

    Counted from the list as it stands, amendments included; a later amendment is not counted again.
    """
    passed = {each.now.number for each in merit.standings(db, board) if each.now.outcome is Outcome.PASSED}
    return [(names.equality[one.number], one.number in passed) for one in names.revealed]


def _guessed(names: Names) -> Guessed:
    """The guesses against everyone's name, in this process's memory and nowhere else."""
    writers = {one.identity.ref: one.identity.name for one in names.everyone}
    return counted([[(each.ref, each.name) for each in given] for given in names.guesses], writers, len(writers))


def _close(db: Session, room: Room, request: Request, now: Ready, names: Names) -> None:
    facts = names.facts(now.ceremony)
    enough = Readiness((Fact("releases", met=True, sentence="The panel and enough custodians have released."),))
    board_service.advance(db, request.board, Stage.UNSEALED, enough, request.actor, request.role, facts)
    sign_head(db, request.board, room.signer)
