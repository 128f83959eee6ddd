"""The verbs of a ceremony: begun by a custodian, released for by each keyholder, finished by the last, or ended."""

from collections.abc import Collection, Iterator

from sqlalchemy import insert
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.board import service as board_service
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.config import Config
from panel.kernel.clock import today
from panel.kernel.database import Database
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import BoardId, CeremonyId, Number
from panel.named.unsealing import ceremony_queries, later, queries
from panel.named.unsealing.asking import ask_child, hear_child, keyholding_role
from panel.named.unsealing.ceremony import (
    LASTS,
    Act,
    Ceremony,
    Ending,
    NobodyAside,
    State,
    check_choice,
    check_exceptions,
    check_words,
    demand_occasion,
    exceptions_text,
)
from panel.named.unsealing.child.checks import AlreadyUnsealed, NoCeremony
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.custody_queries import demand_openable
from panel.named.unsealing.ending import end
from panel.named.unsealing.models import CeremonyRow
from panel.named.unsealing.occasion import OPENED, Occasion
from panel.named.unsealing.process import Told
from panel.named.unsealing.reach import NoSeat


class CeremonyOpen(Refused):
    """One ceremony at a time."""

    sentence = "A ceremony is open for this board already."


def open_ceremony(
    database: Database,
    config: Config,
    person: Person,
    board: BoardId,
    *,
    passphrase: str,
    exceptions: Collection[Number] = (),
    occasion: Occasion = Occasion.OPENING,
) -> Ceremony:
    """A custodian proves her share, then fixes marks root, head and `exceptions` for seven days.

    `exceptions`: numbers whose envelope is spoilt, each refused by a check before; a later ceremony sets aside those of
    the unsealing too, and one that counts outcomes again no others. Raises CeremonyOpen, WrongStage, NotOpenable,
    NotCalledFor, TooManyAside, NotSpoilt, SetAsideTogether, NobodyAside, NoSeat, Unsound and what unlocking raises.
    """
    if not person.may(Role.CUSTODIAN, board):
        raise Missing
    with database.reading() as db:
        _may_begin(db, config, board_service.hold(db, board, *occasion.stages), exceptions, occasion)
    ask_child(database, config, Request.by(person, "prove", Role.CUSTODIAN, board, passphrase=passphrase))
    with database.writing() as db:
        return _begin(db, config, person, board, exceptions, occasion)


def release(
    database: Database,
    config: Config,
    person: Person,
    board: BoardId,
    *,
    words: str,
    passphrase: str,
    exceptions: str = "",
    occasion: str = Occasion.OPENING.value,
) -> Act:
    """A keyholder's consent. The custodian who completes the quorum opens the names; says which of the two it was.

    `words`: the first two of the locked marks; `exceptions`: every number set aside, as typed; `occasion`: what she has
    read that the ceremony is for. Raises NoCeremony, AlreadyUnsealed, OtherCeremony, NoSeat, WrongWords, WrongNumbers,
    PanelFirst, AlreadyReleased, NotCalledFor, what unlocking raises, and Unsound, after which nothing has changed but
    the log.
    """
    typed = {"words": words, "passphrase": passphrase, "exceptions": exceptions, "occasion": occasion}
    act, request = _request(database, person, board, **typed)
    ask_child(database, config, request)
    return act


def release_aloud(
    database: Database, config: Config, person: Person, board: BoardId, **typed: str
) -> Iterator[Told] | None:
    """The same for a page that shows how the opening goes: its steps once it has begun, None after a release.

    Raises what `release` raises, before the first step; what is refused later is the last that is told.
    """
    act, request = _request(database, person, board, **typed)
    if act is Act.FINISH:
        return hear_child(database, config, request)
    ask_child(database, config, request)
    return None


def abort(db: Session, person: Person, board: BoardId) -> None:
    """End a ceremony before it is finished; what was released for it is deleted. Raises NoCeremony."""
    board_service.take(db, board, Stage.LOCKED, *OPENED)
    ceremony = queries.open_ceremony(db, board, lock=True)
    if ceremony is None:
        raise NoCeremony
    end(db, ceremony, Ending.ABORTED, person.id, keyholding_role(person, board))


