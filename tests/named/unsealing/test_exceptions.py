"""Spoilt envelopes set aside: every keyholder types the numbers, and every check holds for the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from panel.audit import verifier
from panel.blind.merit import queries as merit
from panel.kernel.ids import AccountId, Number
from panel.named.intake import queries as intake
from panel.named.monitoring.models import OutcomeCount
from panel.named.oversight.service import take_record
from panel.named.results import queries as results
from panel.named.results.sheet import Unnamed
from panel.named.unsealing import ceremony_queries
from panel.named.unsealing.ceremony import (
    MOST_EXCEPTIONS,
    Act,
    NotSpoilt,
    SetAsideTogether,
    TooManyAside,
    WrongNumbers,
    check_choice,
)
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.process import ask
from panel.playing.company import Member
from panel.sealed.vault import queries as vault
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.sitting import author
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.tampering import (
    answers,
    equality,
    forge,
    missing_envelope,
    spoilt_envelope,
    stranger,
    submissions,
    swapped_envelopes,
)
from tests.named.unsealing.visitor import Visitor, plain


def refused(locked: Stage) -> Unsound:
    with pytest.raises(Unsound) as found:
        locked.finish()
    return found.value


def spoil(locked: Stage, change: Callable[[Stage], None]) -> tuple[Number, ...]:
    """Change it, let a whole ceremony be refused, and end it; the numbers that the refusal named."""
    locked.almost()
    change(locked)
    numbers = tuple(Number(each) for each in refused(locked).numbers)
    end(locked)
    return numbers


def end(locked: Stage) -> None:
    visitor = Visitor.of(locked, locked.people.custodians[0])
    assert visitor.post(f"/boards/{locked.board}/ceremony/abort", sure="y").status_code == 303


def again(locked: Stage, exceptions: tuple[Number, ...]) -> Act:
    typed = " ".join(str(each) for each in exceptions)
    locked.begin(exceptions=exceptions)
    for member in (locked.people.chair, locked.people.custodians[0]):
        locked.release(member, exceptions=typed)
    return locked.release(locked.people.custodians[1], exceptions=typed)


SPOILS = [spoilt_envelope, missing_envelope, stranger, swapped_envelopes, equality, answers]


@pytest.mark.vault("V07")
@pytest.mark.leak("L104")
@pytest.mark.parametrize("change", SPOILS, ids=lambda change: change.__name__)
def test_what_is_spoilt_is_set_aside_and_the_rest_opens(locked: Stage, change: Callable[[Stage], None]) -> None:
    numbers = spoil(locked, change)
    assert numbers
    assert again(locked, numbers) is Act.FINISH
    revealed = {one.number for one in locked.revealed()}
    assert revealed == {number for _, number, _ in submissions(locked)} - set(numbers)
    for kind in ("ceremony.opened", "board.unsealed"):
        assert list(locked.log(kind)[-1].facts["exceptions"]) == [int(each) for each in numbers]  # type: ignore[arg-type]
    facts = locked.log("board.unsealed")[0].facts
    assert (facts["submissions"], facts["revealed"]) == (CANDIDATES, CANDIDATES - len(numbers))


@pytest.mark.vault("V07")
def test_a_name_forged_on_the_right_account_is_named_by_its_leaf_and_can_be_set_aside(locked: Stage) -> None:
    ref, number, _ = submissions(locked)[0]
    account = author(locked, ref).account
    named = spoil(locked, lambda stage: forge(stage, 0, account, "Another Name"))
    assert named == (number,)
    assert again(locked, named) is Act.FINISH
    assert "Another Name" not in {one.name for one in locked.revealed()}


@pytest.mark.vault("V07")
def test_setting_one_aside_hides_nothing_else(locked: Stage) -> None:
    numbers = spoil(locked, spoilt_envelope)
    typed = str(numbers[0])
    locked.begin(exceptions=numbers)
    for member in (locked.people.chair, locked.people.custodians[0]):
        locked.release(member, exceptions=typed)
    changes: list[tuple[str, Callable[[Stage], None]]] = [
        ("C8", lambda stage: forge(stage, 1, stage.people.markers[0].account, "A stranger")),
        ("C8", lambda stage: forge(stage, 1, someone_else(stage), "Somebody twice")),
    ]
    for check, change in changes:
        change(locked)
        with pytest.raises(Unsound) as found:
            locked.release(locked.people.custodians[1], exceptions=typed)
        assert found.value.check == check
        assert not set(numbers) & set(found.value.numbers)
    locked.spoil("UPDATE {sealed.lodged_leaf} SET leaf = :other", other=bytes(32))
    with pytest.raises(Unsound):
        locked.release(locked.people.custodians[1], exceptions=typed)
    assert locked.revealed() == ()


def someone_else(locked: Stage) -> AccountId:
    """The account of whoever wrote the third submission."""
    return author(locked, submissions(locked)[2][0]).account


@pytest.mark.vault("V07")
def test_leaves_that_do_not_lead_to_the_logged_root_prove_nothing(locked: Stage) -> None:
    locked.almost()
    locked.spoil("UPDATE {sealed.lodged_leaf} SET leaf = :other", other=bytes(32))
    found = refused(locked)
    assert (found.check, found.numbers) == ("C6", ())


@pytest.mark.vault("V07")
def test_a_leaf_changed_along_with_its_envelope_is_found_by_the_logged_root(locked: Stage) -> None:
    ref = submissions(locked)[0][0]
    locked.almost()
    forge(locked, 0, author(locked, ref).account, "Another Name")
    with locked.database.reading() as db:
        found = intake.lodged_leaves(db, locked.board)[ref]
    locked.spoil("UPDATE {sealed.lodged_leaf} SET leaf = :leaf WHERE ref = :ref", leaf=found, ref=bytes(ref))
    refusal = refused(locked)
    assert (refusal.check, refusal.numbers) == ("C6", ())


@pytest.mark.vault("V07")
def test_the_child_itself_asks_for_the_numbers(locked: Stage) -> None:
    numbers = spoil(locked, spoilt_envelope)
    locked.begin(exceptions=numbers)
    chair = locked.people.chair
    typed = {"words": locked.first_words, "passphrase": locked.passphrase(chair)}
    with pytest.raises(WrongNumbers):
        ask(locked.config, Request.by(locked.acting(chair), "release", "chair", locked.board, **typed))
    typed["exceptions"] = str(numbers[0])
    ask(locked.config, Request.by(locked.acting(chair), "release", "chair", locked.board, **typed))


@pytest.mark.vault("V07")
def test_every_keyholder_types_exactly_the_numbers_set_aside(locked: Stage) -> None:
    numbers = spoil(locked, swapped_envelopes)
    first, second = (str(each) for each in numbers)
    locked.begin(exceptions=numbers)
    for wrong in ("", first, f"{first} {second} 123456", "all"):
        with pytest.raises(WrongNumbers):
            locked.release(locked.people.chair, exceptions=wrong)
    assert not locked.progress().standing.panel_released
    assert locked.release(locked.people.chair, exceptions=f"{second}, {first}") is Act.RELEASE


@pytest.mark.vault("V07")
def test_a_release_for_one_list_of_numbers_opens_nothing_under_another(locked: Stage) -> None:
    numbers = spoil(locked, spoilt_envelope)
    locked.almost()
    locked.spoil("UPDATE {named.ceremony} SET exceptions = :some WHERE state = 'open'", some=f"[{numbers[0]}]")
    with pytest.raises(Unsound) as found:
        locked.release(locked.people.custodians[1], exceptions=str(numbers[0]))
    assert found.value.check == "C5"


@pytest.mark.vault("V07")
@pytest.mark.leak("L104")
def test_a_number_that_was_put_right_again_is_not_set_aside(locked: Stage) -> None:
    ref = submissions(locked)[0][0]
    with locked.database.reading() as db:
        sound = next(row.sealed for row in vault.envelopes(db, locked.board) if row.ref == ref)
    (number,) = spoil(locked, spoilt_envelope)
    locked.spoil("UPDATE {sealed.envelope} SET sealed = :sound WHERE ref = :ref", sound=sound, ref=bytes(ref))
    with pytest.raises(Unsound) as found:
        again(locked, (number,))
    assert (found.value.check, found.value.numbers) == ("C7", (number,))
    assert locked.log("unseal.refused")[-1].facts["numbers"] == [number]
    assert (locked.revealed(), locked.log("board.unsealed")) == ((), ())


@pytest.mark.vault("V07")
@pytest.mark.vault("V20")
@pytest.mark.leak("L104")
def test_two_that_name_one_person_are_set_aside_together_or_not_at_all(locked: Stage, tmp_path: Path) -> None:
    hers = author(locked, submissions(locked)[1][0]).account
    pair = spoil(locked, lambda stage: forge(stage, 0, hers, "Somebody twice"))
    assert len(pair) == 2
    for half in pair:
        with pytest.raises(SetAsideTogether):
            locked.begin(exceptions=(half,))
    assert again(locked, pair) is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES - 2
    with locked.database.writing() as db:
        made = take_record(db, locked.config.keys, locked.board, None, "system")
    (tmp_path / "record.zip").write_bytes(made.to_zip())
    assert all(holds for holds, _ in verifier.verify(tmp_path / "record.zip", (), (), ()))


def test_a_ceremony_sets_aside_no_more_numbers_than_can_be_typed() -> None:
    numbers = [Number(100_000 + n) for n in range(MOST_EXCEPTIONS + 1)]
    refused = {number: ("C7", frozenset(numbers)) for number in numbers}
    check_choice(numbers[:-1], refused)
    with pytest.raises(TooManyAside):
        check_choice(numbers, refused)


def test_only_what_a_check_refused_can_be_set_aside(locked: Stage) -> None:
    every = tuple(Number(number) for _, number, _ in submissions(locked))
    for numbers in (every[:1], (Number(100_001),)):
        with pytest.raises(NotSpoilt):
            locked.begin(exceptions=numbers)
    numbers = spoil(locked, spoilt_envelope)
    with pytest.raises(NotSpoilt):
        locked.begin(exceptions=(*numbers, every[3]))
    with locked.database.reading() as db:
        assert [(each.number, each.check) for each in ceremony_queries.refused(db, locked.board)] == [
            (numbers[0], "C7")
        ]


@pytest.mark.thorough
def test_the_list_says_which_name_could_not_be_opened_and_the_counts_leave_it_out(locked: Stage) -> None:
    (number,) = spoil(locked, spoilt_envelope)
    again(locked, (number,))
    with locked.database.reading() as db:
        sheet = results.named_list(db, locked.config.keys, locked.board)
        place = next(each for each in merit.merit_list(db, locked.board) if each.number == number)
        total = (OutcomeCount.group == "total") & (OutcomeCount.outcome == "applied")
        counted = db.scalars(select(OutcomeCount.count).where(total, OutcomeCount.characteristic == "sex")).all()
    row = next(row for row in sheet.rows if row.place.number == number)
    assert (row.named, row.outcome) == (Unnamed.UNOPENED.value, place.outcome.label)
    assert all(each.person for each in sheet.rows if each.place.number != number)
    assert counted in ([CANDIDATES - 1], [None])
    page = plain(Visitor.of(locked, locked.people.hr).get(f"/results/{locked.board}/list"))
    assert "Sealed name could not be opened" in page
    assert "receipt code and receipt" in page


def fields(locked: Stage, member: Member, **more: str) -> dict[str, str]:
    return {"words": locked.first_words, "passphrase": locked.passphrase(member), "occasion": "opening", **more}


@pytest.mark.thorough
def test_the_pages_offer_the_refused_numbers_and_ask_everyone_to_type_them(locked: Stage) -> None:
    people, base = locked.people, f"/boards/{locked.board}/ceremony"
    custodian, chair = Visitor.of(locked, people.custodians[0]), Visitor.of(locked, people.chair)
    assert "Spoilt envelopes" not in plain(custodian.get(f"{base}/open"))
    (number,) = spoil(locked, spoilt_envelope)
    offer = custodian.get(f"{base}/open")
    assert f"{number} Refused on" in plain(offer)
    assert "checked" not in offer.text
    passphrase = locked.passphrase(people.custodians[0])
    assert custodian.post(f"{base}/open", passphrase=passphrase, exceptions="123456").status_code == 422
    assert custodian.post(f"{base}/open", passphrase=passphrase, exceptions=str(number)).status_code == 303
    shown = plain(chair.get(f"{base}/release"))
    assert f"This ceremony sets aside {number}" in shown
    wrong = chair.post(f"{base}/release", **fields(locked, people.chair))
    assert wrong.status_code == 422
    assert "Enter all the numbers that this ceremony sets aside" in plain(wrong)
    right = fields(locked, people.chair, exceptions=str(number))
    assert chair.post(f"{base}/release", **right).status_code == 303


@pytest.mark.thorough
def test_the_candidate_is_told_what_happened_and_what_to_bring(locked: Stage) -> None:
    hers = author(locked, submissions(locked)[0][0])
    others = [member for member in locked.people.candidates if member != hers]
    (number,) = spoil(locked, spoilt_envelope)
    again(locked, (number,))
    locked.season.publish()
    page = plain(Visitor.of(locked, hers).get(f"/results/{locked.board}"))
    assert "could not be opened, as happened to 1 application on this board" in page
    assert "Enter your receipt code" in page
    assert str(number) not in page
    assert "Your result" in plain(Visitor.of(locked, others[0]).get(f"/results/{locked.board}"))
