"""An answer as moderation sees it: its independent marks, whether they agree, and what was settled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from panel.blind.allocation.lots import shuffled
from panel.blind.moderation.discrepancy import Discrepancy
from panel.board.policy import Policy
from panel.kernel.errors import Refused
from panel.kernel.ids import MarkerId, Number, SubmissionRef

#: How long a reason may be.
MOST_CHARACTERS: Final = 4_000


class NothingToSettle(Refused):
    """The marks agree within the tolerance and on one side of the floor, so the score is their mean."""

    sentence = "The marks of this answer agree, so its score is their mean. There is nothing to settle."


class DecidedRedaction(Refused):
    """This leader decided a redaction on the submission, so another one settles its answers."""

    sentence = "You decided which words were removed from this submission, so the other leader settles its answers."


class Standing(StrEnum):
    """Where an answer stands in moderation."""

    AGREES = "agrees"
    TO_SETTLE = "to_settle"
    SETTLED = "settled"


@dataclass(frozen=True)
class Mark:
    """One independent mark, under the letter that stands for its marker on this board."""

    letter: str
    score: int
    evidence: str


@dataclass(frozen=True)
class Agreed:
    """An agreed score, its reason, who set it, and how often it has been set."""

    score: int
    reason: str
    marker: MarkerId
    version: int


@dataclass(frozen=True)
class Settlement:
    """What a leader decided about one answer; `seen` is the version of the agreed score she was looking at."""

    score: int
    reason: str
    seen: int


@dataclass(frozen=True)
class Answer:
    """One number's answer to one criterion. `marks` are in the order of their letters, and there is at least one."""

    number: Number
    ref: SubmissionRef
    criterion: str
    marks: tuple[Mark, ...]
    discrepancy: Discrepancy
    agreed: Agreed | None

    @property
    def standing(self) -> Standing:
        """Whether the marks agree, or the answer is settled, or still to be."""
        if not self.discrepancy.disputed:
            return Standing.AGREES
        return Standing.TO_SETTLE if self.agreed is None else Standing.SETTLED

    @property
    def score(self) -> Fraction | None:
        """The exact score that counts, or None while the answer is to be settled."""
        return self.discrepancy.score(self.agreed.score if self.agreed else None)

    @property
    def version(self) -> int:
        """How often an agreed score has been set: 0 before the first."""
        return self.agreed.version if self.agreed else 0


@dataclass(frozen=True)
class Tally:
    """How far moderation has come, over the board or for one criterion: counts of answers."""

    answers: int
    disputed: int
    settled: int

    @property
    def left(self) -> int:
        """Answers still to be settled."""
        return self.disputed - self.settled

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return not self.left


def demand_open(answer: Answer, *, redacted: bool) -> None:
    """Refuse an answer that needs no settling, or not by this leader. Raises NothingToSettle and DecidedRedaction."""
    if not answer.discrepancy.disputed:
        raise NothingToSettle
    if redacted:
        raise DecidedRedaction


def tally(answers: Iterable[Answer]) -> Tally:
    """Count answers by standing."""
    standings = [answer.standing for answer in answers]
    settled = standings.count(Standing.SETTLED)
    return Tally(len(standings), settled + standings.count(Standing.TO_SETTLE), settled)


def judge(policy: Policy, criterion: str, scores: Iterable[int]) -> Discrepancy:
    """The marks of one answer held against the policy's tolerance and the criterion's floor."""
    return Discrepancy(tuple(scores), policy.tolerance, policy.criterion(criterion).floor)


def letters(draw: bytes, markers: Iterable[MarkerId]) -> Mapping[MarkerId, str]:
    """A letter for each marker of a board, by lot, so that the chair weighs marks and not people."""
    return {marker: _letter(place) for place, marker in enumerate(shuffled(draw, b"letter", markers))}


def _letter(place: int) -> str:
    """A to Z, then AA to AZ, and so on."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)