def close_expired(db: Session) -> int:
    """Close every ceremony that ran out or was overtaken, and delete what was released for it; how many.

    Part of the daily round: what a keyholder released was consent for seven days and for the scores as they stood, and
    must not lie there until somebody begins another ceremony.
    """
    closed = 0
    for board in queries.in_ceremony(db):
        board_service.take(db, board)
        ceremony = queries.open_ceremony(db, board, lock=True)
        # while we waited somebody may have ended it, or begun another
        if ceremony is not None and not _stands(db, ceremony):
            end(db, ceremony, _how(ceremony), None, "system")
            closed += 1
    return closed


def _request(database: Database, person: Person, board: BoardId, **typed: str) -> tuple[Act, Request]:
    with database.reading() as db:
        act = _act(db, person, board, **typed)
    return act, Request.by(person, act.value, keyholding_role(person, board), board, **typed)


def _act(db: Session, person: Person, board: BoardId, **typed: str) -> Act:
    progress = queries.progress(db, board, person.account)
    if progress.ceremony is None:
        raise AlreadyUnsealed if progress.unsealed else NoCeremony
    if progress.seat is None:
        raise NoSeat
    demand_occasion(progress.ceremony, typed.get("occasion", Occasion.OPENING.value))
    check_words(progress.ceremony.marks_root, typed["words"])
    check_exceptions(progress.ceremony.exceptions, typed.get("exceptions", ""))
    act = progress.standing.act(progress.seat.seat)
    wanted = Act.RELEASE if act is Act.WAIT else act
    progress.standing.demand(progress.seat.seat, wanted)
    return wanted


def _begin(
    db: Session, config: Config, person: Person, board: BoardId, exceptions: Collection[Number], occasion: Occasion
) -> Ceremony:
    held = board_service.take(db, board, *occasion.stages)
    _may_begin(db, config, held, exceptions, occasion)
    before = queries.open_ceremony(db, board, lock=True)
    if before is not None:
        end(db, before, _how(before), person.id, Role.CUSTODIAN)
    head = sign_head(db, board, Signer.of(config.keys))
    if held.marks_root is None:
        raise Missing
    begun = Ceremony(
        id=CeremonyId.new(),
        board=board,
        marks_root=held.marks_root,
        head_size=head.size,
        head_root=head.root,
        exceptions=tuple(sorted({*exceptions, *_set_aside_before(db, board, occasion)})),
        opened_on=today(),
        expires_on=today() + LASTS,
        state=State.OPEN,
        occasion=occasion,
    )
    words = {"exceptions": exceptions_text(begun.exceptions).decode(), "state": State.OPEN.value}
    columns = {**vars(begun), **words, "occasion": occasion.value, "opened_by": person.id}
    db.execute(insert(CeremonyRow).values(**columns))
    append(db, board, "ceremony.opened", person.id, Role.CUSTODIAN, begun.facts)
    return begun


def _may_begin(db: Session, config: Config, board: Board, exceptions: Collection[Number], occasion: Occasion) -> None:
    ceremony = queries.open_ceremony(db, board.id)
    if ceremony is not None and _stands(db, ceremony):
        raise CeremonyOpen
    demand_openable(db, board.id)
    if exceptions:
        _check_exceptions(db, board.id, exceptions, occasion)
    if occasion.later:
        later.demand(db, config.keys, board, occasion)


def _check_exceptions(db: Session, board: BoardId, exceptions: Collection[Number], occasion: Occasion) -> None:
    if occasion is Occasion.RECOUNT:
        raise NobodyAside
    known = ceremony_queries.refused_since if occasion.later else ceremony_queries.refused
    refused = {each.number: (each.check, each.together) for each in known(db, board)}
    check_choice(exceptions, refused, before=_set_aside_before(db, board, occasion))


def _set_aside_before(db: Session, board: BoardId, occasion: Occasion) -> frozenset[Number]:
    return ceremony_queries.set_aside_at_first(db, board) if occasion.later else frozenset()


def _stands(db: Session, ceremony: Ceremony) -> bool:
    return ceremony.running(today()) and not ceremony_queries.overtaken_by(db, ceremony)


def _how(ceremony: Ceremony) -> Ending:
    """Why a ceremony that does not stand any more has to end."""
    return Ending.OVERTAKEN if ceremony.running(today()) else Ending.EXPIRED
