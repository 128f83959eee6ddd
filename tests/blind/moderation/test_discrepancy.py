"""When the chair must settle an answer, and what it scores when she need not."""

from fractions import Fraction

import pytest

from panel.blind.moderation.discrepancy import Discrepancy


@pytest.mark.leak("L111")
@pytest.mark.parametrize(
    ("scores", "tolerance", "floor", "outside", "straddles"),
    [
        ((3, 3, 3), 1, None, False, False),
        ((2, 3, 3), 1, None, False, False),
        ((2, 3, 4), 1, None, True, False),
        ((2, 4), 2, None, False, False),
        ((0, 4, 4), 2, None, True, False),
        ((2, 3, 3), 1, 3, False, True),
        ((3, 4, 4), 1, 3, False, False),
        ((1, 2, 2), 1, 3, False, False),
        ((1, 4, 4), 1, 3, True, True),
        ((2, 3), 0, None, True, False),
        ((2,), 0, 2, False, False),
    ],
)
def test_marks_are_disputed_outside_tolerance_or_across_a_floor(
    scores: tuple[int, ...], tolerance: int, floor: int | None, outside: bool, straddles: bool
) -> None:
    found = Discrepancy(scores, tolerance, floor)
    assert (found.outside, found.straddles) == (outside, straddles)
    assert found.disputed == (outside or straddles)


def test_score_within_tolerance_is_the_exact_mean_whatever_was_agreed() -> None:
    assert Discrepancy((3, 3, 4), 1).score(None) == Fraction(10, 3)
    assert Discrepancy((3, 3, 4), 1).score(1) == Fraction(10, 3)


def test_score_outside_tolerance_waits_for_the_agreed_one() -> None:
    assert Discrepancy((1, 3, 4), 1).score(None) is None
    assert Discrepancy((1, 3, 4), 1).score(3) == 3


def test_score_is_exact() -> None:
    assert Discrepancy((2, 3, 3), 1).mean * 3 == 8
