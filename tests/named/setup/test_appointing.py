"""People take parts: duties apart, one chair, the right stage, and a log that names nobody."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.access import queries as access
from panel.access import service as access_service
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.blind.training.models import ScriptRow
from panel.blind.training.purpose import Purpose
from panel.board.duties import DutiesApart, Part
from panel.board.lifecycle import Stage, WrongStage
from panel.board.models import BoardRow
from panel.board.queries import board
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM, AccountId, RollId, ScriptId
from panel.named.intake.models import RollRow
from panel.named.setup import appointing, facts, queries
from panel.named.setup.appointing import HasLed, LastOfHr, SeatTaken, TooManyCustodians
from tests.named.setup.staff import Draft, acting, begun, person


@pytest.fixture
def draft(db: Session) -> Draft:
    return begun(db)


def appoint(db: Session, draft: Draft, account: AccountId, part: Part) -> None:
    appointing.appoint(db, acting(db, draft.hr), draft.board, account, part)


def release(db: Session, draft: Draft, account: AccountId, part: Part) -> None:
    appointing.release(db, acting(db, draft.hr), draft.board, account, part)


def put_into(db: Session, draft: Draft, stage: Stage) -> None:
    db.execute(update(BoardRow).where(BoardRow.id == draft.board).values(stage=stage.value))


def apply_for(db: Session, draft: Draft, account: AccountId) -> None:
    db.add(RollRow(id=RollId.new(), board=draft.board, account=account, state="applied"))
    db.flush()


def test_maker_of_a_board_runs_it_for_hr(db: Session, draft: Draft) -> None:
    assert acting(db, draft.hr).may(Role.HR, draft.board)
    assert queries.mine(db, acting(db, draft.hr)) == (board(db, draft.board),)


def test_person_in_a_part_is_shown_by_name(db: Session, draft: Draft) -> None:
    appoint(db, draft, person(db, "Cara Chair"), Part.CHAIR)
    shown = [(each.part, each.name) for each in queries.people(db, draft.board)]
    assert shown == [(Part.HR, "Hana Ross"), (Part.CHAIR, "Cara Chair")]


def test_part_that_excludes_another_is_refused(db: Session, draft: Draft) -> None:
    mona = person(db, "Mona Marker")
    appoint(db, draft, mona, Part.MARKER)
    for part in (Part.CHAIR, Part.DEPUTY, Part.CUSTODIAN, Part.AUDITOR, Part.HR):
        with pytest.raises(DutiesApart):
            appoint(db, draft, mona, part)
    assert access.roles(db, access.person_of(db, mona)) == {(draft.board, Role.MARKER)}


@pytest.mark.leak("L116")
@pytest.mark.parametrize("part", [Part.CHAIR, Part.DEPUTY])
def test_who_led_the_panel_and_knows_its_scripts_never_marks(db: Session, draft: Draft, part: Part) -> None:
    """She could tell every seed. Before there is a script, a wrong choice can still be put right."""
    mona = person(db, "Mona Marker")
    for _ in range(2):
        appoint(db, draft, mona, part)
        release(db, draft, mona, part)
        appoint(db, draft, mona, Part.MARKER)
        release(db, draft, mona, Part.MARKER)
    words = {"criterion": "courage", "answer": "I said so.", "agreed": 2, "reason": "Why.", "version": 1}
    db.add(ScriptRow(id=ScriptId.new(), board=draft.board, purpose=Purpose.SEED, **words))
    db.flush()
    with pytest.raises(HasLed):
        appoint(db, draft, mona, Part.MARKER)
    appoint(db, draft, mona, part)
    appoint(db, draft, person(db, "Nell Newcomer"), Part.MARKER)


@pytest.mark.parametrize("role", [Role.HR, Role.ADMINISTRATOR])
def test_role_on_the_system_counts_on_every_board(db: Session, draft: Draft, role: Role) -> None:
    ada = person(db, "Ada Admin", role)
    with pytest.raises(DutiesApart):
        appoint(db, draft, ada, Part.MARKER)
    appoint(db, draft, ada, Part.CUSTODIAN)


def test_role_on_the_system_given_later_is_found_at_every_move(db: Session, draft: Draft) -> None:
    mona = person(db, "Mona Marker")
    appoint(db, draft, mona, Part.MARKER)
    assert facts.clashes(db, draft.board) == ()
    access_service.grant(db, SYSTEM, mona, Role.ADMINISTRATOR)
    assert facts.clashes(db, draft.board) == (
        "Somebody is a panel member and an administrator. One of the two must end.",
    )


def test_candidate_can_take_no_part(db: Session, draft: Draft) -> None:
    cleo = person(db, "Cleo Candidate")
    apply_for(db, draft, cleo)
    for part in (Part.MARKER, Part.CHAIR, Part.CUSTODIAN, Part.AUDITOR, Part.HR):
        with pytest.raises(DutiesApart, match="a candidate of this board"):
            appoint(db, draft, cleo, part)


def test_there_is_one_chair(db: Session, draft: Draft) -> None:
    appoint(db, draft, person(db, "Cara Chair"), Part.CHAIR)
    with pytest.raises(SeatTaken):
        appoint(db, draft, person(db, "Carl Chair"), Part.CHAIR)


@pytest.mark.leak("L69")
@pytest.mark.parametrize("role", [Role.HR, Role.ADMINISTRATOR])
def test_candidate_who_came_to_run_the_system_is_found_at_the_next_move(db: Session, draft: Draft, role: Role) -> None:
    apply_for(db, draft, person(db, "Cato Candidate", role))
    found = [
        each.sentence for each in facts.readiness(db, draft.board, Stage.OPEN).missing if "Somebody" in each.sentence
    ]
    assert found == [f"Somebody is a candidate and {Part(role.value).phrase}. One of the two must end."]


@pytest.mark.leak("L69")
def test_chair_is_never_told_that_somebody_applied(db: Session, draft: Draft) -> None:
    apply_for(db, draft, person(db, "Cato Candidate", Role.ADMINISTRATOR))
    for stage in (Stage.MODERATION, Stage.LOCKED):
        told = " ".join(each.sentence for each in facts.readiness(db, draft.board, stage).facts)
        assert "candidate" not in told


def test_custodians_are_counted_into_the_rules_and_seven_are_the_most(db: Session, draft: Draft) -> None:
    for number in range(7):
        appoint(db, draft, person(db, f"Cus Todian {number}"), Part.CUSTODIAN)
    assert board(db, draft.board).policy.custody.n == 7
    with pytest.raises(TooManyCustodians):
        appoint(db, draft, person(db, "Cus Todian 8"), Part.CUSTODIAN)
    appointing.set_quorum(db, draft.board, 4)
    assert board(db, draft.board).policy.custody.k == 4


def test_same_part_again_changes_nothing(db: Session, draft: Draft) -> None:
    mona = person(db, "Mona Marker")
    appoint(db, draft, mona, Part.MARKER)
    before = len(entries(db, draft.board))
    appoint(db, draft, mona, Part.MARKER)
    assert len(entries(db, draft.board)) == before


def test_part_ends_and_the_log_says_so_by_id(db: Session, draft: Draft) -> None:
    mona = person(db, "Mona Marker")
    appoint(db, draft, mona, Part.MARKER)
    release(db, draft, mona, Part.MARKER)
    assert [each.name for each in queries.people(db, draft.board)] == ["Hana Ross"]
    bodies = b"".join(entry.stored.body for entry in entries(db, draft.board))
    assert b"person.appointed" in bodies
    assert b"person.released" in bodies
    assert str(access.person_of(db, mona)).encode() in bodies
    assert b"Mona" not in bodies
    assert str(mona).encode() not in bodies


def test_part_that_is_not_held_cannot_end(db: Session, draft: Draft) -> None:
    with pytest.raises(Missing):
        release(db, draft, person(db, "Mona Marker"), Part.MARKER)


def test_board_is_never_left_without_hr(db: Session, draft: Draft) -> None:
    with pytest.raises(LastOfHr):
        release(db, draft, draft.hr, Part.HR)
    appoint(db, draft, person(db, "Hugo Ross", Role.HR), Part.HR)
    release(db, draft, draft.hr, Part.HR)


@pytest.mark.parametrize("part", [Part.CHAIR, Part.DEPUTY, Part.CUSTODIAN])
def test_keyholders_are_fixed_once_the_board_is_open(db: Session, draft: Draft, part: Part) -> None:
    held = person(db, "Held Before")
    appoint(db, draft, held, part)
    put_into(db, draft, Stage.OPEN)
    with pytest.raises(WrongStage):
        appoint(db, draft, person(db, "Comes Later"), part)
    with pytest.raises(WrongStage):
        release(db, draft, held, part)


def test_marker_can_join_until_marking_ends_but_not_leave_with_tasks(db: Session, draft: Draft) -> None:
    mona = person(db, "Mona Marker")
    put_into(db, draft, Stage.MARKING)
    appoint(db, draft, mona, Part.MARKER)
    with pytest.raises(WrongStage):
        release(db, draft, mona, Part.MARKER)
    put_into(db, draft, Stage.MODERATION)
    with pytest.raises(WrongStage):
        appoint(db, draft, person(db, "Mark Late"), Part.MARKER)


@pytest.mark.parametrize("part", [Part.CANDIDATE, Part.ADMINISTRATOR])
def test_parts_that_are_not_given_here_do_not_exist_here(db: Session, draft: Draft, part: Part) -> None:
    with pytest.raises(Missing):
        appoint(db, draft, person(db, "Any One"), part)


def test_person_is_found_by_address_number_or_part_of_the_name(db: Session, draft: Draft) -> None:
    mona = person(db, "Mona Marker")
    person(db, "Monica Marker")
    for words in ("MONA.marker@fictional.police.uk", "rekraM", "mona"):
        found = [card.id for card in queries.matching(db, words)]
        assert mona in found
    assert len(queries.matching(db, "marker")) == 2
    assert queries.matching(db, "nobody") == ()
