"""Outcomes counted again in a later ceremony: only counts leave, and only where old and new table betray nobody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.blind.merit import amending
from panel.blind.merit import queries as merit
from panel.blind.merit.amending import Change
from panel.board.queries import board as read_board
from panel.kernel import clock, keyfiles
from panel.kernel.ids import CeremonyId, Number
from panel.named.monitoring import queries as monitoring
from panel.named.monitoring.adverse_impact import Outcome
from panel.named.unsealing.ceremony import LASTS, Ceremony, State
from panel.named.unsealing.models import CeremonyRow
from panel.named.unsealing.occasion import NotCalledFor, Occasion
from panel.named.unsealing.process import in_this_process
from panel.sealed.vault.opening import WHY, Unsound
from tests.named.unsealing.promises import log_stands
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import restore, sealed, spoilt_envelope, submissions
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = [pytest.mark.vault("V17"), pytest.mark.leak("L41")]

RECOUNT = Occasion.RECOUNT


@pytest.fixture
def failed(stage_at: Callable[[str], Stage]) -> Iterator[Stage]:
    """Twenty candidates, ten women and ten men; nobody passed, and the names are open."""
    stage = stage_at("failed")
    with clock.set_to(stage.season.moment), in_this_process(stage.config):
        yield stage


def numbers(stage: Stage) -> tuple[list[Number], list[Number]]:
    """The numbers of the women and of the men."""
    of = {one.account: one.number for one in stage.revealed()}
    listed = [of[member.account] for member in stage.people.candidates]
    return listed[::2], listed[1::2]


def amend(stage: Stage, changed: list[Number], score: int = 5) -> None:
    """Two leaders change the one score of each, so that she passes."""
    (criterion,), because = stage.season.policy.keys, "Read anew on appeal."
    chair, deputy = stage.acting(stage.people.chair), stage.acting(stage.people.deputy)
    for number in changed:
        with stage.database.writing("blind") as db:
            amending.propose(db, stage.board, chair, number, criterion, Change(score, because))
            (waiting,) = merit.proposals(db, stage.board)
            amending.confirm(db, stage.board, deputy, number, criterion, waiting.seen)


def recount(stage: Stage) -> None:
    stage.almost(RECOUNT)
    stage.finish(occasion=RECOUNT.value)


def begun_without(stage: Stage, number: Number) -> None:
    """As somebody writes it who may write into the log and the table, and is asked by no page."""
    with stage.database.writing() as db:
        held, head = read_board(db, stage.board), sign_head(db, stage.board, Signer.of(stage.config.keys))
        begun = Ceremony(
            id=CeremonyId.new(),
            board=stage.board,
            marks_root=held.marks_root or b"",
            head_size=head.size,
            head_root=head.root,
            exceptions=(number,),
            opened_on=clock.today(),
            expires_on=clock.today() + LASTS,
            state=State.OPEN,
            occasion=RECOUNT,
        )
        written = {"exceptions": f"[{number}]", "state": "open", "occasion": RECOUNT.value}
        asked = {"opened_by": stage.people.custodians[0].marker}
        db.execute(insert(CeremonyRow).values(**vars(begun) | written | asked))
        append(db, stage.board, "ceremony.opened", None, "custodian", begun.facts)


def table(stage: Stage, key: str = "sex") -> dict[str, Outcome | None]:
    with stage.database.reading() as db:
        (found,) = (each for each in monitoring.tables(db, stage.board) if each.characteristic.key == key)
    return {row.label: row.outcome for row in found.rows} | {"total": found.total}


def facts(stage: Stage) -> Any:
    (entry,) = stage.log("names.opened_again")
    return entry.facts


def test_changes_spread_over_both_groups_are_counted_again(failed: Stage) -> None:
    women, men = numbers(failed)
    before, names = table(failed), failed.revealed()
    assert (before["Female"], before["Male"], before["total"]) == (Outcome(10, 0), Outcome(10, 0), Outcome(20, 0))
    amend(failed, women[:5] + men[:5])
    recount(failed)
    after = table(failed)
    assert (after["Female"], after["Male"], after["total"]) == (Outcome(10, 5), Outcome(10, 5), Outcome(20, 10))
    said = facts(failed)
    assert (said["gained"], said["lost"], said["tables"]) == (10, 0, ["sex"])
    assert said["names_root"] == failed.log("board.unsealed")[0].facts["names_root"]
    assert failed.revealed() == names
    with failed.database.reading() as db:
        log_stands(db, failed)
    hr = Visitor.of(failed, failed.people.hr)
    page = plain(hr.get(f"/monitoring/{failed.board}"))
    assert page.count("Counted again on") == 2
    assert "They have been counted again, and a board’s outcomes are counted again only once." in page
    amend(failed, women[5:] + men[5:])
    with pytest.raises(NotCalledFor, match="only once"):
        failed.begin(occasion=RECOUNT)


def test_changes_in_one_group_alone_are_not_shown_and_the_attempt_is_spent(failed: Stage) -> None:
    women, men = numbers(failed)
    before = table(failed)
    amend(failed, women)
    recount(failed)
    assert table(failed) == before
    assert facts(failed)["tables"] == []
    hr = Visitor.of(failed, failed.people.hr)
    assert "Every table stays as it was" in plain(hr.get(f"/monitoring/{failed.board}"))
    amend(failed, men)
    with pytest.raises(NotCalledFor, match="only once"):
        failed.begin(occasion=RECOUNT)


def test_fewer_changes_begin_nothing_and_the_pages_say_how_many_it_takes(failed: Stage) -> None:
    women, men = numbers(failed)
    amend(failed, women[:5] + men[:4])
    with pytest.raises(NotCalledFor):
        failed.begin(occasion=RECOUNT)
    told = "Since outcomes were first counted 9 results changed: 9 to a pass, 0 from one."
    custodian, hr = (Visitor.of(failed, who) for who in (failed.people.custodians[0], failed.people.hr))
    for page in (custodian.get(f"/boards/{failed.board}/ceremony"), hr.get(f"/monitoring/{failed.board}")):
        assert told in plain(page)
        assert "once 10 results or more have changed" in plain(page)
    shown = plain(custodian.get(f"/boards/{failed.board}/ceremony/again"))
    assert "There is nothing to open the envelopes again for." in shown
    assert "Begin a later ceremony" not in shown


def test_a_change_while_the_ceremony_runs_ends_it(failed: Stage) -> None:
    women, men = numbers(failed)
    before = table(failed)
    amend(failed, women[:5] + men[:5])
    failed.almost(RECOUNT)
    amend(failed, [men[5]])
    with pytest.raises(Unsound) as refused:
        failed.finish(occasion=RECOUNT.value)
    assert refused.value.check == "C1"
    assert table(failed) == before


@pytest.mark.vault("V07")
@pytest.mark.thorough
def test_nobody_is_left_out_of_a_recount_and_the_attempt_is_not_spent(failed: Stage) -> None:
    """Beside the first table one without her would show what she answered: it is told by number, and all stays."""
    women, men = numbers(failed)
    before, names, (ref, number, _) = table(failed), failed.revealed(), submissions(failed)[0]
    amend(failed, women[:5] + men[:5])
    sound = sealed(failed, ref)
    spoilt_envelope(failed)
    failed.almost(RECOUNT)
    with pytest.raises(Unsound) as refused:
        failed.finish(occasion=RECOUNT.value)
    assert (refused.value.check, refused.value.numbers) == ("C7", (number,))
    told = plain(Visitor.of(failed, failed.people.hr).get(f"/boards/{failed.board}/ceremony"))
    assert f"refused by check C7. {WHY['C7']} It is about {number}." in told
    assert (table(failed), failed.revealed()) == (before, names)
    restore(failed, ref, sound)
    failed.finish(occasion=RECOUNT.value)
    assert table(failed)["total"] == Outcome(20, 10)


@pytest.mark.vault("V07")
def test_a_recount_that_sets_somebody_aside_is_refused_though_log_and_table_say_so(failed: Stage) -> None:
    women, men = numbers(failed)
    before, (_, number, _) = table(failed), submissions(failed)[0]
    amend(failed, women[:5] + men[:5])
    spoilt_envelope(failed)
    begun_without(failed, Number(number))
    typed = {"occasion": RECOUNT.value, "exceptions": str(number)}
    for member in (failed.people.chair, failed.people.custodians[0]):
        failed.release(member, **typed)
    with pytest.raises(Unsound) as refused:
        failed.finish(**typed)
    assert (refused.value.check, refused.value.numbers) == ("C10", (number,))
    assert table(failed) == before


@pytest.mark.thorough
def test_who_was_taken_from_the_table_of_names_is_counted_all_the_same(failed: Stage) -> None:
    women, men = numbers(failed)
    amend(failed, women[:5] + men[:6])
    failed.spoil("DELETE FROM {named.revealed} WHERE number = :number", number=int(men[0]))
    recount(failed)
    assert facts(failed)["gained"] == 11


@pytest.mark.thorough
def test_a_table_that_was_changed_is_left_for_the_auditor_to_ask_about(failed: Stage) -> None:
    women, men = numbers(failed)
    amend(failed, women[:5] + men[:5])
    failed.spoil("UPDATE {named.outcome_count} SET count = 7 WHERE characteristic = 'sex' AND outcome = 'applied'")
    before = table(failed)
    recount(failed)
    assert table(failed) == before
    assert facts(failed)["tables"] == []


@pytest.mark.thorough
def test_names_that_cannot_be_read_are_not_made_readable_by_a_recount(failed: Stage) -> None:
    women, men = numbers(failed)
    amend(failed, women[:5] + men[:5])
    keyfiles.destroy(failed.config.keys, keyfiles.results(failed.board))
    recount(failed)
    assert facts(failed)["tables"] == ["sex"]
    assert not keyfiles.exists(failed.config.keys, keyfiles.results(failed.board))
