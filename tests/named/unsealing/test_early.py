"""One envelope opened early: quorum and panel in one sitting, one name for one person, and the place is lost."""

import pytest
from sqlalchemy import func, select

from migrations.catalogue import combined
from panel.audit import heads
from panel.audit import queries as audit
from panel.audit.heads import Signer
from panel.blind.allocation.models import TaskRow
from panel.blind.marking.models import MarkRow
from panel.blind.merit import queries as merit
from panel.blind.moderation import desk
from panel.blind.moderation import queries as moderation
from panel.blind.submissions import queries as blind
from panel.blind.submissions import service as submission_service
from panel.blind.submissions.models import State, SubmissionRow
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.named.results import queries as results
from panel.named.unsealing import cancelling, ceremony_queries
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.models import SingleOpeningRow
from panel.named.unsealing.sitting import NoSuchNumber, NotEnough, SetAsideAlready
from panel.sealed.vault.models import ReleaseRow
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.sitting import (
    Target,
    ask,
    left,
    name,
    quorum,
    seat,
    target,
    together,
)
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.tampering import another_key, bad_share, forge, log_byte, submissions
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = pytest.mark.vault("V15")


def test_k_custodians_and_the_panel_open_one_name_for_the_one_who_asked(moderated: Stage) -> None:
    one = target(moderated)
    ask(moderated, one.number)
    assert name(moderated, moderated.people.custodians[0], one.number) == one.author.name
    for member in (
        *moderated.people.custodians[1:],
        moderated.people.chair,
        moderated.people.hr,
        moderated.people.auditor,
    ):
        with pytest.raises(Missing):
            name(moderated, member, one.number)
    assert moderated.revealed() == ()


def test_the_submission_leaves_every_queue_and_list(moderated: Stage) -> None:
    one = target(moderated)
    ask(moderated, one.number)
    with moderated.database.reading() as db:
        live = (TaskRow.ref == one.ref) & TaskRow.state.in_(["open", "done"])
        assert db.scalar(select(func.count()).select_from(TaskRow).where(live)) == 0
        assert one.ref not in blind.refs(db, moderated.board)
        assert one.number not in blind.numbers(db, moderated.board).values()
        assert one.ref not in blind.shown(db, moderated.board)
        answers = moderation.answers(db, read_board(db, moderated.board))
        assert {each.number for each in answers} == {n for _, n, _ in submissions(moderated)} - {one.number}
        assert moderation.unsettled(db, moderated.board) == 0
        assert desk.overview(db, moderated.acting(moderated.people.chair), moderated.board).aside == (one.number,)


def test_no_key_material_is_left_and_the_log_says_it_without_a_name(moderated: Stage) -> None:
    one = target(moderated)
    before = names_in(moderated, one)
    ask(moderated, one.number)
    assert names_in(moderated, one) == before == {"account"}
    with moderated.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ReleaseRow)) == 0
        signed = audit.signed_heads(db, moderated.board)
        assert signed[-1].size == audit.head(db, moderated.board).size
        assert heads.faulty(moderated.board, signed, Signer.of(moderated.config.keys).public) == ()
    entry = moderated.log("envelope.opened_early")[0]
    assert entry.actor == moderated.people.custodians[0].marker
    assert set(entry.facts) == {"number", "reason_digest", "seats"}
    assert list(entry.facts["seats"]) == sorted(seat(moderated, each) for each in quorum(moderated))  # type: ignore[call-overload]
    assert not any(part in entry.stored.body.decode() for part in (one.author.name, "threat", str(one.author.account)))


def names_in(stage: Stage, one: Target) -> set[str]:
    """The tables of which any value holds the author's name."""
    found = set()
    with stage.database.reading() as db:
        for table in combined(schemas=not stage.database.is_sqlite).sorted_tables:
            for row in db.execute(select(table).order_by(*table.primary_key.columns)):
                values = b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
                found |= {table.name} if one.author.name.encode() in values else set()
    return found


@pytest.mark.parametrize("lacking", ["a custodian", "the panel", "the one who asks"])
def test_fewer_than_quorum_and_panel_open_nothing_and_cost_no_attempt(moderated: Stage, lacking: str) -> None:
    one, people = target(moderated), moderated.people
    there = {
        "a custodian": (people.custodians[0], people.chair, people.deputy),
        "the panel": people.custodians,
        "the one who asks": (*people.custodians[1:], people.chair),
    }[lacking]
    with pytest.raises(NotEnough):
        ask(moderated, one.number, together(moderated, *there))
    assert_nothing(moderated, one)
    assert {left(moderated, member) for member in people.keyholders} == {5}


def assert_nothing(stage: Stage, one: Target) -> None:
    with stage.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SingleOpeningRow)) == 0
        assert db.scalar(select(SubmissionRow.state).where(SubmissionRow.ref == one.ref)) == State.LODGED


def test_a_refused_early_opening_is_not_taken_for_a_refused_ceremony(locked: Stage) -> None:
    one = target(locked)
    locked.almost()
    spoil(locked, "C7", one)
    with pytest.raises(Unsound):
        ask(locked, one.number)
    assert locked.log("unseal.refused") == ()
    assert list(locked.log("early.refused")[-1].facts["numbers"]) == [one.number]  # type: ignore[call-overload]
    with locked.database.reading() as db:
        assert ceremony_queries.refused(db, locked.board) == ()
        assert ceremony_queries.last_refusal(db, locked.board) is None


