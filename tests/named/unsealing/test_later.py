"""The envelopes opened once more, because the key to the names was lost: by the same people, to the same names."""

from datetime import timedelta

import pytest

from panel.audit import queries as audit
from panel.board.lifecycle import Stage as BoardStage
from panel.board.lifecycle import WrongStage
from panel.kernel import clock, keyfiles
from panel.kernel.errors import Missing
from panel.named.unsealing import convening, queries
from panel.named.unsealing.ceremony import Act, AlreadyReleased, PanelFirst
from panel.named.unsealing.child.checks import AlreadyUnsealed
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.convening import CeremonyOpen
from panel.named.unsealing.occasion import NotCalledFor, Occasion, OtherCeremony
from panel.named.unsealing.process import ask
from panel.named.unsealing.results_key import NamesUnreadable
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.again import AGAIN, LOST, counts, releases, rows
from tests.named.unsealing.promises import log_stands
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.succession import hand_over, successor
from tests.named.unsealing.visitor import Visitor, plain


@pytest.mark.vault("V05")
def test_names_whose_key_is_lost_can_be_read_again(opened: Stage) -> None:
    names, before, counted = opened.revealed(), rows(opened), counts(opened)
    keyfiles.destroy(opened.config.keys, keyfiles.results(opened.board))
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    opened.almost(LOST)
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    assert opened.finish(**AGAIN) is Act.FINISH
    assert opened.revealed() == names
    after = rows(opened)
    assert [row[0] for row in after] == [row[0] for row in before]
    assert not {row[1:] for row in after} & {row[1:] for row in before}
    member = opened.people.candidates[1]
    with opened.database.reading() as db:
        own = queries.revealed_to(db, opened.config.keys, opened.board, member.account)
    assert own is not None
    assert own.name == member.name
    assert counts(opened) == counted
    assert (opened.progress().stage, releases(opened)) == (BoardStage.UNSEALED, 0)


def test_a_later_ceremony_is_logged_with_the_same_root_and_its_head_is_signed(lost: Stage) -> None:
    lost.almost(LOST)
    lost.finish(**AGAIN)
    (first,), (again,) = lost.log("board.unsealed"), lost.log("names.opened_again")
    assert first.facts == {key: again.facts[key] for key in first.facts} | {"ceremony": first.facts["ceremony"]}
    assert (again.facts["occasion"], again.facts["early"], again.role) == ("lost_key", 0, "custodian")
    assert [entry.facts.get("occasion") for entry in lost.log("ceremony.opened")] == [None, "lost_key"]
    with lost.database.reading() as db:
        log_stands(db, lost)
        assert audit.signed_heads(db, lost.board)[-1].size == again.stored.seq + 1
    told = "".join(entry.stored.body.decode() for entry in lost.log())
    assert not any(part in told for each in lost.people.candidates for part in (each.name, each.email))


@pytest.mark.parametrize("spoilt", ["another", "short", "empty"])
def test_a_key_file_that_is_no_longer_the_key_is_replaced(lost: Stage, spoilt: str) -> None:
    wrong = {"another": bytes(32), "short": bytes(7), "empty": None}[spoilt]
    path = lost.config.keys / keyfiles.results(lost.board)
    keyfiles.create(lost.config.keys, keyfiles.results(lost.board), wrong)
    if wrong is None:
        path.chmod(0o600)
        path.write_bytes(b"")
        path.chmod(0o400)
    candidate = lost.people.candidates[0].account
    with lost.database.reading() as db, pytest.raises(NamesUnreadable):
        queries.revealed_to(db, lost.config.keys, lost.board, candidate)
    lost.almost(LOST)
    lost.finish(**AGAIN)
    assert len(lost.revealed()) == len(lost.people.candidates)


@pytest.mark.thorough
def test_a_row_that_was_changed_is_put_right_under_the_key_that_still_opens_the_others(opened: Stage) -> None:
    names, key = opened.revealed(), keyfiles.read(opened.config.keys, keyfiles.results(opened.board))
    opened.spoil(
        "UPDATE {named.revealed} SET nonce = identity_nonce".replace("identity_nonce", ":n")
        + " WHERE number = :number",
        n=bytes(12),
        number=int(names[0].number),
    )
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    opened.almost(LOST)
    opened.finish(**AGAIN)
    assert opened.revealed() == names
    assert keyfiles.read(opened.config.keys, keyfiles.results(opened.board)) == key


@pytest.mark.vault("V05")
def test_a_later_ceremony_asks_as_many_as_the_first(lost: Stage) -> None:
    lost.begin(occasion=LOST)
    with pytest.raises(PanelFirst):
        lost.release(lost.people.custodians[0], **AGAIN)
    lost.release(lost.people.deputy, **AGAIN)
    with pytest.raises(AlreadyReleased):
        lost.release(lost.people.chair, **AGAIN)
    assert lost.release(lost.people.custodians[0], **AGAIN) is Act.RELEASE
    with pytest.raises(AlreadyReleased):
        lost.release(lost.people.custodians[0], **AGAIN)
    with pytest.raises(NamesUnreadable):
        lost.revealed()


