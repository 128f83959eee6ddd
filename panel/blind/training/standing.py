"""Where a marker stands on one criterion: practice, then fresh scripts, then others, then the chair's coaching."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from panel.blind.training.practice import Distance, Trial
from panel.blind.training.purpose import ATTEMPTS, Purpose


class Step(StrEnum):
    """What a marker does next about a criterion."""

    PRACTISE = "practise"
    QUALIFY = "qualify"
    SECOND = "second"
    COACHING = "coaching"
    DONE = "done"


#: At which step the scripts of each attempt are marked.
_TURNS: Final = dict(zip(ATTEMPTS, (Step.QUALIFY, Step.SECOND), strict=True))
_NEXT: Final = {
    Step.PRACTISE: "Mark the practice scripts for ‘{}’.",
    Step.QUALIFY: "Mark the qualification scripts for ‘{}’.",
    Step.SECOND: "Read your results for ‘{}’, then mark the scripts of the second attempt.",
    Step.COACHING: "Ask the chair to coach you on ‘{}’, and give the chair your panel code.",
}
_COACHED: Final = "Read the chair’s note on ‘{}’, then mark the qualification scripts again."


@dataclass(frozen=True)
class Attempt:
    """One attempt to qualify: every script of one purpose, marked once each in a round. None: not marked yet."""

    scores: tuple[Distance | None, ...]

    @property
    def distances(self) -> tuple[Distance, ...]:
        """What has been marked, beside the agreed scores."""
        return tuple(score for score in self.scores if score)

    @property
    def finished(self) -> bool:
        """Whether every script is marked; an attempt without scripts never is."""
        return bool(self.scores) and None not in self.scores

    @property
    def passed(self) -> bool:
        """Whether every score is within tolerance."""
        return self.finished and all(score.within for score in self.distances)


@dataclass(frozen=True)
class Standing:
    """Where a marker stands on one criterion. `coached`: how often the chair has coached her on it; each opens a round.

    In a round she makes an attempt on the qualification scripts and, unless it passes, one on the others.
    """

    key: str
    name: str
    trials: tuple[Trial, ...]
    coached: int = 0
    qualified_on: date | None = None

    def of(self, purpose: Purpose) -> tuple[Trial, ...]:
        """Her tries at the scripts of one purpose."""
        return tuple(trial for trial in self.trials if trial.purpose is purpose)

    def attempt(self, purpose: Purpose) -> Attempt:
        """This round's attempt on the scripts of one purpose."""
        return Attempt(tuple(trial.made(self.coached) for trial in self.of(purpose)))

    @property
    def step(self) -> Step:
        """What comes next."""
        if self.qualified_on or any(self.attempt(purpose).passed for purpose in ATTEMPTS):
            return Step.DONE
        if not (self._begun or all(trial.tries for trial in self.of(Purpose.PRACTICE))):
            return Step.PRACTISE
        return next((step for purpose, step in _TURNS.items() if not self.attempt(purpose).finished), Step.COACHING)

    @property
    def _begun(self) -> bool:
        # a practice script that is added later helps, and takes nobody back from where she stands
        return any(trial.tries for purpose in ATTEMPTS for trial in self.of(purpose))

    @property
    def next(self) -> str:
        """What she does next, in a sentence."""
        told = _COACHED if self.coached and self.step is Step.QUALIFY else _NEXT.get(self.step, "")
        return told.format(self.name)

    def markable(self, trial: Trial) -> bool:
        """Whether she may mark the script now: a practice script as often as she likes, others once, in their turn."""
        if trial.purpose is Purpose.PRACTICE:
            return True
        return _TURNS.get(trial.purpose) is self.step and trial.made(self.coached) is None

    def told(self, trial: Trial) -> bool:
        """Whether she may see the agreed score and its reason: for scripts that qualify, once the whole set is marked.

        A new round shuts the results of the one before, so that a set marked again is not copied from them.
        """
        if trial.purpose is Purpose.PRACTICE:
            return bool(trial.tries)
        return self.attempt(trial.purpose).finished

    @property
    def known(self) -> tuple[Distance, ...]:
        """The latest scores of which she may see the agreed ones."""
        return tuple(trial.last for trial in self.trials if trial.last and self.told(trial))

    @property
    def latest(self) -> tuple[Distance, ...]:
        """The latest scores of all scripts, for the chair."""
        return tuple(trial.last for trial in self.trials if trial.last)
