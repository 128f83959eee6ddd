"""Every problem belongs to one step, so that HR is sent to the page that mends it."""

from panel.board.completeness import Step, problems, problems_of
from panel.board.policy import Policy


def test_problems_are_those_of_the_steps_in_order() -> None:
    by_step = [sentence for step in Step for sentence in problems_of(Policy(), step)]
    assert by_step == list(problems(Policy()))


def test_defaults_of_marking_and_custody_have_no_problems() -> None:
    assert problems_of(Policy(), Step.MARKING) == ()
    assert problems_of(Policy(), Step.CUSTODY) == ()
