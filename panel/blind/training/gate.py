"""May this marker mark yet, and which criteria? If not, what she does next, in plain words."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date

from panel.blind.training.required import Required
from panel.blind.training.standing import Standing, Step
from panel.kernel.errors import Refused


class NotQualified(Refused):
    """Training or qualification for the board or the criterion is missing; `details` say what to do next."""

    sentence = "You cannot mark for this board yet."


@dataclass(frozen=True)
class Gate:
    """The criteria for which marking is open to a marker, and what she does next about the rest, a sentence each."""

    criteria: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether she may mark at all: she is given answers to the criteria for which it is open, and no others."""
        return bool(self.criteria)

    @property
    def whole(self) -> bool:
        """Whether she may mark every criterion of the board."""
        return self.open and not self.missing

    def require(self, criterion: str | None = None) -> None:
        """Raises NotQualified unless it is open for this criterion, or for any if none is named."""
        if not (self.open if criterion is None else criterion in self.criteria):
            raise NotQualified(details=self.missing)


@dataclass(frozen=True)
class Practice:
    """What is known of a marker's practice for one board. `wanted`: its criteria; `qualified`: those she may mark."""

    wanted: tuple[str, ...]
    opened: bool = False
    qualified: Set[str] = frozenset()
    standings: tuple[Standing, ...] = ()


def gate(courses: Iterable[Required], practice: Practice, today: date) -> Gate:
    """Open, if every course is complete and unexpired today, for the criteria for which the marker has qualified."""
    untrained = tuple(filter(None, (course.sentence(today) for course in courses)))
    criteria = frozenset() if untrained else practice.qualified & frozenset(practice.wanted)
    return Gate(frozenset(criteria), (*untrained, *_practice(practice)))


def _practice(practice: Practice) -> Iterator[str]:
    if practice.wanted and practice.qualified >= set(practice.wanted):
        return
    if not practice.opened:
        yield "Come back for practice marking when the chair has opened it for this board."
        return
    unfinished = [standing for standing in practice.standings if standing.step is not Step.DONE]
    for standing in unfinished:
        yield standing.next
    if not unfinished:
        # cannot come about by the verbs of this feature, but a gate with nothing to say must not swing open
        yield "Tell the chair that your practice marking is finished but not recorded."
