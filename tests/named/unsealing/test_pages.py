"""The pages of keyholders and of the ceremony, as people meet them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from panel.board.lifecycle import Stage as BoardStage
from panel.kernel.encoding import words
from panel.named.intake import scrubbing
from panel.named.unsealing import service
from panel.playing.company import Member
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import mark, submissions, swapped_envelopes
from tests.named.unsealing.test_keys import fresh
from tests.named.unsealing.visitor import Visitor, plain, token


def ceremony(stage: Stage, rest: str = "") -> str:
    return f"/boards/{stage.board}/ceremony{rest}"


def typed(stage: Stage, member: Member) -> dict[str, str]:
    return {"words": stage.first_words, "passphrase": stage.passphrase(member), "occasion": "opening"}


def test_a_custodian_becomes_a_keyholder_and_proves_it(drafted: Stage) -> None:
    visitor = Visitor.of(drafted, fresh(drafted))
    assert "Become a keyholder" in visitor.get("/keyholder").text
    sheet = visitor.post("/keyholder/enrol")
    found = re.findall(r"<li>([a-z]+)</li>", sheet.text.split("eight-words")[1].split("</ol>")[0])
    code = re.search(r'class="big-code">([0-9A-Z-]+)<', sheet.text)
    assert len(found) == 8
    assert code is not None
    done = visitor.post("/keyholder/prove", passphrase=" ".join(found), recovery_code=code[1])
    assert done.status_code == 303
    page = plain(visitor.get(done.location))
    assert "Your key is proved" in page
    assert "State Proved" in page


def test_what_was_shown_once_is_on_no_other_page(drafted: Stage) -> None:
    visitor = Visitor.of(drafted, fresh(drafted))
    sheet = visitor.post("/keyholder/enrol")
    code = re.search(r'class="big-code">([0-9A-Z-]+)<', sheet.text)
    assert code is not None
    for address in ("/keyholder", "/keyholder/prove", "/keyholder/renew", "/keyholder/enrol"):
        assert code[1] not in visitor.get(address).text
    assert sheet.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Enter the eight words of your passphrase"),
        ({"passphrase": "abandon"}, "Enter the recovery code from your sheet"),
        ({"passphrase": "one two", "recovery_code": "000G"}, "Enter the eight words of your passphrase, with a space"),
        ({"passphrase": "abandon " * 8, "recovery_code": "000G"}, "That is not your passphrase"),
    ],
)
def test_what_is_typed_wrongly_is_told_beside_its_field_and_never_shown_again(
    drafted: Stage, fields: dict[str, str], sentence: str
) -> None:
    visitor = Visitor.of(drafted, drafted.people.deputy)
    page = visitor.post("/keyholder/prove", **fields)
    assert page.status_code == 422
    assert sentence in plain(page)
    assert "Error:" in page.text
    assert not any(f'value="{value}"' in page.text for value in fields.values())


def test_a_wrong_recovery_code_is_told_and_a_right_one_gives_a_new_passphrase(drafted: Stage) -> None:
    visitor = Visitor.of(drafted, fresh(drafted))
    sheet = visitor.post("/keyholder/enrol")
    code = re.search(r'class="big-code">([0-9A-Z-]+)<', sheet.text)
    assert code is not None
    wrong = visitor.post("/keyholder/renew", recovery_code="000G-40R4-0M30-E209-185G-R38E-1W81-24GK-ZJ1Z")
    assert wrong.status_code == 422
    assert "That is not the recovery code of your key" in plain(wrong)
    renewed = visitor.post("/keyholder/renew", recovery_code=code[1])
    assert "Your new passphrase" in plain(renewed)
    assert "Your recovery sheet stays as it is" in plain(renewed)


def test_the_fifth_wrong_guess_ends_the_hour(drafted: Stage) -> None:
    visitor = Visitor.of(drafted, drafted.people.deputy)
    answers = [
        visitor.post("/keyholder/prove", passphrase="abandon " * 8, recovery_code="000G").status_code for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_hr_opens_a_board_that_is_ready(drafted: Stage) -> None:
    visitor, address = Visitor.of(drafted, drafted.people.hr), f"/boards/{drafted.board}/open"
    assert "5 of 5 keyholders" in plain(visitor.get(address))
    unsure = visitor.post(address)
    assert unsure.status_code == 422
    assert "Confirm that the rules are final" in plain(unsure)
    assert visitor.post(address, sure="y").status_code == 303
    assert visitor.get(address).status_code == 409
    assert drafted.progress().stage is BoardStage.OPEN


def test_a_board_that_lacks_a_key_says_what_is_missing_and_offers_no_button(drafted: Stage) -> None:
    fresh(drafted)
    page = Visitor.of(drafted, drafted.people.hr).get(f"/boards/{drafted.board}/open")
    assert "4 of 5 keyholders" in plain(page)
    assert 'name="sure"' not in page.text


def test_hr_cancels_a_board_with_a_reason(drafted: Stage) -> None:
    visitor, address = Visitor.of(drafted, drafted.people.hr), f"/boards/{drafted.board}/cancel"
    assert "Select why you are cancelling" in plain(visitor.post(address, sure="y"))
    assert visitor.post(address, reason="made up", sure="y").status_code == 422
    done = visitor.post(address, reason="posts", sure="y")
    assert done.status_code == 303
    assert "The board is cancelled. Its answers and sealed names are destroyed." in plain(visitor.get(done.location))
    assert visitor.get(address).status_code == 409


def test_cancelling_says_when_the_databases_files_could_not_be_rewritten(drafted: Stage) -> None:
    hr, address = drafted.acting(drafted.people.hr), f"/boards/{drafted.board}/cancel"
    service.open_board(drafted.database, drafted.config, hr, drafted.board)
    drafted.season.apply()
    visitor = Visitor.of(drafted, drafted.people.hr)
    seeing = {} if drafted.database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with drafted.database.reading("blind") as reader, pytest.MonkeyPatch.context() as patch:
        patch.setattr(scrubbing, "_PATIENCE", 100)
        reader.connection(execution_options=seeing)
        reader.execute(text(f"SELECT count(*) FROM {drafted.table('task', 'blind')}"))
        done = visitor.post(address, reason="applications", sure="y")
    assert "Traces may be left in the database’s files: run panel scrub." in plain(visitor.get(done.location))
    assert scrubbing.scrub(drafted.database)


def test_the_whole_ceremony_by_hand(locked: Stage) -> None:
    people = locked.people
    one, two, chair = (Visitor.of(locked, who) for who in (*people.custodians[:2], people.chair))
    assert one.post(ceremony(locked, "/open"), passphrase=locked.passphrase(people.custodians[0])).status_code == 303
    assert "Wait until the chair or a deputy has released" in plain(two.get(ceremony(locked)))
    assert chair.post(ceremony(locked, "/release"), **typed(locked, people.chair)).status_code == 303
    assert one.post(ceremony(locked, "/release"), **typed(locked, people.custodians[0])).status_code == 303
    assert "Custodians release: 1 of the 2 needed" in plain(one.get(ceremony(locked)))
    assert "Open the names" in plain(two.get(ceremony(locked)))
    last = two.post(ceremony(locked, "/release"), **typed(locked, people.custodians[1]))
    assert "The names are open" in plain(last)
    assert len(locked.revealed()) == 4
    again = two.client.post(
        ceremony(locked, "/release"), data={**typed(locked, people.custodians[1]), "csrf_token": token(last)}
    )
    assert "were open already" in plain(two.get(again.location))


@pytest.mark.leak("L60")
def test_until_it_is_done_nobody_sees_more_than_count_root_and_head(locked: Stage) -> None:
    root = locked.progress().marks_root or b""
    numbers = [str(each) for each in sorted(locked_numbers(locked))]
    names = [member.name for member in locked.people.candidates]
    people = locked.people
    for member in (people.hr, people.custodians[0], people.chair, people.auditor):
        page = Visitor.of(locked, member).get(ceremony(locked))
        assert page.status_code == 200
        assert " ".join(words(root)) in " ".join(re.findall(r"<li>([a-z]+)</li>", page.text))
        assert root.hex() in page.text
        assert not any(secret in page.text for secret in (*numbers, *names))


def locked_numbers(locked: Stage) -> set[int]:
    return {number for _, number, _ in submissions(locked)}


def test_wrong_words_or_passphrase_are_told_and_release_nothing(locked: Stage) -> None:
    locked.begin()
    visitor = Visitor.of(locked, locked.people.chair)
    right = typed(locked, locked.people.chair)
    for changed, sentence in (
        ({"words": "abandon ability"}, "The words are not the first two words"),
        ({"words": ""}, "Enter the first two words of the locked marks"),
        ({"passphrase": "abandon " * 8}, "That is not your passphrase"),
        ({"passphrase": ""}, "Enter the eight words of your passphrase"),
    ):
        page = visitor.post(ceremony(locked, "/release"), **{**right, **changed})
        assert page.status_code == 422
        assert sentence in plain(page)
    assert not locked.progress().standing.panel_released


def test_a_release_sent_twice_is_refused_the_second_time(locked: Stage) -> None:
    locked.begin()
    visitor, fields = Visitor.of(locked, locked.people.chair), typed(locked, locked.people.chair)
    assert visitor.post(ceremony(locked, "/release"), **fields).status_code == 303
    again = visitor.post(ceremony(locked, "/release"), **fields)
    assert again.status_code == 409
    assert "released for this ceremony already" in plain(again)


@pytest.mark.parametrize(("spoil", "check"), [(mark, "C3"), (swapped_envelopes, "C7")])
def test_a_refused_opening_says_why_and_names_nobody(locked: Stage, spoil: Callable[[Stage], None], check: str) -> None:
    locked.almost()
    spoil(locked)
    member = locked.people.custodians[1]
    page = Visitor.of(locked, member).post(ceremony(locked, "/release"), **typed(locked, member))
    assert f"Check {check} refused" in plain(page)
    shown = {number for number in locked_numbers(locked) if str(number) in page.text}
    assert shown == ({number for _, number, _ in submissions(locked)[:2]} if check == "C7" else set())
    assert not any(person.name in page.text for person in locked.people.candidates)


def test_a_custodian_ends_a_ceremony(locked: Stage) -> None:
    locked.begin()
    visitor = Visitor.of(locked, locked.people.custodians[1])
    assert visitor.post(ceremony(locked, "/abort")).status_code == 422
    assert visitor.post(ceremony(locked, "/abort"), sure="y").status_code == 303
    assert locked.progress().ceremony is None


def test_a_share_is_proved_on_its_page(locked: Stage) -> None:
    member = locked.people.deputy
    visitor = Visitor.of(locked, member)
    address = f"/boards/{locked.board}/share"
    assert visitor.post(address, passphrase="abandon " * 8).status_code == 422
    assert visitor.post(address, passphrase=locked.passphrase(member)).status_code == 303
    assert "Panel seat 2" in plain(visitor.get("/keyholder"))


STEPPED_UP = ("/keyholder/enrol", "/keyholder/renew", "/keyholder/sheet", "/open", "/cancel", "/lock", "/ceremony/open")


@pytest.mark.leak("L100")
@pytest.mark.parametrize("rest", STEPPED_UP)
def test_acts_on_keys_ask_for_the_password_again(locked: Stage, rest: str) -> None:
    people = locked.people
    member = {"/open": people.hr, "/cancel": people.hr, "/lock": people.chair}.get(rest, people.custodians[0])
    address = rest if rest.startswith("/keyholder") else f"/boards/{locked.board}{rest}"
    page = Visitor.of(locked, member, stepped_up=False).get(address)
    assert page.status_code == 302
    assert "/step-up" in page.location or "next=" in page.location


def test_pages_are_not_there_for_others(locked: Stage) -> None:
    people, board = locked.people, locked.board
    pages = {
        "/keyholder": (people.hr, people.markers[0], people.candidates[0], people.auditor),
        "/keyholder/enrol": (people.hr, people.candidates[0]),
        f"/boards/{board}/open": (people.chair, people.custodians[0], people.markers[0], people.candidates[0]),
        f"/boards/{board}/cancel": (people.chair, people.custodians[0], people.candidates[0]),
        f"/boards/{board}/lock": (people.hr, people.custodians[0], people.markers[0], people.candidates[0]),
        f"/boards/{board}/share": (people.hr, people.markers[0], people.candidates[0]),
        ceremony(locked): (people.markers[0], people.candidates[0]),
        ceremony(locked, "/open"): (people.hr, people.chair, people.auditor, people.candidates[0]),
        ceremony(locked, "/release"): (people.hr, people.auditor, people.markers[0], people.candidates[0]),
        ceremony(locked, "/abort"): (people.hr, people.auditor, people.candidates[0]),
    }
    for address, members in pages.items():
        for member in members:
            assert Visitor.of(locked, member).get(address).status_code == 404, (address, member.name)


def test_the_lock_page_is_over_once_the_board_is_locked(locked: Stage) -> None:
    assert Visitor.of(locked, locked.people.chair).get(f"/boards/{locked.board}/lock").status_code == 409


def test_no_ceremony_before_the_lock(drafted: Stage) -> None:
    assert Visitor.of(drafted, drafted.people.hr).get(f"/boards/{drafted.board}/ceremony").status_code in {404, 409}
