"""Which answers are looked at although their marks agree: by lot, and across the pass mark. Pure."""

from dataclasses import replace
from fractions import Fraction

import pytest

from panel.blind.moderation.looks import across_the_pass_mark, sampled
from panel.board.policy import PassRule
from panel.kernel.ids import SubmissionRef
from tests.blind.scene import POLICY

DRAW = bytes(range(32))
KEYS = [(SubmissionRef(bytes([n]) * 16), key) for n in range(1, 41) for key in POLICY.keys]
REF = KEYS[0][0]
PASSING = replace(POLICY, pass_rule=PassRule(Fraction(9)))


@pytest.mark.parametrize(("percent", "each"), [(0, 0), (1, 1), (10, 4), (11, 5), (100, 40)])
def test_the_share_is_drawn_from_each_criterion_and_rounded_up(percent: int, each: int) -> None:
    picked = sampled(DRAW, percent, KEYS)
    assert [sum(key == criterion for _, key in picked) for criterion in POLICY.keys] == [each] * 3


def test_the_draw_alone_decides_whatever_the_order() -> None:
    assert sampled(DRAW, 20, KEYS) == sampled(DRAW, 20, reversed(KEYS))
    assert sampled(DRAW, 20, KEYS) != sampled(bytes(32), 20, KEYS)


def test_what_is_picked_stays_picked_when_others_leave() -> None:
    picked = sampled(DRAW, 20, KEYS)
    others = [key for key in KEYS if key in picked or key[0][0] % 2]
    assert sampled(DRAW, 20, others) <= picked


@pytest.mark.parametrize(
    ("given", "crosses"),
    [((3, 3, 3), False), ((2, 3, 3), False), ((3, 3, 2), False), ((2, 4, 3), False)],
)
def test_one_mark_an_answer_crosses_nothing(given: tuple[int, ...], crosses: bool) -> None:
    scores = {(REF, key): [score] for key, score in zip(PASSING.keys, given, strict=True)}
    assert (REF in across_the_pass_mark(PASSING, scores)) is crosses


@pytest.mark.parametrize(
    ("low", "high", "crosses"),
    [((3, 3, 2), (3, 3, 3), True), ((3, 3, 3), (4, 4, 4), False), ((2, 2, 2), (2, 3, 3), False)],
)
def test_a_submission_that_only_its_highest_marks_pass_crosses(
    low: tuple[int, ...], high: tuple[int, ...], crosses: bool
) -> None:
    scores = {(REF, key): [a, b] for key, a, b in zip(PASSING.keys, low, high, strict=True)}
    assert (REF in across_the_pass_mark(PASSING, scores)) is crosses


def test_a_submission_without_a_mark_somewhere_is_left_out() -> None:
    assert not across_the_pass_mark(PASSING, {(REF, PASSING.keys[0]): [0, 4]})
