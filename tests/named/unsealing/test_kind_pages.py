"""The pages of a ceremony say which seat a person holds, who is still needed, how the last one ended and what to do."""

from datetime import timedelta

import pytest

from panel.audit.service import append
from panel.kernel import clock
from panel.playing.company import Member
from tests.named.unsealing.sitting import seat
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import swapped_envelopes
from tests.named.unsealing.test_pages import ceremony, typed
from tests.named.unsealing.visitor import Visitor, plain


def page(stage: Stage, member: Member, rest: str = "") -> str:
    return plain(Visitor.of(stage, member).get(ceremony(stage, rest)))


def test_everyone_is_told_which_seat_is_theirs_and_hr_and_auditor_that_they_hold_none(locked: Stage) -> None:
    people = locked.people
    for rest in ("", "/release"):
        number = seat(locked, people.custodians[1]).split()[1]
        assert f"You hold custodian seat {number} of 3" in page(locked, people.custodians[1], rest)
        number = seat(locked, people.deputy).split()[1]
        assert f"You hold panel seat {number} of 2" in page(locked, people.deputy, rest)
    for member in (people.hr, people.auditor):
        assert "You hold" not in page(locked, member)


def test_the_page_names_who_is_still_needed_at_each_step(locked: Stage) -> None:
    people = locked.people
    locked.begin()
    told = page(locked, people.hr)
    assert "Next, one of the panel releases" in told
    assert all(member.name in told for member in people.keyholders)
    locked.release(people.chair)
    assert "Still needed: 2 custodians of" in page(locked, people.hr)
    locked.release(people.custodians[0])
    needed = page(locked, people.hr).split("One more custodian opens the names:")[1].split(".")[0]
    assert people.custodians[0].name not in needed
    assert all(member.name in needed for member in people.custodians[1:])
    assert "Your part is done" in page(locked, people.custodians[0])
    assert "It is your turn, and you complete the quorum" in page(locked, people.custodians[1])


def test_the_pages_say_what_the_words_are_for_and_what_happens_if_one_stops(locked: Stage) -> None:
    locked.begin()
    told = page(locked, locked.people.chair, "/release")
    assert "Read them to each other by telephone, and compare them with the minutes" in told
    assert "What happens if you stop now Nothing is lost." in told
    assert "Release the panel’s share" in told


def test_a_wrong_passphrase_tells_how_many_tries_are_left(locked: Stage) -> None:
    locked.begin()
    visitor = Visitor.of(locked, locked.people.chair)
    fields = typed(locked, locked.people.chair) | {"passphrase": "abandon " * 8}
    told = [plain(visitor.post(ceremony(locked, "/release"), **fields)) for _ in range(5)]
    for left, each in zip(("4 tries", "3 tries", "2 tries", "1 try", "no tries"), told, strict=True):
        assert f"You have {left} left this hour." in each


def test_an_ended_an_expired_and_an_overtaken_ceremony_are_told_apart(locked: Stage) -> None:
    people = locked.people
    locked.almost()
    Visitor.of(locked, people.custodians[2]).post(ceremony(locked, "/abort"), sure="y")
    assert f"{people.custodians[2].name} ended the last ceremony on" in page(locked, people.chair)
    locked.almost()
    assert "ended the last ceremony" not in page(locked, people.chair)
    with clock.set_to(clock.now() + timedelta(days=8)):
        assert "The ceremony ran out at the end of" in page(locked, people.chair)
        locked.almost()
    with locked.database.writing() as db:
        append(db, locked.board, "amendment.confirmed", None, "chair", {"number": 123456})
    told = page(locked, people.custodians[0])
    assert "This ceremony was overtaken. A score was changed after it was opened." in told
    assert "Open another ceremony" in told
    assert "Released" not in told


@pytest.mark.vault("V16")
def test_after_something_overtook_it_another_ceremony_can_be_opened_at_once(locked: Stage) -> None:
    locked.almost()
    with locked.database.writing() as db:
        append(db, locked.board, "envelope.opened_early", None, "custodian", {"number": 123456})
    locked.almost()
    assert [entry.kind for entry in locked.log("ceremony.overtaken")] == ["ceremony.overtaken"]
    locked.finish()
    assert locked.revealed()


def test_a_refused_attempt_is_told_on_the_page_until_it_is_over(locked: Stage) -> None:
    people = locked.people
    locked.almost()
    swapped_envelopes(locked)
    visitor = Visitor.of(locked, people.custodians[1])
    visitor.post(ceremony(locked, "/release"), **typed(locked, people.custodians[1])).get_data()
    assert "The last attempt was refused by check C7" in page(locked, people.hr)
    Visitor.of(locked, people.custodians[2]).post(ceremony(locked, "/abort"), sure="y")
    assert "was refused by check" not in page(locked, people.hr)
