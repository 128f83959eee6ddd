"""An answer as moderation sees it: its independent marks, whether they agree, and what was settled."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from panel.blind.allocation.lots import shuffled
from panel.blind.moderation.discrepancy import Discrepancy
from panel.blind.moderation.looks import Cause
from panel.board.policy import Policy
from panel.kernel.ids import MarkerId, Number, SubmissionRef

#: How long a reason may be.
MOST_CHARACTERS: Final = 4_000


class Standing(StrEnum):
    """Where an answer stands in moderation."""

    AGREES = "agrees"
    TO_LOOK_AT = "to_look_at"
    TO_SEND = "to_send"
    WAITING = "waiting"
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
class Course:
    """What else the rules and the leaders ask about an answer.

    `causes`: why a leader is to look at it although its marks agree. `looked`: one did, and let them stand. `sent`: it
    went to a further marker, `waiting`: whose signed mark is still to come, `first`: as the rules want before anybody
    settles it. `why` is the reason of whoever sent it, empty if the rules did. `version`: where the versions of its
    agreed score go on, 0 unless it was sent.
    """

    causes: tuple[Cause, ...] = ()
    looked: bool = False
    first: bool = False
    sent: bool = False
    waiting: bool = False
    why: str = ""
    version: int = 0


@dataclass(frozen=True)
class Answer:
    """One number's answer to one criterion. `marks` are in the order of their letters, and there is at least one."""

    number: Number
    ref: SubmissionRef
    criterion: str
    marks: tuple[Mark, ...]
    discrepancy: Discrepancy
    agreed: Agreed | None
    course: Course = Course()

    @property
    def standing(self) -> Standing:
        """Whether the marks agree, or what is still to be done about the answer."""
        if self.course.waiting:
            return Standing.WAITING
        return self._disputed if self.discrepancy.disputed else self._agreeing

    @property
    def _disputed(self) -> Standing:
        if self.agreed is not None:
            return Standing.SETTLED
        return Standing.TO_SEND if self.course.first and not self.course.sent else Standing.TO_SETTLE

    @property
    def _agreeing(self) -> Standing:
        seen = self.course.looked or self.course.sent
        return Standing.TO_LOOK_AT if self.course.causes and not seen else Standing.AGREES

    @property
    def score(self) -> Fraction | None:
        """The exact score that counts, or None while the answer is to be settled or waits for a further mark."""
        if self.course.waiting:
            return None
        return self.discrepancy.score(self.agreed.score if self.agreed else None)

    @property
    def version(self) -> int:
        """What rises with each agreed score, and when the answer is sent to a further marker: 0 before either."""
        return self.agreed.version if self.agreed else self.course.version


@dataclass(frozen=True)
class Tally:
    """How far moderation has come, over the board or for one criterion: counts of answers by standing."""

    answers: int
    settled: int
    to_settle: int
    to_send: int = 0
    waiting: int = 0
    to_look_at: int = 0

    @property
    def disputed(self) -> int:
        """Answers whose marks disagree, but for those that wait for a further mark."""
        return self.settled + self.left

    @property
    def left(self) -> int:
        """Answers still to be settled, some of them after a further mark."""
        return self.to_settle + self.to_send

    @property
    def unfinished(self) -> int:
        """Answers about which something is still to be done: nobody locks before 0."""
        return self.left + self.waiting + self.to_look_at

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return not self.unfinished


def tally(answers: Iterable[Answer]) -> Tally:
    """Count answers by standing."""
    found = Counter(answer.standing for answer in answers)
    return Tally(
        answers=found.total(),
        settled=found[Standing.SETTLED],
        to_settle=found[Standing.TO_SETTLE],
        to_send=found[Standing.TO_SEND],
        waiting=found[Standing.WAITING],
        to_look_at=found[Standing.TO_LOOK_AT],
    )


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
