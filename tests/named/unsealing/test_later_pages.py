"""Names that cannot be read, on every page that needs them: what has happened, who does what next, and a way there."""

import pytest

from panel.health import check
from panel.kernel import keyfiles
from panel.named.unsealing.occasion import Occasion
from panel.named.unsealing.results_key import NamesUnreadable
from panel.playing.company import Member
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.sitting import ask, author, name, target
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import spoilt_envelope, submissions
from tests.named.unsealing.visitor import Visitor, plain, token

pytestmark = pytest.mark.vault("V05")
LOST = Occasion.LOST_KEY


def publish(stage: Stage) -> None:
    stage.almost()
    stage.finish()
    stage.season.publish()


def lose(stage: Stage) -> None:
    keyfiles.destroy(stage.config.keys, keyfiles.results(stage.board))


def visitor(stage: Stage, member: Member) -> Visitor:
    return Visitor.of(stage, member)


def test_every_page_that_needs_names_says_what_to_do(locked: Stage) -> None:
    publish(locked)
    lose(locked)
    board, people = locked.board, locked.people
    hr = visitor(locked, people.hr)
    for address in ("list", "feedback"):
        page = hr.get(f"/results/{board}/{address}")
        assert page.status_code == 409
        assert "The names cannot be read" in plain(page)
        assert f"/boards/{board}/ceremony" in page.text
    record = hr.client.post(
        f"/oversight/{board}/record/names", data={"csrf_token": token(hr.get(f"/oversight/{board}/record"))}
    )
    assert record.status_code == 409
    shown = plain(hr.get(f"/boards/{board}"))
    assert "cannot be read just now" in shown
    candidate = visitor(locked, people.candidates[0])
    for address in (f"/results/{board}", f"/results/{board}/letter"):
        page = candidate.get(address)
        assert page.status_code == 409
        assert "Your result cannot be shown just now" in plain(page)
        assert "/ceremony" not in page.text
    findings = [each.sentence for each in check(locked.config) if not each.good]
    assert any("Opened names cannot be read: " in sentence for sentence in findings)


def test_custodian_chair_and_custodian_open_the_envelopes_again_on_their_pages(locked: Stage) -> None:
    publish(locked)
    lose(locked)
    board, (one, two, _), chair = locked.board, locked.people.custodians, locked.people.chair
    first = visitor(locked, one)
    assert "Begin a later ceremony" in plain(first.get(f"/boards/{board}/ceremony"))
    begun = first.post(f"/boards/{board}/ceremony/again", occasion="lost_key", passphrase=locked.passphrase(one))
    assert begun.status_code == 303
    asked = plain(first.get(f"/boards/{board}/ceremony"))
    assert "because the opened names cannot be read" in asked
    assert "Next, one of the panel releases" in asked
    for member in (chair, one):
        page = visitor(locked, member)
        address = f"/boards/{board}/ceremony/release"
        assert "to open the envelopes once more" in plain(page.get(address))
        typed = {"words": locked.first_words, "passphrase": locked.passphrase(member), "occasion": "lost_key"}
        assert page.post(address, **typed).status_code == 303
    last = visitor(locked, two)
    assert "Open the envelopes again" in plain(last.get(f"/boards/{board}/ceremony/release"))
    typed = {"words": locked.first_words, "passphrase": locked.passphrase(two), "occasion": "lost_key"}
    done = plain(last.post(f"/boards/{board}/ceremony/release", **typed))
    assert "The names are the ones that were opened before." in done
    assert "The names can be read again" in done
    hr = visitor(locked, locked.people.hr)
    assert locked.people.candidates[0].name in plain(hr.get(f"/results/{board}/list"))
    assert "cannot be read" not in plain(hr.get(f"/boards/{board}"))
    own = plain(visitor(locked, locked.people.candidates[0]).get(f"/results/{board}"))
    assert locked.people.candidates[0].name in own
    log = plain(visitor(locked, locked.people.auditor).get(f"/oversight/{board}"))
    assert "in a later ceremony, because the names could not be read" in log


def test_the_page_refuses_what_there_is_no_need_for_and_whoever_is_no_custodian(locked: Stage) -> None:
    publish(locked)
    board, address = locked.board, f"/boards/{locked.board}/ceremony/again"
    first = visitor(locked, locked.people.custodians[0])
    shown = plain(first.get(address))
    assert "There is nothing to open the envelopes again for." in shown
    forced = first.post(address, occasion="lost_key", passphrase=locked.passphrase(locked.people.custodians[0]))
    assert forced.status_code == 422
    for member in (locked.people.hr, locked.people.chair, locked.people.markers[0], locked.people.candidates[0]):
        assert visitor(locked, member).get(address).status_code == 404
    assert locked.progress().ceremony is None
    assert "Begin a later ceremony" not in plain(first.get(f"/boards/{board}/ceremony"))


