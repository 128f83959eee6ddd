"""Practice marking: scripts with agreed scores, how far a score lies from the agreed one, and in which direction."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panel.blind.training.purpose import PRACTISED, Purpose
from panel.board.policy import Policy
from panel.kernel.encoding import context
from panel.kernel.ids import CROCKFORD, MarkerId, ScriptId

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
    def signed(self) -> str:
        """The points with their direction, for a table: severe is minus."""
        sign = {Direction.SAME: "", Direction.SEVERE: "−", Direction.LENIENT: "+"}[self.direction]
        return f"{sign}{self.points}"

    @property
    def sentence(self) -> str:
        """What the marker is told."""
        if self.direction is Direction.SAME:
            return "Your score is the agreed score."
        side = "below" if self.direction is Direction.SEVERE else "above"
        verdict = "within" if self.within else "outside"
        points = _counted(self.points, "point")
        return f"Your score is {points} {side} the agreed score ({self.direction}), {verdict} the tolerance."


@dataclass(frozen=True)
class Try:
    """One score a marker gave to a script, in the round after that many coachings on its criterion."""

    score: int
    evidence: str
    round: int


@dataclass(frozen=True)
class Trial:
    """One marker's tries at one script, oldest first."""

    script: ScriptId
    purpose: Purpose
    agreed: int
    tolerance: int
    tries: tuple[Try, ...] = ()

    def beside(self, tried: Try) -> Distance:
        """The score of a try beside the agreed one."""
        return Distance(tried.score, self.agreed, self.tolerance)

    @property
    def last(self) -> Distance | None:
        """The latest score beside the agreed one."""
        return self.beside(self.tries[-1]) if self.tries else None

    def made(self, round_: int) -> Distance | None:
        """The latest score of one round beside the agreed one."""
        tries = [tried for tried in self.tries if tried.round == round_]
        return self.beside(tries[-1]) if tries else None


def leaning(distances: Sequence[Distance]) -> str:
    """Which way scores lean, all taken together: a point too many makes up for a point too few."""
    points = sum(each.given - each.agreed for each in distances)
    if not distances:
        return "No scores yet"
    if points == 0:
        return "Neither way"
    side = "Severe" if points < 0 else "Lenient"
    return f"{side} by {_over(abs(points), distances)}"


def away(distances: Sequence[Distance]) -> str:
    """How far scores lie from the agreed ones, all taken together, whichever way."""
    return _over(sum(each.points for each in distances), distances) if distances else "No scores yet"


def problems(policy: Policy, scripts: Iterable[tuple[str, Purpose, int]]) -> tuple[str, ...]:
    """Why practice cannot be opened with these (criterion, purpose, agreed score), a sentence each; empty when it can.

    Every criterion needs a script of each purpose: without the fresh ones, nobody could qualify.
    """
    if not policy.criteria:
        return ("HR chooses the criteria of this board first.",)
    have = tuple(scripts)
    pairs = {(criterion, purpose) for criterion, purpose, _ in have}
    lacking = [
        f"Add a {word} for ‘{c.name}’."
        for c in policy.criteria
        for purpose, word in PRACTISED.items()
        if (c.key, purpose) not in pairs
    ]
    foreign = [
        f"Remove the practice script for ‘{key}’, which this board does not assess."
        for key in sorted({criterion for criterion, _ in pairs} - set(policy.keys))
    ]
    outside = [
        f"Change a {PRACTISED[purpose]} for ‘{policy.criterion(key).name}’: "
        f"its agreed score {agreed} is not on the scale."
        for key, purpose, agreed in sorted(have)
        if key in policy.keys and agreed not in policy.scale.scores
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


def _over(points: int, distances: Sequence[Distance]) -> str:
    return f"{_counted(points, 'point')} over {_counted(len(distances), 'script')}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
