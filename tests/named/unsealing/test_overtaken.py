"""An amendment while a ceremony is open: nothing opens, the page says why, and a new ceremony binds the new head."""

import pytest
from sqlalchemy import insert, select

from panel.audit import queries as audit
from panel.blind.merit import amending
from panel.blind.merit import queries as merit
from panel.blind.merit.amending import Change
from panel.blind.merit.merit_list import Outcome, Place
from panel.blind.merit.models import AmendmentRow
from panel.blind.merit.queries import NotLogged
from panel.board.policy import ratio
from panel.kernel.clock import today
from panel.kernel.ids import MarkerId
from panel.named.monitoring.models import OutcomeCount
from panel.named.unsealing import convening, queries
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.convening import CeremonyOpen
from panel.playing.company import Member
from panel.sealed.vault.models import ReleaseRow
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = pytest.mark.vault("V16")

BECAUSE = "Two marks were read in the wrong order."


def place(locked: Stage) -> Place:
    """Somebody who did not pass, or else the last who did."""
    with locked.database.reading() as db:
        return merit.merit_list(db, locked.board)[-1]


def amend(locked: Stage, score: int, *, confirmed: bool = True) -> Place:
    """Every score of the last on the list is put right, as leaders do it: with the rights of the blind side alone."""
    last = place(locked)
    for criterion in locked.season.policy.keys:
        if last.scores[criterion] == score:
            continue
        with locked.database.writing("blind") as db:
            chair = locked.acting(locked.people.chair)
            amending.propose(db, locked.board, chair, last.number, criterion, Change(score, BECAUSE))
        if not confirmed:
            continue
        with locked.database.writing("blind") as db:
            (waiting,) = merit.proposals(db, locked.board)
            deputy = locked.acting(locked.people.deputy)
            amending.confirm(db, locked.board, deputy, last.number, criterion, waiting.seen)
    return last


def page(locked: Stage, member: Member | None = None) -> str:
    who = Visitor.of(locked, member or locked.people.custodians[1])
    return plain(who.get(f"/boards/{locked.board}/ceremony"))


def test_a_confirmed_amendment_ends_the_ceremony_and_nothing_opens(locked: Stage) -> None:
    locked.almost()
    amend(locked, 5)
    with pytest.raises(Unsound) as refused:
        locked.finish()
    assert refused.value.check == "C1"
    assert locked.revealed() == ()
    assert locked.log("unseal.refused")[-1].facts["check"] == "C1"


def test_a_proposal_alone_ends_nothing(locked: Stage) -> None:
    locked.almost()
    amend(locked, 5, confirmed=False)
    assert not locked.progress().overtaken
    assert locked.finish() is Act.FINISH


def test_the_pages_say_that_it_was_overtaken_and_who_begins_again(locked: Stage) -> None:
    locked.almost()
    amend(locked, 5)
    shown = page(locked)
    assert "This ceremony was overtaken. A score was changed after it was opened." in shown
    assert "Open another ceremony" in shown
    assert "Custodians release: 0 of the 2 needed" in shown
    assert "Open the names" not in shown
    for member in (locked.people.hr, locked.people.chair):
        assert "A custodian opens another one" in page(locked, member)
    visitor = Visitor.of(locked, locked.people.custodians[1])
    refused = visitor.get(f"/boards/{locked.board}/ceremony/release")
    assert refused.status_code == 409
    assert "This ceremony was overtaken by a later change." in plain(refused)


@pytest.mark.leak("L60")
def test_hr_and_custodians_learn_that_a_score_was_changed_and_not_whose_or_which(locked: Stage) -> None:
    locked.almost()
    last = amend(locked, 5)
    for member in (locked.people.hr, locked.people.custodians[0]):
        shown = page(locked, member)
        assert str(last.number) not in shown
        assert BECAUSE not in shown


def test_a_new_ceremony_binds_the_head_after_the_amendment_and_opens_the_names(locked: Stage) -> None:
    locked.almost()
    first = locked.progress().ceremony
    amend(locked, 5)
    locked.begin(locked.people.custodians[1])
    second = locked.progress().ceremony
    assert first is not None
    assert second is not None
    entry = locked.log("ceremony.overtaken")[0]
    assert entry.facts == {"ceremony": str(first.id)}
    confirmed = [entry.stored.seq for entry in locked.log("amendment.confirmed")]
    assert first.head_size <= confirmed[0] <= confirmed[-1] < second.head_size
    with locked.database.reading() as db:
        assert second.head_size in {head.size for head in audit.signed_heads(db, locked.board)}
        assert db.scalars(select(ReleaseRow.ceremony).order_by(ReleaseRow.ceremony)).all() == []
    with pytest.raises(CeremonyOpen):
        locked.begin()
    locked.release(locked.people.deputy)
    locked.release(locked.people.custodians[0])
    assert locked.finish() is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES


def test_what_was_released_for_an_overtaken_ceremony_is_gone_with_the_next_daily_round(locked: Stage) -> None:
    locked.almost()
    amend(locked, 5)
    with locked.database.writing() as db:
        assert convening.close_expired(db) == 1
        assert queries.open_ceremony(db, locked.board) is None
        assert db.scalars(select(ReleaseRow.ceremony).order_by(ReleaseRow.ceremony)).all() == []
    assert [entry.role for entry in locked.log("ceremony.overtaken")] == ["system"]
    assert locked.log("ceremony.expired") == ()


@pytest.mark.leak("L102")
def test_a_row_that_no_log_knows_opens_nothing_by_c3_and_moves_no_list(locked: Stage) -> None:
    locked.almost()
    last = place(locked)
    key = locked.season.policy.keys[0]
    row = {"board": locked.board, "seq": 1, "number": last.number, "what": key, "before": ratio(last.scores[key])}
    row |= {"after": "9/7", "reason": BECAUSE, "decided_by": MarkerId.new(), "confirmed_by": MarkerId.new()}
    with locked.database.writing("blind") as db:
        db.execute(insert(AmendmentRow).values(**row, on=today()))
    with locked.database.reading() as db, pytest.raises(NotLogged):
        merit.standings(db, locked.board)
    with pytest.raises(Unsound) as refused:
        locked.finish()
    assert refused.value.check == "C3"
    assert locked.revealed() == ()
    assert locked.log("unseal.refused")[-1].facts["check"] == "C3"


def test_outcomes_are_counted_from_the_list_as_it_stands_with_amendments(locked: Stage) -> None:
    with locked.database.reading() as db:
        before = sum(one.outcome is Outcome.PASSED for one in merit.merit_list(db, locked.board))
    passes = place(locked).outcome is Outcome.PASSED
    amend(locked, 1 if passes else 5)
    locked.almost()
    locked.finish()
    with locked.database.reading() as db:
        assert sum(one.outcome is Outcome.PASSED for one in merit.merit_list(db, locked.board)) == before
        counts = dict(
            db.execute(
                select(OutcomeCount.outcome, OutcomeCount.count)
                .where(OutcomeCount.group == "total", OutcomeCount.characteristic == "sex")
                .order_by(OutcomeCount.outcome)
            ).all()
        )
    assert counts == {"applied": CANDIDATES, "passed": before + (-1 if passes else 1)}
