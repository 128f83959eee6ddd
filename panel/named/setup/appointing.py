"""Who takes which part of a board: appointed and released under duties apart, and written in the log by id."""

from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from panel.access import queries as access_queries
from panel.access import service as access
from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.audit.service import append
from panel.blind.allocation import service as allocation
from panel.blind.training import queries as training
from panel.board import duties
from panel.board import service as board_service
from panel.board.duties import Part
from panel.board.lifecycle import RUNNING, Stage
from panel.board.policy import Custody, Policy
from panel.kernel.errors import Invalid, Missing, Refused
from panel.kernel.ids import AccountId, BoardId, MarkerId
from panel.named.setup.queries import parts, parts_of
from panel.named.setup.service import revise

_BEFORE_ALLOCATION: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED)
_LEADS: Final = (Part.CHAIR, Part.DEPUTY)
#: When a part may be given. Keyholders hold seats in the vault from the opening on: seats are handed over, not given.
GIVEN_IN: Final = {
    Part.CHAIR: (Stage.DRAFT,),
    Part.DEPUTY: (Stage.DRAFT,),
    Part.CUSTODIAN: (Stage.DRAFT,),
    Part.MARKER: (*_BEFORE_ALLOCATION, Stage.MARKING),
    Part.AUDITOR: RUNNING,
    Part.HR: RUNNING,
}
#: When it may be ended. A marker with tasks is relieved of them on the blind side instead.
ENDED_IN: Final = {**GIVEN_IN, Part.MARKER: _BEFORE_ALLOCATION}

MOST_CUSTODIANS: Final = 7


def changeable(stage: Stage) -> frozenset[Part]:
    """The parts that can be given or ended in a stage."""
    return frozenset(part for part, stages in GIVEN_IN.items() if stage in stages)


#: When HR says that a panel member is away. Later the chair passes on the tasks of whoever drops out.
AWAY_IN: Final = (Stage.OPEN, Stage.CLOSED)


class HasLed(Invalid):
    """The chair and deputies read the agreed scores of every script and seed, and that does not end with their part."""

    sentence = "This person has led the panel of this board and knows its scripts, and so cannot be a panel member"


class SeatTaken(Invalid):
    """There is one chair."""

    sentence = "This board has a chair. Remove the chair first"


class TooManyCustodians(Invalid):
    """Seven custodians are the most a vault is shared among."""

    sentence = f"A board has at most {MOST_CUSTODIANS} custodians"


class LastOfHr(Refused):
    """Somebody must run the board."""

    sentence = "Somebody must run this board for HR. Add another person before you remove this one."


def appoint(db: Session, actor: Person, board: BoardId, account: AccountId, part: Part) -> None:
    """Give a person a part. Raises DutiesApart, HasLed, SeatTaken, TooManyCustodians, WrongStage and Missing."""
    if part not in GIVEN_IN:
        raise Missing
    # exclusive: two appointments at once could each look lawful
    board_service.take(db, board, *GIVEN_IN[part])
    person = access_queries.person_of(db, account)
    if part in parts(db, board).get(account, frozenset()):
        return
    duties.check(parts_of(db, board, account), part)
    if part is Part.MARKER and training.any_written(db, board) and _has_led(db, board, person):
        raise HasLed
    _room(db, board, part)
    give(db, actor.id, Role.HR, board, account, part)
    _recount(db, board, part)


def release(db: Session, actor: Person, board: BoardId, account: AccountId, part: Part) -> None:
    """End a person's part. Raises LastOfHr, WrongStage, and Missing if they do not hold it."""
    if part not in ENDED_IN:
        raise Missing
    board_service.take(db, board, *ENDED_IN[part])
    if part not in parts(db, board).get(account, frozenset()):
        raise Missing
    if part is Part.HR and _count(db, board, part) == 1:
        raise LastOfHr
    end(db, actor.id, Role.HR, board, account, part)
    _recount(db, board, part)


def record_away(db: Session, actor: Person, board: BoardId, account: AccountId, *, away: bool) -> None:
    """A panel member is away when marking starts, or is not after all. Raises WrongStage, Missing."""
    if Part.MARKER not in parts(db, board).get(account, frozenset()):
        raise Missing
    say = allocation.absent if away else allocation.back
    say(db, board, access_queries.person_of(db, account), actor.id)


def give(
    db: Session, actor: MarkerId, role: str, board: BoardId, account: AccountId, part: Part, *, late: bool = False
) -> None:
    """Give a part and log it; the caller holds the board's lock and saw that it may be given. Raises DutiesApart.

    `late`: the board is closed, so no candidate can declare the person any more.
    """
    duties.check(parts_of(db, board, account), part)
    access.grant(db, board, account, Role(part.value), late=late)
    person = access_queries.person_of(db, account)
    append(db, board, "person.appointed", actor, role, {"person": str(person), "part": part.value})


def end(db: Session, actor: MarkerId, role: str, board: BoardId, account: AccountId, part: Part) -> None:
    """End a part and log it. The caller holds the board's lock and has seen that it may end."""
    access.revoke(db, board, account, Role(part.value))
    person = access_queries.person_of(db, account)
    append(db, board, "person.released", actor, role, {"person": str(person), "part": part.value})


def set_quorum(db: Session, board: BoardId, k: int) -> Policy:
    """How many custodians open the names. Whether it fits their number is a fact that opening looks at."""
    return revise(db, board, lambda policy: replace(policy, custody=replace(policy.custody, k=k)))


def _has_led(db: Session, board: BoardId, person: MarkerId) -> bool:
    """Whether she was ever chair or deputy; the log remembers what the roles forget."""
    before = (each.facts for each in entries(db, board, "person.appointed"))
    return any((facts["person"], facts["part"]) in {(str(person), part.value) for part in _LEADS} for facts in before)


def _room(db: Session, board: BoardId, part: Part) -> None:
    if part is Part.CHAIR and _count(db, board, part):
        raise SeatTaken
    if part is Part.CUSTODIAN and _count(db, board, part) == MOST_CUSTODIANS:
        raise TooManyCustodians


def _recount(db: Session, board: BoardId, part: Part) -> None:
    # the number of custodians is one of the rules that opening fixes
    if part is Part.CUSTODIAN:
        count = _count(db, board, part)
        revise(db, board, lambda policy: replace(policy, custody=Custody(policy.custody.k, count)))


def _count(db: Session, board: BoardId, part: Part) -> int:
    return len(access_queries.holders(db, board, Role(part.value)))
