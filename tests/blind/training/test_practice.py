"""Practice marking: distance, direction, and what a set of scripts still lacks."""

import pytest

from panel.blind.training.practice import (
    PRACTISED,
    Direction,
    Distance,
    Purpose,
    away,
    leaning,
    order,
    panel_code,
    problems,
)
from panel.board.policy import Criterion, Kind, Point, Policy, Scale
from panel.kernel.ids import MarkerId, ScriptId


@pytest.mark.parametrize(
    ("given", "points", "direction", "within"),
    [
        (3, 0, Direction.SAME, True),
        (2, 1, Direction.SEVERE, True),
        (4, 1, Direction.LENIENT, True),
        (1, 2, Direction.SEVERE, False),
        (5, 2, Direction.LENIENT, False),
    ],
)
def test_distance_has_size_and_direction(given: int, points: int, direction: Direction, within: bool) -> None:
    distance = Distance(given, agreed=3, tolerance=1)
    assert (distance.points, distance.direction, distance.within) == (points, direction, within)


def test_distance_is_told_in_plain_words() -> None:
    assert Distance(3, 3, 1).sentence == "Your score is the agreed score."
    assert Distance(2, 3, 1).sentence == "Your score is 1 point below the agreed score (severe), within the tolerance."
    assert Distance(5, 3, 1).sentence.endswith("2 points above the agreed score (lenient), outside the tolerance.")


def test_zero_tolerance_asks_for_the_agreed_score() -> None:
    assert not Distance(2, 3, 0).within


@pytest.mark.parametrize(
    ("given", "leans", "lies"),
    [
        ((), "No scores yet", "No scores yet"),
        ((4, 2), "Neither way", "2 points over 2 scripts"),
        ((4, 2, 2), "Severe by 1 point over 3 scripts", "3 points over 3 scripts"),
        ((5,), "Lenient by 2 points over 1 script", "2 points over 1 script"),
    ],
)
def test_scores_together_have_a_direction_and_a_distance(given: tuple[int, ...], leans: str, lies: str) -> None:
    distances = [Distance(score, agreed=3, tolerance=1) for score in given]
    assert (leaning(distances), away(distances)) == (leans, lies)


def test_a_table_shows_severe_as_minus_and_lenient_as_plus() -> None:
    assert [Distance(score, 3, 1).signed for score in (1, 3, 4)] == ["−2", "0", "+1"]


POLICY = Policy(
    criteria=(Criterion("calm", Kind.COMPETENCY, "Stays calm"), Criterion("fair", Kind.VALUE, "Is fair")),
    scale=Scale(tuple(Point(score, f"Label {score}", f"Anchor {score}") for score in range(1, 6))),
)


def complete() -> list[tuple[str, Purpose, int]]:
    return [(key, purpose, 3) for key in POLICY.keys for purpose in PRACTISED]


def test_practice_needs_a_script_of_every_purpose_for_each_criterion() -> None:
    assert problems(POLICY, complete()) == ()
    assert problems(POLICY, [each for each in complete() if each[0] == "calm"]) == (
        "Add a practice script for ‘Is fair’.",
        "Add a qualification script for ‘Is fair’.",
        "Add a second-attempt script for ‘Is fair’.",
    )
    only = [each for each in complete() if each[1] is not Purpose.SECOND]
    assert problems(POLICY, only)[0] == "Add a second-attempt script for ‘Stays calm’."


def test_scripts_left_over_from_an_earlier_draft_are_named() -> None:
    leftover = [("fair", Purpose.SECOND, 7), ("bold", Purpose.PRACTICE, 2)]
    assert problems(POLICY, [*complete(), *leftover]) == (
        "Remove the practice script for ‘bold’, which this board does not assess.",
        "Change a second-attempt script for ‘Is fair’: its agreed score 7 is not on the scale.",
    )


def test_panel_code_is_steady_and_differs_by_board_and_marker() -> None:
    one, two = MarkerId(b"1" * 16), MarkerId(b"2" * 16)
    assert panel_code(b"d" * 32, one) == panel_code(b"d" * 32, one)
    assert len({panel_code(b"d" * 32, one), panel_code(b"d" * 32, two), panel_code(b"e" * 32, one)}) == 3
    assert str(one)[:6].upper() not in panel_code(b"d" * 32, one)


def test_each_marker_has_an_order_of_scripts_of_her_own() -> None:
    scripts = [ScriptId(bytes([n]) * 16) for n in range(12)]
    markers = [MarkerId(bytes([n]) * 16) for n in range(5)]
    orders = {tuple(sorted(scripts, key=lambda s, m=m: order(b"d" * 32, m, s))) for m in markers}  # type: ignore[misc]
    assert len(orders) == len(markers)
