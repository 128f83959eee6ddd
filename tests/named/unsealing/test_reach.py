"""Which seats count as reachable on which day, when letters go, and when the custody of a board is nearly too weak."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.kernel.ids import AccountId, KeyholderId
from panel.named.unsealing.reach import Place, Reach, Strength, due, reach, reminded
from panel.sealed.vault.sharing import Seat, Side

TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.vault("V16")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def place(side: Side, number: int, stands: Reach = Reach.PROVED) -> Place:
    seat = Seat(side, number, KeyholderId(bytes([number] * 16)))
    return Place(seat, AccountId(bytes([number] * 16)), "Somebody", bytes(32), TODAY, TODAY, stands)


def strength(custodians: str, panel: str, k: int = 2) -> Strength:
    """p proved, o overdue, l lost: a letter a seat."""
    stands = {each.value[0]: each for each in Reach}
    places = [
        place(side, n, stands[letter])
        for side, letters in ((Side.HR, custodians), (Side.PANEL, panel))
        for n, letter in enumerate(letters, start=1)
    ]
    return Strength.of(k, places, TODAY)


@pytest.mark.parametrize(
    ("proved", "used", "stands"),
    [
        (ago(90), None, Reach.PROVED),
        (ago(91), None, Reach.OVERDUE),
        (None, ago(90), Reach.PROVED),
        (ago(400), ago(3), Reach.PROVED),
        (None, None, Reach.OVERDUE),
    ],
)
def test_a_proof_lasts_ninety_days(proved: date | None, used: date | None, stands: Reach) -> None:
    assert reach(proved, used, lost=False, on=TODAY) is stands
    assert reach(proved, used, lost=True, on=TODAY) is Reach.LOST


@given(st.integers(0, 700))
def test_letters_go_on_the_seventy_sixth_day_and_every_fortnight_from_then_on(days: int) -> None:
    assert reminded(ago(days), TODAY) == (days in range(76, 701, 14))
    assert due(ago(days), TODAY) == (days >= 76)


def test_who_never_proved_is_asked_on_the_page_and_by_no_letter() -> None:
    assert due(None, TODAY)
    assert not reminded(None, TODAY)


@pytest.mark.parametrize("days", [*range(74, 94), 165, 166, 167, 180, 255, 256])
def test_once_the_names_are_open_a_letter_goes_once_a_quarter(days: int) -> None:
    assert reminded(ago(days), TODAY, names_open=True) == (days in {76, 166, 256})


def test_the_first_line_counts_both_sides_since_a_day() -> None:
    assert strength("ppp", "pp").sentence == ("3 of 3 custodians and 2 of 2 panel seats proved since 24 August 2026.")
    assert strength("pol", "po").sentence.startswith("1 of 3 custodians and 1 of 2 panel seats")


@pytest.mark.parametrize(
    ("custodians", "panel", "warned", "openable"),
    [
        ("ppp", "pp", "", True),
        ("ppo", "pp", "2 of 3 custodians have proved lately", True),
        ("pol", "pp", "Every one of the 2 custodians who are left is needed", True),
        ("pll", "pp", "it takes 2, and there are 1", False),
        ("ppp", "po", "1 of 2 panel seats have proved lately", True),
        ("ppp", "pl", "Only one panel seat is left", True),
        ("ppp", "ll", "Every panel seat’s share is lost", False),
        ("ppppo", "ppp", "", True),
    ],
)
def test_there_is_a_warning_before_and_at_the_loss(custodians: str, panel: str, warned: str, openable: bool) -> None:
    found = strength(custodians, panel)
    assert found.openable is openable
    assert (warned in " ".join(found.warnings)) if warned else found.warnings == ()


@given(st.integers(2, 6), st.integers(1, 6), st.data())
def test_names_can_be_opened_until_one_more_than_the_spare_custodians_are_lost(
    k: int, more: int, data: st.DataObject
) -> None:
    n = min(k + more, 7)
    gone = data.draw(st.integers(0, n))
    found = strength("l" * gone + "p" * (n - gone), "pp", k)
    assert found.openable is (gone < n - k + 1)
    assert found.openable or "No name of this board can be opened" in " ".join(found.warnings)


def test_what_may_still_be_lost_is_said_in_numbers() -> None:
    assert strength("ppp", "pp").margin.startswith("If 2 more custodians or both of the panel who are left lose")
    assert strength("ppl", "pl").margin.startswith("If one more custodian or the one of the panel who is left lose")


def test_a_place_is_called_by_its_side_and_number() -> None:
    assert place(Side.HR, 2).title == "Custodian seat 2"
    assert replace(place(Side.PANEL, 1), name="x").title == "Panel seat 1"
