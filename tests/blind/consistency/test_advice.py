"""Advice on outcomes: what allowing for severity would change, and how sure that is. It never touches a score."""

from dataclasses import replace
from fractions import Fraction

import pytest

from panel.blind.consistency.advice import Advice, advise
from panel.blind.consistency.severity import Model, fit
from panel.blind.merit.merit_list import Outcome
from panel.blind.moderation.answers import Agreed, Answer, Mark
from panel.blind.moderation.discrepancy import Discrepancy
from panel.board.policy import PassRule, Policy
from panel.kernel.ids import MarkerId, Number, SubmissionRef
from tests.blind.scene import POLICY

CRITERIA = POLICY.criteria[1:]
KEYS = tuple(criterion.key for criterion in CRITERIA)
RULES = replace(POLICY, criteria=CRITERIA, pass_rule=PassRule(Fraction(23, 4)), tolerance=1)
NUMBER = Number(123456)


def answer(key: str, agreed: int | None = None, number: Number = NUMBER, **scores: int) -> Answer:
    marks = tuple(Mark(letter, score, "Evidence.") for letter, score in scores.items())
    found = Discrepancy(tuple(scores.values()), RULES.tolerance)
    settled = None if agreed is None else Agreed(agreed, "A reason.", MarkerId.new(), 1)
    return Answer(number, SubmissionRef(bytes(16)), key, marks, found, settled)


def model(*, noise: int = 0) -> Model:
    """A is a point more severe than B and C; with noise, nobody can be sure of it."""
    alike = [{"A": 2, "B": 3}, {"B": 3, "C": 3}, {"A": 1, "C": 2}] * 10
    loud = [{"A": 0, "B": 1 + noise}, {"A": noise, "B": 1}, {"B": 0, "C": noise}, {"B": noise, "C": 0}] * 5
    found = fit(alike + (loud if noise else []))
    assert found is not None
    return found


def given(*answers: Answer, by: Model | None = None, rules: Policy = RULES) -> Advice:
    found = advise(rules, answers, by or model())
    assert found is not None
    return found


def test_who_failed_with_severe_markers_alone_would_pass() -> None:
    (change,) = given(answer(KEYS[0], A=3, B=3), answer(KEYS[1], A=2, B=3)).changes
    assert (change.now, change.then) == (Outcome.NOT_PASSED, Outcome.PASSED)
    assert change.total == Fraction(11, 2)
    assert abs(change.allowed - Fraction(35, 6)) < Fraction(1, 1_000)
    assert [each.criterion for each in change.allowances] == list(KEYS)
    assert all(each.points > 0 for each in change.allowances)


def test_a_change_is_clear_only_beyond_its_error() -> None:
    answers = answer(KEYS[0], A=3, B=3), answer(KEYS[1], A=3, B=2)
    (sure,) = given(*answers).changes
    assert sure.clear
    (unsure,) = given(*answers, by=model(noise=4)).changes
    assert not unsure.clear
    assert unsure.half > sure.half
    lenient = answer(KEYS[0], B=3, C=3), answer(KEYS[1], B=3, C=3)
    assert [change.clear for change in given(*lenient).changes] == [True]
    assert [change.clear for change in given(*lenient, by=model(noise=4)).changes] == [False]


def test_lenient_markers_alone_do_not_pass_anybody() -> None:
    (change,) = given(answer(KEYS[0], B=3, C=3), answer(KEYS[1], B=3, C=3)).changes
    assert (change.now, change.then) == (Outcome.PASSED, Outcome.NOT_PASSED)
    assert all(each.points < 0 for each in change.allowances)


def test_offsets_that_cancel_out_change_nothing_on_the_pass_line() -> None:
    """All three mark everything, so severity cancels out exactly, whoever is severe."""
    everybody = [{"A": 2, "B": 3, "C": 3}, {"A": 1, "B": 1, "C": 3}, {"A": 0, "B": 1, "C": 1}] * 10
    rules = replace(RULES, pass_rule=PassRule(Fraction(6)))
    found = given(answer(KEYS[0], A=2, B=3, C=3), answer(KEYS[1], A=3, B=3, C=4), by=fit(everybody), rules=rules)
    assert found.changes == ()
    assert found.judged == 1


def test_a_floor_counts_as_the_policy_says() -> None:
    floored = replace(RULES, criteria=(replace(CRITERIA[0], floor=3), CRITERIA[1]))
    answers = answer(KEYS[0], B=3, C=3), answer(KEYS[1], agreed=4, B=0, C=4)
    (change,) = given(*answers, rules=floored).changes
    assert (change.now, change.then, change.clear) == (Outcome.PASSED, Outcome.NOT_PASSED, True)
    assert given(*answers).changes == ()


def test_an_agreed_score_is_left_as_it_is() -> None:
    """What severity took from the other score alone does not reach the line; from both it would."""
    found = given(answer(KEYS[0], agreed=3, A=1, B=4), answer(KEYS[1], A=2, B=3))
    assert found.changes == ()
    assert found.judged == 1
    (both,) = given(answer(KEYS[0], A=3, B=3), answer(KEYS[1], A=2, B=3)).changes
    assert both.total == Fraction(11, 2)


@pytest.mark.leak("L113")
def test_nothing_is_said_of_thin_data_unsettled_answers_or_parts_that_share_nothing() -> None:
    unsettled = given(answer(KEYS[0], A=0, B=4), answer(KEYS[1], A=3, B=3))
    assert (unsettled.judged, unsettled.unsettled) == (0, 1)
    stranger = given(answer(KEYS[0], A=3, D=3), answer(KEYS[1], A=2, B=3))
    assert (stranger.judged, stranger.unknown) == (0, 1)
    assert given(answer(KEYS[0], A=3, B=3)).unsettled == 1
    apart = fit([{"A": 1, "B": 2}, {"C": 2, "D": 3}, {"A": 2, "B": 2}] * 10)
    assert advise(RULES, [answer(KEYS[0], A=3, B=3), answer(KEYS[1], A=2, B=3)], apart) is None
    assert advise(RULES, [], None) is None


def test_clear_changes_come_first_and_places_are_shown() -> None:
    near, far = Number(111111), Number(222222)
    found = given(
        answer(KEYS[0], number=near, A=3, B=3),
        answer(KEYS[1], number=near, A=3, B=2),
        answer(KEYS[0], number=far, B=4, C=4),
        answer(KEYS[1], number=far, B=4, C=4),
    )
    (change,) = found.changes
    assert change.number == near
    assert (change.rank, change.rank_then) == (2, 2)
    assert found.judged == 2