def test_a_number_that_is_not_there_or_was_opened_before_is_refused(moderated: Stage) -> None:
    one = target(moderated)
    for number in (100_000 if one.number != 100_000 else 100_001, 0):
        with pytest.raises(NoSuchNumber):
            ask(moderated, number)
    ask(moderated, one.number)
    with pytest.raises(SetAsideAlready):
        ask(moderated, one.number, member=moderated.people.custodians[1])
    with moderated.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SingleOpeningRow)) == 1


@pytest.mark.vault("V06")
@pytest.mark.parametrize("check", ["C2", "C4", "C5", "C6", "C7", "C8", "C9"])
def test_what_was_changed_is_refused_by_the_check_that_owns_it(moderated: Stage, check: str) -> None:
    one = target(moderated)
    spoil(moderated, check, one)
    with pytest.raises(Unsound) as refused:
        ask(moderated, one.number)
    assert refused.value.check == check
    assert set(refused.value.numbers) <= {one.number}
    assert_nothing(moderated, one)


def spoil(stage: Stage, check: str, one: Target) -> None:
    position = [number for _, number, _ in submissions(stage)].index(int(one.number))
    if check == "C6":
        forge(stage, position, one.author.account, "Another Name")
    elif check == "C7":
        bad = {"bad": bytes(2160), "ref": bytes(one.ref)}
        stage.spoil("UPDATE {sealed.envelope} SET sealed = :bad WHERE ref = :ref", **bad)
    elif check == "C8":
        forge(stage, position, stage.people.markers[0].account, "A stranger")
    elif check == "C9":
        stage.spoil("DELETE FROM {sealed.envelope} WHERE ref = :ref", ref=bytes(one.ref))
    else:
        {"C2": log_byte, "C4": another_key, "C5": bad_share}[check](stage)


def test_before_the_lock_it_gets_no_place_and_the_others_are_opened_as_ever(moderated: Stage) -> None:
    one = target(moderated)
    ask(moderated, one.number)
    moderated.season.lock()
    with moderated.database.reading() as db:
        assert one.number not in {place.number for place in merit.merit_list(db, moderated.board)}
        assert read_board(db, moderated.board).marks_root == merit.marks_root(db, moderated.board)
        assert db.scalar(select(func.count()).select_from(MarkRow).where(MarkRow.ref == one.ref))
    moderated.almost()
    assert moderated.finish() is Act.FINISH
    assert len(moderated.revealed()) == CANDIDATES - 1
    assert one.number not in {each.number for each in moderated.revealed()}
    assert_set_aside_on_the_list(moderated, one)


def assert_set_aside_on_the_list(stage: Stage, one: Target) -> None:
    with stage.database.reading() as db:
        sheet = results.named_list(db, stage.config.keys, stage.board)
    assert sheet.aside == (one.number,)
    assert one.number not in {row.place.number for row in sheet.rows}
    assert sheet.lines[-1][:3] == ("–", "Set aside", "Set aside")
    assert str(one.number) in sheet.lines[-1]
    page = plain(Visitor.of(stage, stage.people.hr).get(f"/results/{stage.board}/list"))
    assert f"Set aside: {one.number}" in page
    assert one.author.name not in page


def test_after_the_lock_it_ends_the_ceremony_and_leaves_the_marks_root(locked: Stage) -> None:
    one = target(locked)
    locked.almost()
    root = locked.progress().marks_root
    ask(locked, one.number)
    assert locked.progress().ceremony is None
    with locked.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ReleaseRow)) == 0
        assert merit.marks_root(db, locked.board) == root
    assert [entry.kind for entry in locked.log()][-2:] == ["ceremony.overtaken", "envelope.opened_early"]
    page = plain(Visitor.of(locked, locked.people.hr).get(f"/boards/{locked.board}/ceremony"))
    assert "something had changed since it was opened" in page
    locked.almost()
    assert locked.finish() is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES - 1
    assert_set_aside_on_the_list(locked, one)


def test_a_set_aside_submission_does_not_come_back_by_being_withdrawn(moderated: Stage) -> None:
    one = target(moderated)
    ask(moderated, one.number)
    with moderated.database.writing() as db:
        tag = db.scalar(select(SubmissionRow.code_tag).where(SubmissionRow.ref == one.ref))
        submission_service.withdraw(db, moderated.board, tag or b"")
    with moderated.database.reading() as db:
        assert one.ref not in blind.refs(db, moderated.board)


def test_the_name_goes_when_the_board_is_cancelled(moderated: Stage) -> None:
    one = target(moderated)
    ask(moderated, one.number)
    cancelling.cancel(
        moderated.database, moderated.config, moderated.acting(moderated.people.hr), moderated.board, reason="posts"
    )
    with moderated.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SingleOpeningRow)) == 0
    with pytest.raises(Missing):
        name(moderated, moderated.people.custodians[0], one.number)


def test_nothing_is_opened_early_once_the_names_are_open(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    visitor = Visitor.of(locked, locked.people.custodians[0])
    assert "No envelope can be opened early any more" in plain(visitor.get(f"/boards/{locked.board}/early"))
    assert visitor.get(f"/boards/{locked.board}/early/sitting").status_code == 409
