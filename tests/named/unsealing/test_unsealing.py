"""The ceremony through its verbs: who must be present, in which order, and all names or none."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from panel.audit import heads
from panel.audit import queries as audit
from panel.audit.heads import Signer
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage as BoardStage
from panel.cli import cli
from panel.kernel import clock, keyfiles
from panel.kernel.errors import Missing
from panel.named.monitoring.models import OutcomeCount
from panel.named.unsealing import convening, keyholding, queries
from panel.named.unsealing.ceremony import Act, AlreadyReleased, PanelFirst, WrongWords
from panel.named.unsealing.child.checks import AlreadyUnsealed, NoCeremony
from panel.named.unsealing.convening import CeremonyOpen
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.reach import NoSeat
from panel.named.unsealing.results_key import NamesUnreadable
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import WrongPassphrase
from panel.sealed.vault.models import ReleaseRow
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.stage import CANDIDATES, Stage


@pytest.mark.vault("V05")
@pytest.mark.leak("L99")
def test_names_appear_all_at_once_with_panel_and_quorum(locked: Stage) -> None:
    locked.begin()
    assert locked.release(locked.people.deputy) is Act.RELEASE
    assert locked.release(locked.people.custodians[2]) is Act.RELEASE
    assert locked.revealed() == ()
    assert locked.release(locked.people.custodians[0]) is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES
    assert locked.progress().stage is BoardStage.UNSEALED


@pytest.mark.leak("L103")
def test_every_name_stands_beside_its_own_answers(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    with locked.database.reading() as db:
        texts = submissions.shown(db, locked.board)
        refs = {card.number: card.ref for card in submissions.cards(db, locked.board)}
    for one in locked.revealed():
        assert texts[refs[one.number]] == locked.season.written[one.account]
    assert {one.name for one in locked.revealed()} == {member.name for member in locked.people.candidates}


def test_a_candidate_finds_her_own_row_alone(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    member = locked.people.candidates[2]
    with locked.database.reading() as db:
        own = queries.revealed_to(db, locked.config.keys, locked.board, member.account)
        nobody = queries.revealed_to(db, locked.config.keys, locked.board, locked.people.hr.account)
    assert own is not None
    assert own.account == member.account
    assert nobody is None


def test_nobody_is_told_that_there_is_no_result_because_a_key_is_gone(locked: Stage) -> None:
    candidate, keys = locked.people.candidates[2].account, locked.config.keys
    with locked.database.reading() as db:
        assert queries.revealed_to(db, keys, locked.board, candidate) is None
    locked.almost()
    locked.finish()
    keyfiles.destroy(keys, keyfiles.results(locked.board))
    with locked.database.reading() as db, pytest.raises(NamesUnreadable):
        queries.revealed_to(db, keys, locked.board, candidate)
    locked.spoil("DELETE FROM {named.revealed}")  # as once archived
    with locked.database.reading() as db:
        assert queries.revealed_to(db, keys, locked.board, candidate) is None


def test_opened_names_lie_sealed_and_die_with_the_results_key(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    with locked.database.reading() as db:
        rows = list(db.scalars(select(RevealedRow).order_by(RevealedRow.number)))
    names = [member.name.encode() for member in locked.people.candidates]
    assert not any(name in row.identity for row in rows for name in names)
    keyfiles.destroy(locked.config.keys, keyfiles.results(locked.board))
    with pytest.raises(NamesUnreadable):
        locked.revealed()


def test_the_unsealing_is_logged_with_its_root_and_seats_and_its_head_is_signed(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    facts = locked.log("board.unsealed")[0].facts
    assert sorted(str(seat).split()[0] for seat in facts["seats"]) == ["hr", "hr", "panel"]  # type: ignore[union-attr]
    assert (facts["revealed"], facts["submissions"]) == (CANDIDATES, CANDIDATES)
    with locked.database.reading() as db:
        signed = audit.signed_heads(db, locked.board)
        assert signed[-1].size == audit.head(db, locked.board).size
        assert heads.faulty(locked.board, signed, Signer.of(locked.config.keys).public) == ()
    texts = [entry.stored.body.decode() for entry in locked.log()]
    for member in locked.people.candidates:
        assert not any(part in text for text in texts for part in (member.name, member.email, str(member.account)))


def test_releases_are_gone_and_counts_are_kept(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    with locked.database.reading() as db:
        assert list(db.scalars(select(ReleaseRow.ceremony).order_by(ReleaseRow.ceremony))) == []
        totals = db.scalars(
            select(OutcomeCount.count).where(
                OutcomeCount.group == "total", OutcomeCount.outcome == "applied", OutcomeCount.characteristic == "sex"
            )
        )
        assert list(totals) == [CANDIDATES]


def test_the_panel_turns_its_key_first(locked: Stage) -> None:
    locked.begin()
    with pytest.raises(PanelFirst):
        locked.release(locked.people.custodians[0])
    assert locked.progress().standing.custodians == frozenset()


def test_one_panel_release_is_enough_and_no_seat_releases_twice(locked: Stage) -> None:
    locked.begin()
    locked.release(locked.people.chair)
    with pytest.raises(AlreadyReleased):
        locked.release(locked.people.deputy)
    locked.release(locked.people.custodians[0])
    with pytest.raises(AlreadyReleased):
        locked.release(locked.people.custodians[0])


def test_a_custodian_who_released_may_still_be_the_one_to_finish(locked: Stage) -> None:
    """Two who released at the same moment would otherwise wait for each other."""
    locked.almost()
    assert locked.progress(locked.people.custodians[0]).act is None
    assert locked.progress(locked.people.custodians[1]).act is Act.FINISH


@pytest.mark.leak("L100")
def test_wrong_words_release_nothing_and_cost_no_attempt(locked: Stage) -> None:
    locked.begin()
    with pytest.raises(WrongWords):
        locked.release(locked.people.chair, words="abandon ability")
    with locked.database.reading() as db:
        holder = vault.keyholder_of(db, locked.people.chair.account)
        assert holder is not None
    assert not locked.progress().standing.panel_released


def test_the_wrong_passphrase_releases_nothing(locked: Stage) -> None:
    locked.begin()
    with pytest.raises(WrongPassphrase):
        locked.release(locked.people.chair, passphrase=locked.passphrase(locked.people.deputy))
    assert not locked.progress().standing.panel_released


def test_without_a_ceremony_nothing_is_released(locked: Stage) -> None:
    with pytest.raises(NoCeremony):
        locked.release(locked.people.chair)
    with pytest.raises(Missing):
        locked.begin(locked.people.chair)
    locked.begin()
    with pytest.raises(CeremonyOpen):
        locked.begin(locked.people.custodians[1])


def test_only_keyholders_act(locked: Stage) -> None:
    locked.begin()
    for member in (locked.people.hr, locked.people.markers[0], locked.people.candidates[0], locked.people.auditor):
        with pytest.raises(Missing):
            keyholding.enrol(locked.database, locked.config, locked.acting(member))
    person = locked.acting(locked.people.hr)
    with pytest.raises(NoSeat):
        convening.release(
            locked.database, locked.config, person, locked.board, words=locked.first_words, passphrase="abandon"
        )


def test_an_aborted_ceremony_leaves_nothing_released(locked: Stage) -> None:
    locked.almost()
    with locked.database.writing() as db:
        convening.abort(db, locked.acting(locked.people.custodians[2]), locked.board)
    with pytest.raises(NoCeremony):
        locked.finish()
    with locked.database.reading() as db:
        assert list(db.scalars(select(ReleaseRow.ceremony).order_by(ReleaseRow.ceremony))) == []
    locked.almost()
    assert locked.finish() is Act.FINISH
    assert len(locked.log("ceremony.aborted")) == 1


def test_an_expired_ceremony_opens_nothing_and_gives_way_to_another(locked: Stage) -> None:
    locked.almost()
    with clock.set_to(clock.now() + timedelta(days=8)):
        with pytest.raises(Unsound) as refused:
            locked.finish()
        assert refused.value.check == "C1"
        assert locked.revealed() == ()
        locked.almost()
        assert locked.finish() is Act.FINISH
    assert len(locked.log("ceremony.expired")) == 1


@pytest.mark.vault("V05")
def test_what_was_released_for_a_ceremony_that_ran_out_is_gone_without_another(locked: Stage) -> None:
    locked.almost()
    assert (released(locked), close_expired(locked)) == (True, 0)
    with clock.set_to(clock.now() + timedelta(days=7)):
        assert close_expired(locked) == 0
    with clock.set_to(clock.now() + timedelta(days=8)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("panel.cli.from_environment", lambda: locked.config)
            done = CliRunner().invoke(cli, ["send-mail"])
        assert "Ceremonies closed because they had run out or were overtaken: 1." in done.output
        assert (close_expired(locked), released(locked)) == (0, False)
        assert locked.progress().ceremony is None
    entry = locked.log("ceremony.expired")[0]
    assert (entry.actor, entry.role) == (None, "system")


def close_expired(locked: Stage) -> int:
    with locked.database.writing() as db:
        return convening.close_expired(db)


def released(locked: Stage) -> bool:
    with locked.database.reading() as db:
        return db.scalars(select(ReleaseRow.ceremony).order_by(ReleaseRow.ceremony)).first() is not None


def test_once_open_the_names_are_not_opened_again(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    with pytest.raises(AlreadyUnsealed):
        locked.release(locked.people.custodians[2])


def test_a_share_can_be_proved_without_releasing_it(locked: Stage) -> None:
    member = locked.people.custodians[2]
    keyholding.prove_seat(
        locked.database, locked.config, locked.acting(member), locked.board, passphrase=locked.passphrase(member)
    )
    with locked.database.reading() as db:
        assert vault.seats_of(db, member.account)[locked.board].proved_on == clock.today()
    assert len(locked.log("seat.proved")) == 1