def test_before_the_unsealing_the_page_is_not_there_yet(locked: Stage) -> None:
    first = visitor(locked, locked.people.custodians[0])
    assert first.get(f"/boards/{locked.board}/ceremony/again").status_code == 409


def test_a_name_opened_early_is_made_readable_again_too(locked: Stage) -> None:
    asker, opened = locked.people.custodians[0], target(locked)
    ask(locked, opened.number)
    locked.almost()
    locked.finish()
    lose(locked)
    with pytest.raises(NamesUnreadable):
        name(locked, asker, opened.number)
    assert visitor(locked, asker).get(f"/boards/{locked.board}/early/{opened.number}").status_code == 409
    locked.almost(LOST)
    locked.finish(occasion=LOST.value)
    assert name(locked, asker, opened.number) == opened.author.name
    assert locked.log("names.opened_again")[0].facts["early"] == 1
    assert opened.author.name not in {one.name for one in locked.revealed()}


def test_a_name_opened_early_whose_key_was_lost_comes_back_with_the_unsealing(locked: Stage) -> None:
    opened = target(locked)
    ask(locked, opened.number)
    lose(locked)
    locked.almost()
    locked.finish()
    assert name(locked, locked.people.custodians[0], opened.number) == opened.author.name


@pytest.mark.vault("V07")
def test_an_envelope_spoilt_since_is_set_aside_on_the_pages_and_its_author_is_told(locked: Stage) -> None:
    publish(locked)
    lose(locked)
    (ref, number, _), *_ = submissions(locked)
    writer, (one, two, _), chair = author(locked, ref), locked.people.custodians, locked.people.chair
    spoilt_envelope(locked)
    locked.almost(LOST)
    with pytest.raises(Unsound):
        locked.finish(occasion=LOST.value)
    custodian, page = visitor(locked, one), f"/boards/{locked.board}/ceremony"
    assert custodian.post(f"{page}/abort", sure="y").status_code == 303
    assert str(number) in plain(custodian.get(f"{page}/again"))
    typed = {"passphrase": locked.passphrase(one), "exceptions": str(number)}
    assert custodian.post(f"{page}/again", occasion="lost_key", **typed).status_code == 303
    assert f"sets aside {number}" in plain(custodian.get(page))
    for member in (chair, one, two):
        locked.release(member, occasion=LOST.value, exceptions=str(number))
    listed = plain(visitor(locked, locked.people.hr).get(f"/results/{locked.board}/list"))
    assert f"The sealed name of 1 number could not be opened: {number}" in listed
    assert f"The names of these numbers are lost: {number}" in plain(custodian.get(page))
    told = plain(visitor(locked, writer).get(f"/results/{locked.board}"))
    assert "could not be opened, as happened to 1 application" in told
    assert "Enter your receipt code" in told


@pytest.mark.vault("V07")
def test_whose_tag_was_changed_is_told_so_and_not_that_she_withdrew(locked: Stage) -> None:
    publish(locked)
    (ref, number, _), (other, *_), *_ = submissions(locked)
    locked.spoil("UPDATE {named.revealed} SET account_tag = :bad WHERE number = :n", bad=bytes(32), n=number)
    told = plain(visitor(locked, author(locked, ref)).get(f"/results/{locked.board}"))
    assert "Your result cannot be shown just now" in told
    assert "Tell the HR team that runs this board" in told
    assert "withdrawn" not in told
    assert "Your result cannot" not in plain(visitor(locked, author(locked, other)).get(f"/results/{locked.board}"))
    listed = plain(visitor(locked, locked.people.hr).get(f"/results/{locked.board}/list"))
    checked = plain(visitor(locked, locked.people.auditor).get(f"/oversight/{locked.board}/check"))
    findings = " ".join(each.sentence for each in check(locked.config) if not each.good)
    assert all(str(number) in page for page in (listed, checked, findings))
    assert author(locked, ref).name not in listed + checked + findings


def test_who_withdrew_with_her_code_is_told_so_and_finds_no_letter(locked: Stage) -> None:
    (ref, *_), *_ = submissions(locked)
    locked.spoil("UPDATE {blind.submission} SET state = 'withdrawn' WHERE ref = :ref", ref=bytes(ref))
    publish(locked)
    writer = visitor(locked, author(locked, ref))
    assert "was withdrawn with its receipt code" in plain(writer.get(f"/results/{locked.board}"))
    assert writer.get(f"/results/{locked.board}/letter").status_code == 404
