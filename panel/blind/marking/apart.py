"""Where a marker's work is kept: marks that count, and apart from them those for seeds and repeats."""

from typing import Final, TypeAlias

from panel.blind.allocation.queries import Task
from panel.blind.marking.models import MarkRevisionRow, MarkRow
from panel.blind.seeding.models import StandInMarkRow, StandInRevisionRow

Kept: TypeAlias = MarkRow | StandInMarkRow
Revision: TypeAlias = MarkRevisionRow | StandInRevisionRow

#: Every table of marks, and of marks with their revisions.
MARKS: Final = (MarkRow, StandInMarkRow)
EVERYTHING: Final = (*MARKS, MarkRevisionRow, StandInRevisionRow)


def mark_table(task: Task) -> type[Kept]:
    """Where the mark for this task is kept."""
    return MarkRow if task.real else StandInMarkRow


def revision_table(task: Task) -> type[Revision]:
    """Where its revisions are kept."""
    return MarkRevisionRow if task.real else StandInRevisionRow
