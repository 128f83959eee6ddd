"""The rows of a changed list, held against who has what and who may have what."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from panel.blind.allocation.balance import Answer
from panel.blind.allocation.models import State
from panel.blind.allocation.sheet import Row
from panel.kernel.ids import MarkerId, SubmissionRef, TaskCode


@dataclass(frozen=True)
class Change:
    """One task goes from its marker to another."""

    code: TaskCode
    answer: Answer
    giver: MarkerId
    taker: MarkerId


@dataclass
class Table:
    """All that rows are held against."""

    tasks: Mapping[TaskCode, tuple[Answer, MarkerId, State]]
    members: Mapping[str, MarkerId]
    free: Set[MarkerId]
    barred: Mapping[SubmissionRef, Set[MarkerId]]
    apart: Set[SubmissionRef]
    has: dict[Answer, set[MarkerId]]
    seen: dict[TaskCode, int] = field(default_factory=dict)

    def fault(self, row: Row) -> str | None:
        """The first thing that is wrong with a row, if anything is."""
        return next(self._faults(row), None)

    def take(self, row: Row) -> Change | None:
        """The change a faultless row makes, if any."""
        answer, giver, _state = self.tasks[row.task]
        self.seen[row.task] = row.line
        taker = self.members[row.member]
        if taker == giver:
            return None
        self.has[answer].add(taker)
        return Change(row.task, answer, giver, taker)

    def _faults(self, row: Row) -> Iterator[str]:
        if row.task not in self.tasks:
            yield "this task is not on this board, or has changed hands since the list was taken"
            return
        (ref, criterion), giver, state = self.tasks[row.task]
        taker = self.members.get(row.member)
        if row.task in self.seen:
            yield f"this task stands on line {self.seen[row.task]} already"
        if row.criterion != criterion:
            yield f"this task is for ‘{criterion}’"
        if taker is None:
            yield "there is no panel member with this code"
        elif taker != giver:
            if state is State.DONE:
                yield "this task is marked already, and stays with its panel member"
            if taker not in self.free:
                yield "this panel member is not ready to mark, or has dropped out"
            if ref in self.apart or taker in self.barred.get(ref, ()) or taker in self.has[ref, criterion]:
                yield "this task cannot go to this panel member"
