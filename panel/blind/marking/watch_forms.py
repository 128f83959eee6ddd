"""The forms of watching over marking: what is marked again and by whom, a note to her, a list of who marks what."""

from flask import request

from panel.blind.marking.pausing import HeldUp
from panel.blind.marking.remarking import Again
from panel.kernel.ids import TaskCode
from panel.web.forms import Choice, Form, OneOf, Paste, Prose, SomeOf

_NOTE_WORDS = 500
_ROWS = 4_000_000


class AgainForm(Form):
    """Which marks are made again, all of them unless she unticks some, and by whom."""

    tasks = SomeOf("Marks to be made again", "Select the marks to be made again")
    again = OneOf("Who marks them again?", "Select who marks them again")

    @classmethod
    def on(cls, found: HeldUp) -> "AgainForm":
        """The form for one paused panel member."""
        form = cls(request.form, data={"tasks": [str(task.code) for task in found.marks]})
        form.tasks.choices = [
            Choice(str(task.code), task.code.grouped, found.name(task.criterion)) for task in found.marks
        ]
        herself = Choice(Again.HERSELF, "The same panel member, after your coaching", "They open again, empty.")
        others = Choice(Again.OTHERS, "Others of the panel", "They pass to whoever has least to mark.")
        form.again.choices = [others] if found.relieved else [herself, others]
        return form

    @property
    def codes(self) -> tuple[TaskCode, ...]:
        """The chosen tasks. Call after `submitted()`."""
        return tuple(TaskCode(str(each)) for each in self.tasks.data or ())

    @property
    def who(self) -> Again:
        """Who marks them. Call after `submitted()`."""
        return Again(str(self.again.data))


class NoteForm(Form):
    """What the chair wrote for her after coaching."""

    note = Prose("What to look out for", "Enter what the panel member should look out for", words=_NOTE_WORDS)


class FlagDecision(Form):
    """Whether a flagged seed stays."""

    stays = OneOf(
        "Does it name a real person?",
        "Select whether it names a real person",
        [Choice("no", "No, let it be marked"), Choice("yes", "Yes, take it out of every queue")],
    )


class SharesForm(Form):
    """Who marks what, as rows."""

    rows = Paste("Rows", "Paste the rows of the list", limit=_ROWS)
