"""The pages of custody as people meet them: what stands, who hands over to whom, and what is lost for good."""

import re

import pytest

from panel.kernel import clock
from panel.named.unsealing.reach import day
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.custodial import retire
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.succession import appointed, hired, recovery, successor
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = pytest.mark.vault("V16")


def custody(stage: Stage, rest: str = "") -> str:
    return f"/boards/{stage.board}/custody{rest}"


def test_everybody_near_the_board_sees_its_custody_and_nobody_else(locked: Stage) -> None:
    people = locked.people
    for member in (people.hr, people.chair, people.deputy, people.custodians[0], people.auditor):
        page = Visitor.of(locked, member).get(custody(locked))
        assert page.status_code == 200, member.name
        said = plain(page)
        assert "3 of 3 custodians and 2 of 2 panel seats proved since" in said
        assert all(each.name in said for each in people.keyholders)
        assert said.count("Reachable") == 5
        assert not any(each.name in said for each in people.candidates)
    for member in (people.markers[0], people.candidates[0]):
        assert Visitor.of(locked, member).get(custody(locked)).status_code == 404


def test_only_hr_is_offered_what_hr_does_and_each_keyholder_her_own_seat(locked: Stage) -> None:
    people = locked.people
    hr, custodian = (
        Visitor.of(locked, member).get(custody(locked)).text for member in (people.hr, people.custodians[0])
    )
    assert custody(locked, "/successor") in hr
    assert custody(locked, "/recover") in hr
    assert custody(locked, "/hand-over") not in hr
    assert custody(locked, "/successor") not in custodian
    assert custodian.count(custody(locked, "/hand-over")) == 1


@pytest.mark.parametrize("rest", ["/successor", "/drill", "/recover", "/hand-over"])
def test_acts_on_custody_are_not_there_for_others(locked: Stage, rest: str) -> None:
    people = locked.people
    keyholders = (people.custodians[0], people.chair)
    others = (people.hr,) if rest == "/hand-over" else keyholders
    for member in (*others, people.auditor, people.markers[0], people.candidates[0]):
        assert Visitor.of(locked, member).get(custody(locked, rest)).status_code == 404, (rest, member.name)


def test_the_ways_to_hand_over_are_found_from_key_and_board_and_ceremony(locked: Stage) -> None:
    people = locked.people
    assert custody(locked, "/hand-over") in Visitor.of(locked, people.custodians[0]).get("/keyholder").text
    board = Visitor.of(locked, people.hr).get(f"/boards/{locked.board}")
    assert custody(locked) in board.text
    assert "3 of 3 custodians" in plain(board)
    ceremony = Visitor.of(locked, people.custodians[1]).get(f"/boards/{locked.board}/ceremony")
    assert "3 of 3 custodians" in plain(ceremony)
    assert custody(locked) in ceremony.text


def test_a_seat_passes_through_the_pages(locked: Stage) -> None:
    hr, leaver = Visitor.of(locked, locked.people.hr), locked.people.custodians[0]
    visitor = Visitor.of(locked, leaver)
    assert "Nobody has been appointed to take your seat" in plain(visitor.get(custody(locked, "/hand-over")))
    new = hired(locked)
    done = hr.post(custody(locked, "/successor"), side="hr", who=new.email)
    assert done.status_code == 303
    assert "Sam Successor Custodian’s successor. Must become a keyholder" in plain(hr.get(done.location))
    assert "has not proved a key yet" in plain(visitor.get(custody(locked, "/hand-over")))
    theirs = Visitor.of(locked, new)
    sheet = theirs.post("/keyholder/enrol").text
    words = re.findall(r"<li>([a-z]+)</li>", sheet.split("eight-words")[1].split("</ol>")[0])
    code = re.search(r'class="big-code">([0-9A-Z-]+)<', sheet)
    assert code is not None
    assert theirs.post("/keyholder/prove", passphrase=" ".join(words), recovery_code=code[1]).status_code == 303
    page = plain(visitor.get(custody(locked, "/hand-over")))
    assert "Custodian seat" in page
    assert "If you stop now, nothing has changed" in page
    done = visitor.post(custody(locked, "/hand-over"), successor=str(new.account), passphrase=locked.passphrase(leaver))
    assert (done.status_code, done.location) == (303, "/?done=seat-handed-over")
    assert "The seat is handed over" in plain(visitor.get(done.location))
    assert visitor.get(custody(locked)).status_code == 404
    theirs = Visitor.of(locked, new)  # she waited for a part and has one now, which asks for signing in again
    proved = theirs.post(f"/boards/{locked.board}/share", passphrase=" ".join(words))
    assert proved.status_code == 303


