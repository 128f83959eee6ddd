"""Forms that a played board leaves shut: what must be there before each opens, and to whom it does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.models import PersonRow
from panel.access.queries import account_of
from panel.access.roles import Role
from panel.blind.marking import service as marking
from panel.blind.merit import amending
from panel.blind.merit import queries as merit
from panel.blind.moderation import queries as moderation
from panel.blind.moderation import sending
from panel.blind.moderation.answers import Standing
from panel.blind.submissions.models import SubmissionRow, TextCheckRow
from panel.blind.training import course_service, edition_queries, publishing
from panel.blind.training.course_toml import shipped
from panel.blind.training.practice import panel_code
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.kernel import clock
from panel.kernel.ids import AccountId, MarkerId, PasskeyId, TextCode
from panel.named.accounts import posting
from panel.named.accounts.factors import authenticator, recovery, totp
from panel.named.accounts.factors.models import PasskeyRow
from panel.named.courses import service as courses
from panel.playing.company import acting
from panel.playing.training import practise
from tests.blind.seeded import mark_until_paused, seed_tasks, seeded, stand_ins
from tests.world import Visit

_SESSION: Final = b"a sign-in of hers"
_MODERATED: Final = {
    "moderation.settle": Standing.TO_SETTLE,
    "moderation.another": Standing.WAITING,
}


@dataclass(frozen=True)
class Opening:
    """A form, what its address asks for, and whom it is open to: nobody's is open to all."""

    endpoint: str
    values: dict[str, object]
    account: AccountId | None = None


def openings(visit: Visit) -> Iterator[Opening]:
    """Make what is lacking, in this copy of the world."""
    yield from _link(visit)
    yield from _second_steps(visit)
    yield from _training(visit)
    yield from _coaching(visit)
    yield from _texts(visit)
    yield from _seeds(visit)
    yield from _moderation(visit)
    yield from _amendment(visit)


def _link(visit: Visit) -> Iterator[Opening]:
    """To somebody who is signed in elsewhere."""
    owner = visit.hire("Invited").account
    with visit.database.writing() as db:
        access.start_session(db, owner)
        token = posting.mint(db, owner)
    yield Opening("accounts.set_password", {"token": token})


def _second_steps(visit: Visit) -> Iterator[Opening]:
    """Somebody with an authenticator app, a passkey and recovery codes."""
    keys, owner, passkey = visit.config.keys, visit.hire("Keeper").account, PasskeyId.new()
    with visit.database.writing() as db:
        authenticator.offer(db, keys, owner, _SESSION)
        secret = authenticator.offered(db, keys, owner, _SESSION)
        assert secret
        authenticator.prove(db, keys, owner, totp.code(secret, totp.counter(clock.now())), _SESSION)
        recovery.renew(db, owner)
        made = {"credential": bytes(passkey), "public_key": bytes(77), "sign_count": 0, "name": "Work telephone"}
        db.add(PasskeyRow(id=passkey, account=owner, added_on=clock.today(), **made))
    yield Opening("accounts.recovery_codes", {}, owner)
    yield Opening("accounts.remove_authenticator", {}, owner)
    yield Opening("accounts.remove_passkey", {"passkey": passkey}, owner)


def _training(visit: Visit) -> Iterator[Opening]:
    """A course with a draft, at whose quiz somebody has failed as often as she may."""
    hr, pupil = visit.company(Stage.DRAFT).hr, visit.hire("Pupil").marker
    with visit.database.writing() as db:
        edition = replace(shipped()[0], attempts=1)
        course = publishing.publish(db, edition, hr.marker)
        for page in range(1, len(edition.pages) + 1):
            course_service.read_page(db, pupil, course, page)
        course_service.start_quiz(db, pupil, course)
        course_service.take_quiz(db, pupil, course, 1, [9] * edition.asked)
        courses.take_up(db, edition.key)
    yield Opening("register.give_attempt", {"marker": pupil, "key": edition.key}, hr.account)
    yield Opening("courses.move_page", {"key": edition.key, "page": "2", "change": "earlier"}, hr.account)
    yield Opening("courses.remove_question", {"key": edition.key, "page": "1"}, hr.account)


