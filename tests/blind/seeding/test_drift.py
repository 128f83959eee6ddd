"""When a marker has strayed, by hand."""

from collections import Counter

import pytest

from panel.blind.seeding.drift import SeedMark, goes_back, last_good, latest, strayed, takes_hold
from panel.blind.training.practice import Distance
from panel.kernel.ids import MarkerId

HER = MarkerId(bytes(16))


def marks(*given: int) -> list[SeedMark]:
    """Seeds agreed at 3, tolerance 1, in turns 10, 20, 30 …"""
    return [SeedMark(HER, "deciding", 10 * n, Distance(score, 3, 1)) for n, score in enumerate(given, start=1)]


@pytest.mark.parametrize(
    ("given", "out"),
    [
        ((), False),
        ((0,), False),
        ((1, 1), True),
        ((3, 1), False),
        ((1, 3, 1), True),
        ((1, 3, 3), False),
        ((1, 1, 3), True),
        ((1, 3, 3, 1), False),
        ((2, 4, 2), False),
        ((5, 3, 5), True),
    ],
)
def test_two_of_the_latest_three_out_of_tolerance_is_straying(given: tuple[int, ...], out: bool) -> None:
    assert strayed(marks(*given)) is out
    assert strayed(marks(*given)[::-1]) is out, "the order they are read in is not the order of turns"


def test_the_latest_three_by_turn_are_judged() -> None:
    assert [mark.turn for mark in latest(marks(1, 2, 3, 4)[::-1])] == [20, 30, 40]


def test_the_last_good_seed_is_the_latest_within_tolerance() -> None:
    assert last_good(marks(3, 2, 1, 1)) == 20
    assert last_good(marks(1, 1), since=5) == 5


def test_the_chair_reads_how_far_and_which_way() -> None:
    assert [mark.sentence for mark in marks(3, 2, 5)] == [
        "The agreed score",
        "1 point below (severe), within the tolerance",
        "2 points above (lenient), outside the tolerance",
    ]


def test_a_pause_takes_hold_by_lot_at_once_or_up_to_two_marks_later() -> None:
    """Taking hold at once, always, it would point at the mark just made."""
    later = Counter(takes_hold(bytes([n]) * 32, HER, 7) - 7 for n in range(240))
    assert set(later) == {0, 1, 2}
    assert min(later.values()) > 50


@pytest.mark.leak("L116")
def test_what_is_marked_again_goes_back_by_lot_to_the_last_good_seed_or_up_to_two_marks_further() -> None:
    """From just after it, always, the last mark left to her would be the seed."""
    back = Counter(7 - goes_back(bytes([n]) * 32, HER, 7) for n in range(240))
    assert set(back) == {0, 1, 2}
    assert min(back.values()) > 50
    assert {goes_back(bytes([n]) * 32, HER, 7, since=6) for n in range(20)} == {6, 7}
    assert {goes_back(bytes([n]) * 32, HER, 7, since=7) for n in range(20)} == {7}, "no seed stands there"
