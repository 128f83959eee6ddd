"""May this marker mark yet? If not, what she does next, in plain words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from panel.blind.training.practice import Standing, Step
from panel.blind.training.required import Required
from panel.kernel.errors import Refused

_PRACTICE: Final = {
    Step.MARK: "Mark the practice scripts for ‘{}’.",
    Step.AGAIN: "Read the reasons for the agreed scores for ‘{}’, then mark the practice scripts again.",
    Step.COACHING: "Ask the chair to coach you on ‘{}’, and give the chair your panel code.",
}


class NotQualified(Refused):
    """Training or qualification for the board is missing; `details` say what to do next."""

    sentence = "You cannot mark for this board yet."


@dataclass(frozen=True)
class Gate:
    """Whether marking is open to a marker, and if not, what she does next, a sentence each, in order."""

    open: bool
    missing: tuple[str, ...] = ()

    def require(self) -> None:
        """Raises NotQualified unless it is open."""
        if not self.open:
            raise NotQualified(details=self.missing)


@dataclass(frozen=True)
class Practice:
    """What is known of a marker's practice for one board."""

    opened: bool = False
    qualified: bool = False
    standings: tuple[Standing, ...] = ()


def gate(courses: Iterable[Required], practice: Practice, today: date) -> Gate:
    """Open only if every course is complete and unexpired today and the marker has qualified for the board."""
    missing = (*filter(None, (course.sentence(today) for course in courses)), *_practice(practice))
    return Gate(not missing, missing)


def _practice(practice: Practice) -> Iterator[str]:
    if practice.qualified:
        return
    if not practice.opened:
        yield "Come back for practice marking when the chair has opened it for this board."
        return
    unfinished = [standing for standing in practice.standings if standing.step is not Step.DONE]
    for standing in unfinished:
        yield _PRACTICE[standing.step].format(standing.name)
    if not unfinished:
        # cannot come about by the verbs of this feature, but a gate with nothing to say must not swing open
        yield "Tell the chair that your practice marking is finished but not recorded."
