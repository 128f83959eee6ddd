"""A marker's own tasks in her order: question by question, and last what is judged over the whole submission. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from panel.board.policy import Criterion, Policy
from panel.kernel.ids import TaskCode


def marking_order(policy: Policy) -> tuple[Criterion, ...]:
    """The criteria as they are marked: those with a question first, those over the whole submission last."""
    return tuple(sorted(policy.criteria, key=lambda criterion: criterion.whole))


class Status(StrEnum):
    """Where one task stands, as its marker reads it."""

    TO_MARK = "To mark"
    MARKED = "Marked"
    WAITING = "Waiting for a text check"
    STEPPED_ASIDE = "Stepped aside"


@dataclass(frozen=True)
class Item:
    """One task as its marker sees it. `position` is its place among her tasks for the criterion, from 1."""

    code: TaskCode
    criterion: str
    position: int
    status: Status


@dataclass(frozen=True)
class Part:
    """A marker's tasks for one criterion, in her own order."""

    criterion: Criterion
    items: tuple[Item, ...]
    reached: bool

    def count(self, *statuses: Status) -> int:
        """How many of the tasks have one of the statuses."""
        return sum(item.status in statuses for item in self.items)

    @property
    def done(self) -> int:
        """How many of the tasks have their mark."""
        return self.count(Status.MARKED)

    @property
    def total(self) -> int:
        """Tasks she has marked or is to mark."""
        return len(self.items) - self.count(Status.STEPPED_ASIDE)

    @property
    def to_mark(self) -> tuple[Item, ...]:
        """Tasks she can mark now, in order."""
        return tuple(item for item in self.items if item.status is Status.TO_MARK)


@dataclass(frozen=True)
class Queue:
    """All of one marker's tasks on one board; nothing of anybody else's. While `paused` none of them comes next."""

    parts: tuple[Part, ...]
    paused: bool = False

    @classmethod
    def of(cls, policy: Policy, items: Iterable[Item], *, paused: bool = False) -> "Queue":
        """Put a marker's tasks in order.

        A criterion is reached once nothing before it can be marked: one strong answer colours the next answer of the
        same writer, so no two of them are read together.
        """
        by_criterion: dict[str, list[Item]] = {key: [] for key in policy.keys}
        for item in items:
            by_criterion[item.criterion].append(item)
        parts: list[Part] = []
        for criterion in marking_order(policy):
            own = tuple(sorted(by_criterion[criterion.key], key=lambda item: item.position))
            if own:
                parts.append(Part(criterion, own, reached=not any(part.to_mark for part in parts)))
        return cls(tuple(parts), paused)

    @property
    def done(self) -> int:
        """How many tasks have their mark."""
        return sum(part.done for part in self.parts)

    @property
    def total(self) -> int:
        """How many tasks she has marked or is to mark."""
        return sum(part.total for part in self.parts)

    @property
    def waiting(self) -> int:
        """How many tasks await a decision about words in their text."""
        return sum(part.count(Status.WAITING) for part in self.parts)

    @property
    def complete(self) -> bool:
        """Whether she has marks, and every task of hers has one."""
        return self.total > 0 and self.done == self.total

    def next(self, after: TaskCode | None = None) -> TaskCode | None:
        """The next task to mark: the first one after this in its own part, else the first there is."""
        current = next((part for part in self.parts if part.to_mark), None)
        if current is None or self.paused:
            return None
        position = next((item.position for item in current.items if item.code == after), 0)
        later = [item for item in current.to_mark if item.position > position]
        return (later or current.to_mark)[0].code