def _coaching(visit: Visit) -> Iterator[Opening]:
    """A panel member who missed both attempts at one criterion."""
    season, pupil = visit.boards[Stage.MARKING], visit.hire("Late").marker
    board, key = season.board, season.policy.keys[0]
    with visit.database.writing() as db:
        access.grant(db, board, account_of(db, pupil), Role.MARKER)
        complete_courses(db, pupil)
        practise(db, board, pupil, "Reads the anchors too kindly.", short={key: 2})
        code = panel_code(board_of(db, board).draw, pupil).lower()
    yield Opening("training.coach", {"board": board, "code": code, "criterion": key}, season.people.chair.account)


def complete_courses(db: Session, marker: MarkerId) -> None:
    for course in edition_queries.latest(db):
        course_service.complete(db, marker, course.id)


def _texts(visit: Visit) -> Iterator[Opening]:
    """A text with a word that may be a name."""
    season, code = visit.boards[Stage.CLOSED], TextCode.new()
    with visit.database.writing("blind") as db:
        of_board = select(SubmissionRow.ref).where(SubmissionRow.board == season.board)
        ref = db.scalars(of_board.order_by(SubmissionRow.ref).limit(1)).one()
        where = {"board": season.board, "ref": ref, "criterion": season.policy.questions[0].key}
        db.add(TextCheckRow(code=code, found="word", **where))
    for endpoint in ("submissions.text", "submissions.leave"):
        yield Opening(endpoint, {"board": season.board, "code": code}, season.people.chair.account)


def _seeds(visit: Visit) -> Iterator[Opening]:
    """A marker who is paused, and a seed that another has flagged."""
    with visit.database.writing() as db:
        scene = seeded(db, begun=False, seed_every=3)
        for marker in scene.markers:
            complete_courses(db, marker)
        scene.begin()
        paused, other = scene.markers[:2]
        mark_until_paused(scene, paused, seeds_at=0)
        flagged = seed_tasks(scene, other)[0]
        marking.flag(db, scene.board_id, other, flagged.code)
        chair, code = _account(db, scene.chair), panel_code(scene.board.draw, paused).lower()
        script = stand_ins(scene)[flagged.ref].script
    for endpoint in ("marking.held_up", "marking.go_on"):
        yield Opening(endpoint, {"board": scene.board_id, "member_code": code}, chair)
    yield Opening("marking.flagged_seed", {"board": scene.board_id, "script": script}, chair)


def _account(db: Session, marker: MarkerId) -> AccountId:
    made = AccountId.new()
    db.add(PersonRow(account=made, marker=marker))
    return made


def _moderation(visit: Visit) -> Iterator[Opening]:
    """An answer to settle, and one that is with a further marker."""
    season = visit.boards[Stage.MODERATION]
    with visit.database.writing() as db:
        leader = acting(db, season.people.chair)
        every = moderation.answers(db, board_of(db, season.board))
        reason = "Three of us should read this."
        any(
            sending.further(db, season.board, each.ref, each.criterion, leader, reason=reason)
            for each in sorted(every, key=lambda each: each.standing is Standing.TO_SETTLE)
        )
        found = {each.standing: each for each in moderation.answers(db, board_of(db, season.board))}
    for endpoint, standing in _MODERATED.items():
        at = found[standing]
        where: dict[str, object] = {"board": season.board, "number": at.number, "criterion": at.criterion}
        yield Opening(endpoint, where, season.people.chair.account)


def _amendment(visit: Visit) -> Iterator[Opening]:
    """A score that the deputy proposes to change."""
    season = visit.boards[Stage.LOCKED]
    with visit.database.writing() as db:
        place, key = merit.merit_list(db, season.board)[0], season.policy.keys[0]
        wanted = amending.Change(5 if place.scores[key] < 5 else 1, "Both of us have read it again.")
        amending.propose(db, season.board, acting(db, season.people.deputy), place.number, key, wanted)
    for endpoint in ("merit.confirm", "merit.drop"):
        where: dict[str, object] = {"board": season.board, "number": place.number, "criterion": key}
        yield Opening(endpoint, where, season.people.chair.account)