def test_what_is_typed_wrongly_stands_beside_its_field(locked: Stage) -> None:
    new, visitor = successor(locked), Visitor.of(locked, locked.people.custodians[0])
    address, to = custody(locked, "/hand-over"), str(new.account)
    for fields, sentence in (
        ({}, "Select who takes the seat"),
        ({"successor": to}, "Enter the eight words of your passphrase"),
        ({"successor": to, "passphrase": "one two"}, "with a space between them"),
        ({"successor": to, "passphrase": "abandon " * 8}, "That is not your passphrase"),
        ({"successor": str(locked.people.chair.account), "passphrase": "x"}, "Select who takes the seat"),
    ):
        page = visitor.post(address, **fields)
        assert page.status_code == 422
        assert sentence in plain(page)
        assert "abandon" not in page.text


def test_hr_appoints_nobody_who_may_not_or_who_is_not_there(locked: Stage) -> None:
    hr, people = Visitor.of(locked, locked.people.hr), locked.people
    for who, side, sentence in (
        ("nobody at all", "hr", "No account has this name"),
        ("Staff", "hr", "More than one account fits"),
        (people.markers[0].email, "hr", "is a panel member of this board, and so cannot be a custodian"),
        (people.candidates[0].email, "panel", "is a candidate of this board"),
        (people.custodians[0].email, "hr", "holds a seat in the custody of this board already"),
        ("", "hr", "Enter a name, an email address or a staff number"),
        (people.custodians[0].email, "", "Select which seat this person will take"),
    ):
        page = hr.post(custody(locked, "/successor"), side=side, who=who)
        assert page.status_code == 422
        assert sentence in plain(page)


def test_hr_takes_an_appointment_back(locked: Stage) -> None:
    hr, new = Visitor.of(locked, locked.people.hr), appointed(locked, Side.PANEL)
    assert new.name in plain(hr.get(custody(locked)))
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', hr.get(custody(locked)).text)
    assert token is not None
    data = {"csrf_token": token[1], "account": str(new.account)}
    done = hr.client.post(custody(locked, "/successor/remove"), data=data)
    assert done.status_code == 303
    assert new.name not in plain(hr.get(done.location))
    assert hr.client.post(custody(locked, "/successor/remove"), data=data).status_code == 404


def test_hr_and_a_witness_hand_over_for_somebody_who_has_left(locked: Stage) -> None:
    people, address = locked.people, custody(locked, "/recover")
    hr, leaver, witness = Visitor.of(locked, people.hr), people.custodians[2], people.deputy
    assert "appoint a successor" in plain(hr.get(address))
    new = successor(locked)
    fields = {
        "leaver": str(leaver.account),
        "successor": str(new.account),
        "witness": str(leaver.account),
        "recovery_code": locked.season.passphrases.sheets[leaver.account].recovery,
        "passphrase": locked.passphrase(witness),
    }
    wrong = hr.post(address, **fields)
    assert wrong.status_code == 422
    assert "Select another keyholder of this board" in plain(wrong)
    assert fields["recovery_code"] not in wrong.text
    fields["witness"] = str(witness.account)
    assert "Let the witness enter the eight words" in plain(hr.post(address, **{**fields, "passphrase": ""}))
    done = hr.post(address, **fields)
    assert done.status_code == 303
    assert f"Custodian seat {locked.log('seat.handed_over')[0].facts['seat']}: {new.name}" in plain(
        hr.get(done.location)
    )


def test_fetching_sheet_and_witness_may_take_longer_than_the_password_counts_for_one_person(locked: Stage) -> None:
    people, address, new = locked.people, custody(locked, "/recover"), successor(locked)
    hr, asked = Visitor.of(locked, people.hr), recovery(locked, people.custodians[2], new, people.deputy)
    fields = {name: str(getattr(asked, name)) for name in ("leaver", "successor", "witness", "passphrase")}
    done = hr.send_together(address, recovery_code=asked.code, **fields)
    assert "done=seat-handed-over" in done.location


def test_a_drill_through_the_pages(locked: Stage) -> None:
    hr, member = Visitor.of(locked, locked.people.hr), locked.people.custodians[0]
    today = clock.today()
    late = {"by-day": "1", "by-month": "1", "by-year": "2020"}
    assert "The date must be from today to 90 days ahead" in plain(hr.post(custody(locked, "/drill"), **late))
    parts = {"by-day": str(today.day), "by-month": str(today.month), "by-year": str(today.year)}
    done = hr.post(custody(locked, "/drill"), **parts)
    assert done.status_code == 303
    said = plain(hr.get(done.location))
    assert f"by {day(today)} . 0 of 5 have".replace(" .", ".") in said.replace(" .", ".")
    assert said.count("Not yet") == 5
    Visitor.of(locked, member).post(f"/boards/{locked.board}/share", passphrase=locked.passphrase(member))
    assert "1 of 5 have" in plain(hr.get(custody(locked)))


