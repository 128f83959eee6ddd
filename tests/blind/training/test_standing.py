"""Where a marker stands: practice, fresh scripts, other scripts, coaching; and when she sees the agreed scores."""

from dataclasses import replace

import pytest

from panel.blind.training.practice import Trial, Try
from panel.blind.training.purpose import Purpose
from panel.blind.training.standing import Standing, Step
from panel.kernel.ids import ScriptId

#: Scores in one round after another; every script is agreed at 3 with a tolerance of 1.
Scores = tuple[int, ...]


def trial(purpose: Purpose, *scores: int, rounds: Scores = ()) -> Trial:
    tries = tuple(Try(score, "", rounds[n] if rounds else n) for n, score in enumerate(scores))
    return Trial(ScriptId(bytes(16)), purpose, 3, 1, tries)


def standing(practice: Scores = (3,), first: Scores = (), second: Scores = (), coached: int = 0) -> Standing:
    """One practice script, two that qualify of which one is always right, and one of the second attempt."""
    fresh = (trial(Purpose.QUALIFICATION, *first), trial(Purpose.QUALIFICATION, *(3 for _ in first)))
    trials = (trial(Purpose.PRACTICE, *practice), *fresh, trial(Purpose.SECOND, *second))
    return Standing("calm", "Calm", trials, coached)


@pytest.mark.parametrize(
    ("where", "step"),
    [
        (standing(()), Step.PRACTISE),
        (standing((5,)), Step.QUALIFY),
        (standing(first=(4,)), Step.DONE),
        (standing(first=(5,)), Step.SECOND),
        (standing(first=(5,), second=(3,)), Step.DONE),
        (standing(first=(5,), second=(5,)), Step.COACHING),
        (standing(first=(5,), second=(5,), coached=1), Step.QUALIFY),
        (standing(first=(5, 3), second=(5,), coached=1), Step.DONE),
        (standing(first=(5, 1), second=(5,), coached=1), Step.SECOND),
        (standing(first=(5, 1), second=(5, 1), coached=1), Step.COACHING),
        (standing(first=(5, 1), second=(5, 1), coached=2), Step.QUALIFY),
    ],
)
def test_practice_two_attempts_coaching_and_two_more(where: Standing, step: Step) -> None:
    assert where.step is step


def test_one_script_outside_the_tolerance_is_an_attempt_not_passed() -> None:
    assert not standing(first=(5,)).attempt(Purpose.QUALIFICATION).passed
    assert standing(first=(2,)).attempt(Purpose.QUALIFICATION).passed


def test_criterion_without_scripts_is_never_done() -> None:
    assert Standing("k", "K", ()).step is Step.QUALIFY


def markable(where: Standing) -> list[Purpose]:
    return [trial.purpose for trial in where.trials if where.markable(trial)]


def test_practice_scripts_are_marked_as_often_as_she_likes_the_others_once_in_their_turn() -> None:
    practice, fresh, second = Purpose.PRACTICE, Purpose.QUALIFICATION, Purpose.SECOND
    assert markable(standing(())) == [practice]
    assert markable(standing((5, 5, 5))) == [practice, fresh, fresh]
    assert markable(standing(first=(5,))) == [practice, second]
    assert markable(standing(first=(5,), second=(5,))) == [practice]
    assert markable(standing(first=(5,), second=(5,), coached=1)) == [practice, fresh, fresh]
    assert markable(standing(first=(3,))) == [practice]


def test_script_of_an_attempt_is_not_marked_again_while_others_of_it_wait() -> None:
    half = Standing("k", "K", (trial(Purpose.QUALIFICATION, 5), trial(Purpose.QUALIFICATION)))
    assert [half.markable(each) for each in half.trials] == [False, True]


def told(where: Standing) -> list[bool]:
    return [where.told(trial) for trial in where.trials]


def test_agreed_scores_of_an_attempt_are_told_when_all_of_it_is_marked() -> None:
    assert told(standing(())) == [False, False, False, False]
    half = Standing("k", "K", (trial(Purpose.QUALIFICATION, 5), trial(Purpose.QUALIFICATION)))
    assert told(half) == [False, False]
    assert not half.known
    assert told(standing(first=(5,))) == [True, True, True, False]


def test_a_new_round_shuts_the_results_of_the_one_before() -> None:
    again = standing(first=(5,), second=(5,), coached=1)
    assert told(again) == [True, False, False, False]
    assert len(again.known) == 1
    assert len(again.latest) == 4


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (standing(()), "Mark the practice scripts for ‘Calm’."),
        (standing(), "Mark the qualification scripts for ‘Calm’."),
        (standing(first=(5,)), "Read your results for ‘Calm’, then mark the scripts of the second attempt."),
        (
            standing(first=(5,), second=(5,)),
            "Ask the chair to coach you on ‘Calm’, and give the chair your panel code.",
        ),
        (
            standing(first=(5,), second=(5,), coached=1),
            "Read the chair’s note on ‘Calm’, then mark the qualification scripts again.",
        ),
        (standing(first=(3,)), ""),
    ],
)
def test_every_step_says_what_comes_next(where: Standing, sentence: str) -> None:
    assert where.next == sentence


@pytest.mark.parametrize(
    ("first", "second", "step"), [((3,), (), "done"), ((5,), (), "second"), ((5,), (5,), "coaching")]
)
def test_practice_script_added_later_takes_nobody_back(first: Scores, second: Scores, step: str) -> None:
    where = standing(first=first, second=second)
    later = replace(where, trials=(*where.trials, trial(Purpose.PRACTICE)))
    assert (where.step, later.step) == (step, step)
    assert replace(standing(), trials=(*standing().trials, trial(Purpose.PRACTICE))).step is Step.PRACTISE
