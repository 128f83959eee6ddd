"""Practice marking: distance, direction, tries, coaching, and what a set of scripts still lacks."""

import pytest

from panel.blind.training.practice import (
    Direction,
    Distance,
    Standing,
    Step,
    Trial,
    Try,
    order,
    panel_code,
    problems,
    qualifies,
)
from panel.board.policy import Criterion, Kind, Point, Policy, Scale
from panel.kernel.ids import MarkerId, ScriptId

SCRIPT = ScriptId(b"s" * 16)


def trial(*scores: int, agreed: int = 3, tolerance: int = 1, coached: int = 0, rounds: tuple[int, ...] = ()) -> Trial:
    tries = tuple(Try(score, "", rounds[i] if rounds else 0) for i, score in enumerate(scores))
    return Trial(SCRIPT, agreed, tolerance, tries, coached)


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
    ("made", "step", "left"),
    [
        (trial(), Step.MARK, 2),
        (trial(3), Step.DONE, 0),
        (trial(5), Step.AGAIN, 1),
        (trial(5, 3), Step.DONE, 0),
        (trial(5, 5), Step.COACHING, 0),
        (trial(5, 5, coached=1), Step.AGAIN, 2),
        (trial(5, 5, 5, coached=1, rounds=(0, 0, 1)), Step.AGAIN, 1),
        (trial(5, 5, 5, 5, coached=1, rounds=(0, 0, 1, 1)), Step.COACHING, 0),
        (trial(5, 5, 4, coached=1, rounds=(0, 0, 1)), Step.DONE, 0),
    ],
)
def test_two_tries_then_coaching_then_two_more(made: Trial, step: Step, left: int) -> None:
    assert (made.step, made.left) == (step, left)


def test_criterion_waits_for_its_most_urgent_script() -> None:
    assert Standing("k", "K", (trial(3), trial())).step is Step.MARK
    assert Standing("k", "K", (trial(5), trial())).step is Step.AGAIN
    assert Standing("k", "K", (trial(3), trial(5, 5), trial())).step is Step.COACHING
    assert Standing("k", "K", (trial(3), trial(2))).step is Step.DONE


def test_criterion_without_scripts_is_never_done() -> None:
    assert not qualifies([Standing("k", "K", ())])
    assert not qualifies([])


def test_every_criterion_must_be_done() -> None:
    done, open_ = Standing("a", "A", (trial(3),)), Standing("b", "B", (trial(5),))
    assert qualifies([done])
    assert not qualifies([done, open_])


@pytest.mark.parametrize(
    ("trials", "leaning"),
    [
        ((trial(), trial()), "No scores yet"),
        ((trial(4), trial(2)), "Neither way"),
        ((trial(5, 4), trial(2), trial(2), trial()), "Severe by 1 point over 3 scripts"),
        ((trial(1, 5),), "Lenient by 2 points over 1 script"),
    ],
)
def test_leaning_adds_up_the_latest_scores(trials: tuple[Trial, ...], leaning: str) -> None:
    assert Standing("k", "K", trials).leaning == leaning


POLICY = Policy(
    criteria=(Criterion("calm", Kind.COMPETENCY, "Stays calm"), Criterion("fair", Kind.VALUE, "Is fair")),
    scale=Scale(tuple(Point(score, f"Label {score}", f"Anchor {score}") for score in range(1, 6))),
)


def test_practice_needs_a_script_for_each_criterion() -> None:
    assert problems(POLICY, [("calm", 3), ("fair", 5), ("fair", 1)]) == ()
    assert problems(POLICY, [("calm", 3)]) == ("Add a practice script for ‘Is fair’.",)


def test_scripts_left_over_from_an_earlier_draft_are_named() -> None:
    assert problems(POLICY, [("calm", 3), ("fair", 7), ("bold", 2)]) == (
        "Remove the practice script for ‘bold’, which this board does not assess.",
        "Change a practice script for ‘Is fair’: its agreed score 7 is not on the scale.",
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