def test_giving_up_a_key_says_first_what_is_lost_and_asks_again(locked: Stage) -> None:
    member = locked.people.custodians[0]
    visitor = Visitor.of(locked, member)
    assert "/keyholder/retire" in visitor.get("/keyholder").text
    page = plain(visitor.get("/keyholder/retire"))
    assert "The share in your seat stays lost" in page
    assert "If one more custodian" in page
    assert "Every one of the 2 custodians who are left is needed" in page
    unsure = visitor.post("/keyholder/retire")
    assert unsure.status_code == 422
    assert "Confirm that you have lost both" in plain(unsure)
    done = visitor.post("/keyholder/retire", sure="y")
    assert done.status_code == 303
    after = plain(visitor.get(done.location))
    assert "Your key is given up" in after
    assert "lost with an earlier key" in after
    assert "Become a keyholder" in after
    assert "You have no key to give up" in plain(visitor.get("/keyholder/retire"))
    assert "Lost" in plain(visitor.get(custody(locked)))


def test_giving_up_a_key_once_the_names_are_open_says_what_a_later_ceremony_loses(opened: Stage) -> None:
    visitor = Visitor.of(opened, opened.people.custodians[0])
    page = plain(visitor.get("/keyholder/retire"))
    assert "The names of this board are open. If their key is lost" in page
    assert "your share will be missing then" in page
    assert "No name of this board" not in page
    assert "Too few shares will be left" not in page
    retire(opened, opened.people.custodians[1])
    assert "Too few shares will be left for that." in plain(visitor.get("/keyholder/retire"))


def test_hr_and_custodians_are_warned_before_and_at_the_loss(locked: Stage) -> None:
    people = locked.people
    pages = ((people.hr, f"/boards/{locked.board}"), (people.custodians[2], f"/boards/{locked.board}/ceremony"))
    assert not any("who are left is needed" in plain(Visitor.of(locked, who).get(at)) for who, at in pages)
    retire(locked, people.custodians[0])
    for who, at in pages:
        assert "Every one of the 2 custodians who are left is needed" in plain(Visitor.of(locked, who).get(at))
    retire(locked, people.custodians[1])
    for who, at in pages:
        assert "No name of this board can be opened any more" in plain(Visitor.of(locked, who).get(at))
    refused = Visitor.of(locked, people.custodians[2]).post(
        f"/boards/{locked.board}/ceremony/open", passphrase=locked.passphrase(people.custodians[2])
    )
    assert refused.status_code == 409
    assert "so no name of this board can be opened" in plain(refused)


def test_a_keyholder_is_told_that_it_is_time(locked: Stage) -> None:
    member = locked.people.chair
    locked.spoil("UPDATE {sealed.slot} SET used_on = :old", old="2026-01-01")
    assert "It is time to prove your share again" in plain(Visitor.of(locked, member).get("/keyholder"))
    visitor = Visitor.of(locked, member)
    visitor.post(f"/boards/{locked.board}/share", passphrase=locked.passphrase(member))
    assert "It is time to prove" not in plain(visitor.get("/keyholder"))


def test_a_draft_has_no_seats_to_hand_over(drafted: Stage) -> None:
    people = drafted.people
    assert "are made when it opens" in plain(Visitor.of(drafted, people.hr).get(custody(drafted)))
    assert Visitor.of(drafted, people.hr).get(custody(drafted, "/successor")).status_code == 409
    assert Visitor.of(drafted, people.chair).get(custody(drafted, "/hand-over")).status_code == 409


def test_the_opening_page_says_what_loss_means_and_what_guards_against_it(drafted: Stage) -> None:
    page = plain(Visitor.of(drafted, drafted.people.hr).get(f"/boards/{drafted.board}/open"))
    assert "If 2 of the 3 custodians, or the chair and every deputy, lose both" in page
    assert "candidates would come forward with receipt and receipt code" in page
    assert "proves the share once a quarter" in page


@pytest.mark.leak("L100")
def test_handing_over_and_giving_up_ask_for_the_password_again(locked: Stage) -> None:
    people = locked.people
    for member, address in (
        (people.custodians[0], custody(locked, "/hand-over")),
        (people.hr, custody(locked, "/recover")),
        (people.custodians[0], "/keyholder/retire"),
    ):
        page = Visitor.of(locked, member, stepped_up=False).get(address)
        assert page.status_code == 302
        assert "next=" in page.location
