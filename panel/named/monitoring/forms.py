"""The form on which a marker says whom she thought she recognised."""

from collections.abc import Sequence
from typing import Final, Self

from flask import request

from panel.blind.marking.page import OwnMark
from panel.kernel.ids import TaskCode
from panel.sealed.guesses.guess import LONGEST
from panel.web.forms import Choice, Form, Line, Menu

#: How many writers the form has room for.
ROWS: Final = (1, 2, 3)


class GuessForm(Form):
    """Up to three tasks, each with a name; an empty form says that she recognised nobody."""

    task_1 = Menu("Task", None)
    name_1 = Line("Who did you think it was?", None, limit=LONGEST)
    task_2 = Menu("Task", None)
    name_2 = Line("Who did you think it was?", None, limit=LONGEST)
    task_3 = Menu("Task", None)
    name_3 = Line("Who did you think it was?", None, limit=LONGEST)

    @classmethod
    def on(cls, marks: Sequence[OwnMark]) -> Self:
        """The form over a marker's own tasks."""
        form = cls(request.form)
        choices = [Choice(mark.code, f"{mark.code.grouped} – {mark.criterion}") for mark in marks]
        for menu in (form.task_1, form.task_2, form.task_3):
            menu.choices = choices
        return form

    @property
    def rows(self) -> tuple[tuple[object, object], ...]:
        """The fields, row by row."""
        return tuple((self[f"task_{row}"], self[f"name_{row}"]) for row in ROWS)

    def whole(self) -> bool:
        """Whether each row has both or neither, and fits; what is missing is said beside it."""
        for row in ROWS:
            task, name = self[f"task_{row}"], self[f"name_{row}"]
            if name.data and not task.data:
                self.complain("Select the task that this name is for", about=task)
            if task.data and not name.data:
                self.complain("Enter who you thought wrote it, or select no task", about=name)
            if len((name.data or "").encode()) > LONGEST:
                self.complain("Name is too long", about=name)
        return not any(field.errors for field in self)

    def guesses(self) -> tuple[tuple[TaskCode, str], ...]:
        """What was typed, as task and name. Call after `whole()`."""
        rows = ((self[f"task_{row}"].data, self[f"name_{row}"].data) for row in ROWS)
        return tuple((TaskCode(task), name) for task, name in rows if task and name)