def test_who_is_no_custodian_begins_none(lost: Stage) -> None:
    people = lost.people
    for member in (people.hr, people.chair, people.markers[0], people.auditor, people.candidates[0]):
        with pytest.raises(Missing):
            convening.open_ceremony(
                lost.database, lost.config, lost.acting(member), lost.board, passphrase="abandon", occasion=LOST
            )
    assert lost.progress().ceremony is None


def test_there_is_no_later_ceremony_before_the_names_are_open(locked: Stage) -> None:
    for occasion in (LOST, Occasion.RECOUNT):
        with pytest.raises(WrongStage):
            locked.begin(occasion=occasion)


def test_there_is_none_without_a_need_and_none_beside_another(opened: Stage) -> None:
    with pytest.raises(NotCalledFor, match="can be read"):
        opened.begin(occasion=LOST)
    with pytest.raises(NotCalledFor, match="No result has changed"):
        opened.begin(occasion=Occasion.RECOUNT)
    with pytest.raises(WrongStage):
        opened.begin()
    keyfiles.destroy(opened.config.keys, keyfiles.results(opened.board))
    opened.begin(occasion=LOST)
    with pytest.raises(CeremonyOpen):
        opened.begin(opened.people.custodians[1], occasion=LOST)


@pytest.mark.thorough
def test_a_key_that_is_found_again_meanwhile_stays_and_the_ceremony_does_nothing(opened: Stage) -> None:
    name, keys = keyfiles.results(opened.board), opened.config.keys
    key, kept = keyfiles.read(keys, name), rows(opened)
    keyfiles.destroy(keys, name)
    opened.almost(LOST)
    keyfiles.create(keys, name, key)
    with pytest.raises(NotCalledFor):
        opened.finish(**AGAIN)
    assert (rows(opened), keyfiles.read(keys, name)) == (kept, key)
    assert opened.log("names.opened_again") == ()


def test_who_read_another_page_releases_nothing(lost: Stage) -> None:
    lost.begin(occasion=LOST)
    for read in ("opening", "recount", ""):
        with pytest.raises(OtherCeremony):
            lost.release(lost.people.chair, occasion=read)
    chair = lost.people.chair
    typed = {"words": lost.first_words, "passphrase": lost.passphrase(chair)}
    with pytest.raises(OtherCeremony):  # and so does the child, which trusts nobody who asks
        ask(lost.config, Request.by(lost.acting(chair), "release", "chair", lost.board, **typed))
    assert releases(lost) == 0


@pytest.mark.thorough
def test_the_second_to_finish_finds_it_done(lost: Stage) -> None:
    lost.almost(LOST)
    lost.finish(**AGAIN)
    with pytest.raises(AlreadyUnsealed):
        lost.release(lost.people.custodians[2], **AGAIN)


@pytest.mark.thorough
def test_it_runs_out_is_ended_and_begun_again_like_the_first(lost: Stage) -> None:
    lost.almost(LOST)
    with clock.set_to(clock.now() + timedelta(days=8)):
        with pytest.raises(Unsound) as refused:
            lost.finish(**AGAIN)
        assert refused.value.check == "C1"
        with lost.database.writing() as db:
            assert convening.close_expired(db) == 1
        assert releases(lost) == 0
        lost.almost(LOST)
        with lost.database.writing() as db:
            convening.abort(db, lost.acting(lost.people.chair), lost.board)
        assert releases(lost) == 0
        lost.almost(LOST)
        lost.finish(**AGAIN)
    assert len(lost.revealed()) == len(lost.people.candidates)
    assert [len(lost.log(f"ceremony.{how}")) for how in ("expired", "aborted")] == [1, 1]


@pytest.mark.thorough
def test_who_left_after_the_unsealing_handed_the_seat_over_and_the_next_one_opens_again(lost: Stage) -> None:
    leaver, board = lost.people.custodians[0], lost.board
    assert "Appoint a successor" in plain(Visitor.of(lost, lost.people.hr).get(f"/boards/{board}/custody"))
    assert "Hand your seat over" in plain(Visitor.of(lost, leaver).get(f"/boards/{board}/custody"))
    new = successor(lost)
    hand_over(lost, leaver, new)
    lost.begin(new, occasion=LOST)
    lost.release(lost.people.chair, **AGAIN)
    lost.release(new, **AGAIN)
    lost.finish(**AGAIN)
    assert len(lost.revealed()) == len(lost.people.candidates)
