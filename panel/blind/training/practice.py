"""Practice marking: how far a score lies from the agreed one, in which direction, and what the marker does next."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panel.board.policy import Policy
from panel.kernel.encoding import context
from panel.kernel.ids import CROCKFORD, MarkerId, ScriptId

#: Tries at one script before the chair's coaching, and again after each coaching.
TRIES: Final = 2
_CODE_LENGTH: Final = 6


class Direction(StrEnum):
    """Which way a score leans from the agreed one."""

    SEVERE = "severe"
    LENIENT = "lenient"
    SAME = "same"


@dataclass(frozen=True)
class Distance:
    """A marker's score beside the agreed one. `tolerance` is the policy's."""

    given: int
    agreed: int
    tolerance: int

    @property
    def points(self) -> int:
        return abs(self.given - self.agreed)

    @property
    def within(self) -> bool:
        return self.points <= self.tolerance

    @property
    def direction(self) -> Direction:
        if self.given == self.agreed:
            return Direction.SAME
        return Direction.SEVERE if self.given < self.agreed else Direction.LENIENT

    @property
    def sentence(self) -> str:
        """What the marker is told."""
        if self.direction is Direction.SAME:
            return "Your score is the agreed score."
        side = "below" if self.direction is Direction.SEVERE else "above"
        verdict = "within" if self.within else "outside"
        points = _counted(self.points, "point")
        return f"Your score is {points} {side} the agreed score ({self.direction}), {verdict} the tolerance."


class Step(StrEnum):
    """What a marker does next about a script or a criterion; the later ones keep her longer."""

    DONE = "done"
    MARK = "mark"
    AGAIN = "again"
    COACHING = "coaching"


_URGENCY: Final = tuple(Step)


@dataclass(frozen=True)
class Try:
    """One score a marker gave to a practice script, in the round after that many coachings."""

    score: int
    evidence: str
    round: int


@dataclass(frozen=True)
class Trial:
    """One marker's tries at one script, oldest first, and how often the chair has coached her on its criterion."""

    script: ScriptId
    agreed: int
    tolerance: int
    tries: tuple[Try, ...] = ()
    coached: int = 0

    @property
    def last(self) -> Distance | None:
        """The latest score beside the agreed one."""
        return Distance(self.tries[-1].score, self.agreed, self.tolerance) if self.tries else None

    @property
    def left(self) -> int:
        """Tries she still has: none once she is within tolerance."""
        if self.last and self.last.within:
            return 0
        return max(0, TRIES - sum(each.round == self.coached for each in self.tries))

    @property
    def step(self) -> Step:
        if self.last is None:
            return Step.MARK
        if self.last.within:
            return Step.DONE
        return Step.AGAIN if self.left else Step.COACHING


@dataclass(frozen=True)
class Standing:
    """Where a marker stands on one criterion. A criterion without scripts is never done."""

    key: str
    name: str
    trials: tuple[Trial, ...]

    @property
    def step(self) -> Step:
        return max((trial.step for trial in self.trials), key=_URGENCY.index, default=Step.MARK)

    @property
    def done(self) -> int:
        """How many scripts are within tolerance."""
        return sum(trial.step is Step.DONE for trial in self.trials)

    @property
    def leaning(self) -> str:
        """Which way her latest scores lean, all scripts of the criterion taken together."""
        lasts = [trial.last for trial in self.trials if trial.last]
        points = sum(last.given - last.agreed for last in lasts)
        if not lasts:
            return "No scores yet"
        if points == 0:
            return "Neither way"
        side = "Severe" if points < 0 else "Lenient"
        return f"{side} by {_counted(abs(points), 'point')} over {_counted(len(lasts), 'script')}"


def qualifies(standings: Iterable[Standing]) -> bool:
    """Whether the latest score of every script of every criterion is within tolerance."""
    steps = [standing.step for standing in standings]
    return bool(steps) and set(steps) == {Step.DONE}


def problems(policy: Policy, scripts: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Why practice cannot be opened with these (criterion, agreed score) pairs, a sentence each; empty when it can."""
    if not policy.criteria:
        return ("HR chooses the criteria of this board first.",)
    pairs = tuple(scripts)
    have = {criterion for criterion, _ in pairs}
    lacking = [f"Add a practice script for ‘{c.name}’." for c in policy.criteria if c.key not in have]
    foreign = [
        f"Remove the practice script for ‘{key}’, which this board does not assess."
        for key in sorted(have - set(policy.keys))
    ]
    scores = policy.scale.scores
    outside = [
        f"Change a practice script for ‘{policy.criterion(key).name}’: its agreed score {agreed} is not on the scale."
        for key, agreed in sorted(pairs)
        if key in policy.keys and agreed not in scores
    ]
    return (*lacking, *foreign, *outside)


def order(draw: bytes, marker: MarkerId, script: ScriptId) -> bytes:
    """The sort key that gives each marker her own random order of scripts, repeatable from the board's draw."""
    return hashlib.sha256(context(b"panel/practice-order", draw, marker, script)).digest()


def panel_code(draw: bytes, marker: MarkerId) -> str:
    """The code by which the chair and a marker can speak of her practice: six characters, no name and no id behind it.

    From the board's draw, so it differs from board to board and stays when others join or leave the panel.
    """
    digest = hashlib.sha256(context(b"panel/panel-code", draw, marker)).digest()
    return "".join(CROCKFORD[byte % len(CROCKFORD)] for byte in digest[:_CODE_LENGTH])


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
