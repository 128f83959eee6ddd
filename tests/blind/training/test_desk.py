"""A marker's desk: which script comes next, and when practice lets her in."""

from datetime import date

import pytest

from panel.blind.training.desk import Desk, PracticeShut
from panel.blind.training.practice import Trial, Try
from panel.blind.training.purpose import Purpose
from panel.blind.training.required import Required
from panel.blind.training.standing import Standing
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import Policy
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, ScriptId

TODAY = date(2026, 11, 22)
ONE, TWO = ScriptId(b"1" * 16), ScriptId(b"2" * 16)


def desk(*trials: Trial, stage: Stage = Stage.OPEN, opened: bool = True, expires_on: date | None = TODAY) -> Desk:
    return Desk(
        board=BoardId(b"b" * 16),
        title="Inspector 2026",
        stage=stage,
        policy=Policy(),
        code="ABC123",
        opened=opened,
        qualified={},
        courses=(Required("Course", expires_on),),
        standings=(Standing("calm", "Calm", trials),),
        coaching={},
    )


def trial(script: ScriptId, *scores: int, purpose: Purpose = Purpose.PRACTICE) -> Trial:
    return Trial(script, purpose, 3, 1, tuple(Try(score, "", 0) for score in scores))


def test_practice_comes_before_what_qualifies() -> None:
    fresh = trial(TWO, purpose=Purpose.QUALIFICATION)
    assert desk(fresh, trial(ONE)).next_script == ONE
    assert desk(fresh, trial(ONE, 5)).next_script == TWO


def test_nothing_comes_next_when_all_is_done_or_waits_for_the_chair() -> None:
    assert desk(trial(ONE, 3), trial(TWO, 3, purpose=Purpose.QUALIFICATION)).next_script is None
    missed = (trial(TWO, 5, purpose=purpose) for purpose in (Purpose.QUALIFICATION, Purpose.SECOND))
    assert desk(trial(ONE, 3), *missed).next_script is None


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.OPEN, Stage.CLOSED, Stage.MARKING)])
def test_practice_is_for_the_stages_from_open_to_marking(stage: Stage) -> None:
    with pytest.raises(WrongStage):
        desk(stage=stage).enter(TODAY)


@pytest.mark.parametrize("shut", [desk(opened=False), desk(expires_on=None), desk(expires_on=date(2026, 11, 21))])
def test_practice_is_shut_without_courses_or_opening(shut: Desk) -> None:
    with pytest.raises(PracticeShut) as refusal:
        shut.enter(TODAY)
    assert refusal.value.details


def test_practice_lets_in_whoever_has_done_the_courses() -> None:
    desk().enter(TODAY)


def test_script_of_nobody_is_missing() -> None:
    with pytest.raises(Missing):
        desk(trial(ONE)).trial(TWO)
