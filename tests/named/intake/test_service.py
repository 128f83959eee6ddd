"""What a candidate does: write, submit once, look, change her mind. Silent, whole or not at all."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.models import LogEntry
from panel.blind.allocation.models import ExclusionRow
from panel.blind.submissions import queries as submissions
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import WrongStage
from panel.kernel.errors import Missing
from panel.kernel.ids import ReceiptCode
from panel.named.intake import drafting, queries, service
from panel.named.intake.checking import NamesYou, found
from panel.named.intake.draft import Details, Draft, DraftTooLong, StalePart
from panel.named.intake.drafting import AlreadyApplied, DeadlinePassed, HoldsAnotherPart, StoodDown
from panel.named.intake.models import RollState
from panel.named.intake.service import WrongCode
from panel.named.intake.split import Incomplete
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.envelope import identity_info, unseal
from panel.sealed.vault.identity import Identity
from panel.sealed.vault.models import EnvelopeRow
from tests.named.intake.scene import ANSWERS, Scene
from tests.tables import contents


def changed(db: Session, act: Callable[[], object]) -> set[str]:
    before = contents(db)
    act()
    after = contents(db)
    return {name for name in before if before[name] != after[name]}


def test_a_draft_is_kept_and_read_back(scene: Scene) -> None:
    person = scene.person()
    drafting.save(scene.db, scene.keys, person, scene.board, lambda d: d.answered("we-collaborate", 0, "We met."))
    draft = queries.draft(scene.db, scene.keys, scene.board, person.account)
    assert draft is not None
    assert draft.answers == {"we-collaborate": "We met."}
    assert draft.version("we-collaborate") == 1


@pytest.mark.leak("L94")
def test_no_draft_text_is_readable_in_the_database(scene: Scene) -> None:
    scene.write(scene.person(), {**ANSWERS, "we-collaborate": "Lanternfish barriers."})
    assert "Lanternfish" not in str(contents(scene.db))


def test_a_stale_tab_is_told_and_nothing_is_stored(scene: Scene) -> None:
    person = scene.person()
    scene.write(person)
    with pytest.raises(StalePart):
        drafting.save(scene.db, scene.keys, person, scene.board, lambda d: d.answered("we-collaborate", 0, "Older."))
    draft = queries.draft(scene.db, scene.keys, scene.board, person.account)
    assert draft is not None
    assert draft.answers == ANSWERS


def test_a_draft_longer_than_the_boards_one_length_is_refused(scene: Scene) -> None:
    with pytest.raises(DraftTooLong):
        scene.write(scene.person(), {**ANSWERS, "we-collaborate": "x" * 60_000})


@pytest.mark.leak("L69")
@pytest.mark.parametrize("role", list(Role))
def test_nobody_with_another_part_may_write_or_submit(scene: Scene, role: Role) -> None:
    with pytest.raises(HoldsAnotherPart):
        scene.write(scene.person(role))


def test_after_the_deadline_nothing_is_saved_or_submitted(scene: Scene) -> None:
    person = scene.person()
    draft = scene.write(person)
    scene.pass_deadline()
    with pytest.raises(DeadlinePassed):
        scene.write(person)
    with pytest.raises(DeadlinePassed):
        scene.submit(person, draft)


@pytest.mark.vault("V10")
@pytest.mark.leak("L59")
@pytest.mark.leak("L86")
def test_submitting_changes_the_six_tables_and_nothing_else(scene: Scene) -> None:
    person = scene.person()
    known = frozenset({scene.holder(Role.MARKER).id})
    draft = scene.write(person)
    draft = drafting.save(scene.db, scene.keys, person, scene.board, lambda d: d.knowing(d.version("Known"), known))
    tables = changed(scene.db, lambda: scene.submit(person, draft))
    assert tables == {"draft", "roll", "envelope", "equality_envelope", "submission", "exclusion"}


def test_submitting_seals_the_identity_to_the_boards_key(scene: Scene) -> None:
    person = scene.person()
    lodging = scene.apply(person)
    row = scene.db.get_one(EnvelopeRow, lodging.ref)
    lodged = service.view(scene.db, person, scene.board, lodging.code)
    info = identity_info(scene.board, lodging.ref, scene.policy.digest, lodged.answers_digest)
    identity = Identity.read(unseal(scene.pair, info, row.sealed))
    assert (identity.account, identity.name) == (person.account, scene.names[person.account])
    assert identity.content == lodged.answers_digest
    assert lodged.answers == ANSWERS


@pytest.mark.leak("L81")
def test_pressing_submit_again_shows_the_same_receipt_also_after_the_deadline(scene: Scene) -> None:
    person = scene.person()
    draft = scene.write(person)
    lodging = scene.submit(person, draft)
    scene.pass_deadline()
    assert scene.submit(person, draft) == lodging
    with pytest.raises(DeadlinePassed):
        scene.submit(scene.person(), draft)


def test_an_earlier_page_never_submits_a_half_changed_application(scene: Scene) -> None:
    person = scene.person()
    first = scene.write(person)
    lodging = scene.submit(person, first)
    service.amend(scene.db, scene.keys, person, scene.board, lodging.code)
    again = scene.write(person)
    assert (first.code, first.answers, first.versions) == (again.code, again.answers, again.versions)
    with pytest.raises(StalePart):
        scene.submit(person, first)


def test_a_candidate_submits_once(scene: Scene) -> None:
    person = scene.person()
    scene.apply(person)
    with pytest.raises(AlreadyApplied):
        scene.write(person)
    with pytest.raises(AlreadyApplied):
        scene.submit(person, Draft())


def test_an_edition_that_was_not_checked_is_refused(scene: Scene) -> None:
    person = scene.person()
    draft = scene.write(person)
    scene.write(person, {**ANSWERS, "we-collaborate": "Changed in another tab."})
    with pytest.raises(StalePart):
        scene.submit(person, draft)


def test_an_incomplete_or_too_long_application_is_refused_with_everything_that_is_wrong(scene: Scene) -> None:
    person = scene.person()
    draft = drafting.save(
        scene.db, scene.keys, person, scene.board, lambda d: d.answered("we-collaborate", 0, "word " * 301)
    )
    with pytest.raises(Incomplete) as refused:
        scene.submit(person, draft)
    assert refused.value.details == (
        "Answer the question for ‘We take ownership’.",
        "Your answer for ‘We collaborate’ has 301 words. Shorten it to 300 or fewer.",
        "Enter your details.",
        "Say who of the panel knows your work.",
        "Look at the equality questions. You can decline each of them.",
    )


@pytest.mark.leak("L53")
def test_an_answer_that_names_its_author_stops_and_is_never_edited(scene: Scene) -> None:
    person = scene.person(name="Zo\u00eb Okonjo")
    answers = {**ANSWERS, "we-collaborate": "They asked for PC O k o n j o, and she came."}
    draft = scene.write(person, answers)
    kinds = {hit.kind.name for hit in found(scene.policy, draft)["we-collaborate"]}
    assert kinds == {"NAME", "PRONOUN"}
    with pytest.raises(NamesYou) as refused:
        scene.submit(person, draft)
    assert refused.value.details == ("Change “O k o n j o” in your answer for ‘We collaborate’: your name",)
    kept = queries.draft(scene.db, scene.keys, scene.board, person.account)
    assert kept is not None
    assert kept.answers == answers


@pytest.mark.vault("V12")
def test_the_code_opens_ones_own_submission_and_nobody_elses(scene: Scene) -> None:
    mine, other = scene.person(), scene.person()
    lodging, others = scene.apply(mine), scene.apply(other)
    for code in (others.code, ReceiptCode.new()):
        with pytest.raises(WrongCode):
            service.view(scene.db, mine, scene.board, code)
        with pytest.raises(WrongCode):
            service.withdraw(scene.db, mine, scene.board, code)
        with pytest.raises(WrongCode):
            service.amend(scene.db, scene.keys, mine, scene.board, code)
    assert service.view(scene.db, mine, scene.board, lodging.code).ref == lodging.ref


@pytest.mark.vault("V12")
def test_amending_replaces_submission_and_envelopes_under_the_same_code(scene: Scene) -> None:
    person = scene.person()
    first = scene.apply(person)
    draft = service.amend(scene.db, scene.keys, person, scene.board, first.code)
    assert draft.answers == ANSWERS
    assert draft.details is None
    assert service.view(scene.db, person, scene.board, first.code).ref == first.ref
    second = scene.apply(person, {**ANSWERS, "we-collaborate": "A better account of it."})
    assert second.code == first.code
    assert second.ref != first.ref
    assert scene.db.scalars(select(EnvelopeRow.ref)).all() == [second.ref]
    assert scene.db.scalars(select(EqualityEnvelopeRow.ref)).all() == [second.ref]
    assert submissions.refs(scene.db, scene.board) == (second.ref,)
    assert queries.applied(scene.db, scene.board) == 1


@pytest.mark.leak("L48")
@pytest.mark.vault("V12")
def test_withdrawing_while_open_leaves_nothing_and_she_may_apply_again(scene: Scene) -> None:
    person = scene.person()
    lodging = scene.apply(person)
    tables = changed(scene.db, lambda: service.withdraw(scene.db, person, scene.board, lodging.code))
    assert tables == {"roll", "envelope", "equality_envelope", "submission"}
    assert queries.state_of(scene.db, scene.board, person.account) is RollState.WITHDRAWN
    assert queries.applicants(scene.db, scene.board) == ()
    scene.apply(person)
    assert queries.applicants(scene.db, scene.board) == (person.account,)


@pytest.mark.vault("V12")
def test_standing_down_without_the_code_changes_the_roll_alone(scene: Scene) -> None:
    person = scene.person()
    lodging = scene.apply(person)
    assert changed(scene.db, lambda: service.stand_down(scene.db, person, scene.board)) == {"roll"}
    assert queries.stood_down(scene.db, scene.board) == {person.account}
    with pytest.raises(StoodDown):
        scene.write(person)
    with pytest.raises(Missing):
        service.stand_down(scene.db, person, scene.board)
    service.withdraw(scene.db, person, scene.board, lodging.code)
    assert queries.state_of(scene.db, scene.board, person.account) is RollState.WITHDRAWN


def test_declared_people_are_excluded_from_the_submission_alone(scene: Scene) -> None:
    person, marker = scene.person(), scene.holder(Role.MARKER)
    scene.write(person)
    known = frozenset({marker.id})
    draft = drafting.save(scene.db, scene.keys, person, scene.board, lambda d: d.knowing(d.version("Known"), known))
    lodging = scene.submit(person, draft)
    rows = scene.db.execute(select(ExclusionRow.ref, ExclusionRow.marker)).all()
    assert [tuple(row) for row in rows] == [(lodging.ref, marker.id)]


@pytest.mark.leak("L59")
def test_nothing_a_candidate_does_before_the_close_reaches_the_log(scene: Scene) -> None:
    person = scene.person()
    lodging = scene.apply(person)
    service.amend(scene.db, scene.keys, person, scene.board, lodging.code)
    scene.apply(person)
    service.stand_down(scene.db, person, scene.board)
    service.withdraw(scene.db, person, scene.board, lodging.code)
    assert scene.db.scalar(select(func.count()).select_from(LogEntry)) == 0


@pytest.mark.leak("L92")
def test_roll_and_submission_share_no_value_but_the_board(scene: Scene) -> None:
    for _ in range(5):
        scene.apply(scene.person())
    roll = {
        bytes(v)
        for row in scene.db.execute(text("SELECT * FROM roll" if _lite(scene.db) else "SELECT * FROM named.roll"))
        for v in row
        if isinstance(v, bytes | memoryview)
    }
    rows = scene.db.execute(select(*SubmissionRow.__table__.c)).all()
    lodged = {bytes(v) for row in rows for v in row if isinstance(v, bytes)}
    assert roll & lodged == {bytes(scene.board)}


def _lite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"


def test_details_that_are_too_long_are_refused_before_anything_is_stored(scene: Scene) -> None:
    person = scene.person()
    draft = scene.write(person, details=Details("n" * 301, "e@x.example"))
    before = contents(scene.db)
    with pytest.raises(Exception, match="too long together"):
        scene.submit(person, draft)
    scene.db.rollback()
    assert contents(scene.db)["submission"] == before["submission"]


def test_nothing_can_be_written_once_the_board_is_closed(scene: Scene) -> None:
    person = scene.person()
    scene.db.execute(text(f"UPDATE {'board' if _lite(scene.db) else 'open.board'} SET stage = 'closed'"))
    scene.db.expire_all()
    with pytest.raises(WrongStage):
        scene.write(person)
