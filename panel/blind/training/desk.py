"""A marker's practice for one board, all in one place: where she stands, and whether the gate is open to her."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from panel.blind.training.gate import Gate, Practice, gate
from panel.blind.training.practice import Distance, Trial
from panel.blind.training.purpose import Purpose
from panel.blind.training.required import Required
from panel.blind.training.standing import Standing, Step
from panel.board.lifecycle import Stage, WrongStage
from panel.board.policy import Criterion, Point, Policy
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import BoardId, ScriptId

#: Markers practise from the board's opening, when its criteria are fixed, until marking ends.
PRACTISING: Final = (Stage.OPEN, Stage.CLOSED, Stage.MARKING)
_ORDER: Final = tuple(Purpose)


class PracticeShut(Refused):
    """Courses are missing, or the chair has not opened practice; `details` say what to do next."""

    sentence = "Practice marking is not open to you yet."


@dataclass(frozen=True)
class Rubric:
    """What an answer to one criterion of a board is held against."""

    board: BoardId
    criterion: Criterion
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Script:
    """A practice script as the chair sees it."""

    id: ScriptId
    criterion: str
    purpose: Purpose
    answer: str
    agreed: int
    reason: str
    version: int


@dataclass(frozen=True)
class Coaching:
    """What the chair wrote for a marker about one criterion; the latest of `count` notes."""

    note: str
    coached_on: date
    count: int


@dataclass(frozen=True)
class Desk:
    """One marker's practice for one board. `standings` are empty until the chair has opened practice.

    `qualified`: since when she may mark each criterion for which she has qualified.
    """

    board: BoardId
    title: str
    stage: Stage
    policy: Policy
    code: str
    opened: bool
    qualified: Mapping[str, date]
    courses: tuple[Required, ...]
    standings: tuple[Standing, ...]
    coaching: Mapping[str, Coaching]

    def gate(self, on: date) -> Gate:
        """Whether she may mark on that day."""
        return gate(self.courses, Practice(self.policy.keys, self.opened, self.qualified.keys(), self.standings), on)

    @property
    def may_mark(self) -> str:
        """The names of the criteria for which she has qualified, in the board's order."""
        return ", ".join(f"‘{each.name}’" for each in self.policy.criteria if each.key in self.qualified)

    def trained(self, on: date) -> bool:
        """Whether every course is complete and unexpired on that day."""
        return all(course.current(on) for course in self.courses)

    def enter(self, on: date) -> None:
        """Raises WrongStage or PracticeShut unless she may practise on that day."""
        if self.stage not in PRACTISING:
            raise WrongStage
        if not (self.opened and self.trained(on)):
            raise PracticeShut(details=self.gate(on).missing)

    def scale(self, criterion: str) -> tuple[Point, ...]:
        """The anchored scores of one criterion."""
        return self.policy.anchored(self.policy.criterion(criterion))

    def trial(self, script: ScriptId) -> tuple[Standing, Trial]:
        """Her tries at one script, and the criterion it belongs to. Raises Missing."""
        for standing in self.standings:
            for trial in standing.trials:
                if trial.script == script:
                    return standing, trial
        raise Missing

    def standing(self, criterion: str) -> Standing:
        """Where she stands on one criterion. Raises Missing."""
        found = [standing for standing in self.standings if standing.key == criterion]
        if not found:
            raise Missing
        return found[0]

    @property
    def next_script(self) -> ScriptId | None:
        """The next script that brings her on, if any: practice scripts first, then first attempts, then second ones."""
        waiting = [
            (_ORDER.index(trial.purpose), trial.script)
            for standing in self.standings
            if standing.step is not Step.DONE
            for trial in standing.trials
            if standing.markable(trial) and not (trial.purpose is Purpose.PRACTICE and trial.tries)
        ]
        return min(waiting, key=lambda each: each[0])[1] if waiting else None

    @property
    def known(self) -> tuple[Distance, ...]:
        """Her latest scores on the whole board of which she may see the agreed ones."""
        return tuple(distance for standing in self.standings for distance in standing.known)
