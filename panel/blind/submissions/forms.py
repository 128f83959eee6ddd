"""What a leader of the panel decides about texts: words to remove with a reason, or which texts stay as they are."""

from collections.abc import Iterable, Sequence
from typing import Self

from flask import request

from panel.blind.submissions.redaction import Hit
from panel.kernel.ids import TextCode
from panel.web.forms import Choice, Form, Prose, SomeOf


class RemoveForm(Form):
    """Words to remove from one answer, and why."""

    found = SomeOf("Words found", None)
    others = Prose("Other words to remove", None, limit=4000)
    reason = Prose("Why you remove them", "Enter why you remove these words", words=100, limit=1000, said="Your reason")

    @classmethod
    def on(cls, text: str, hits: Iterable[Hit]) -> Self:
        """The form for an answer, with what the soft rules found in it to tick."""
        form = cls(request.form)
        told = {hit.of(text): hit.kind for hit in hits}
        form.found.choices = [Choice(str(place), passage, told[passage]) for place, passage in enumerate(told)]
        return form

    def passages(self) -> tuple[str, ...]:
        """What was ticked and typed. Call after `submitted()`."""
        ticked = [choice.label for choice in self.found.choices if choice.value in self.found.chosen]
        typed = [line.strip() for line in (self.others.data or "").split("\n")]
        return tuple(filter(None, (*ticked, *typed)))


class LeaveForm(Form):
    """Texts that stay as they are."""

    texts = SomeOf("Leave as they are", "Select the texts that stay as they are")

    @classmethod
    def on(cls, codes: Sequence[TextCode]) -> Self:
        """The form for the texts on a page."""
        form = cls(request.form)
        form.texts.choices = [Choice(str(code), f"Leave {code.grouped} as it is") for code in codes]
        return form

    def codes(self) -> tuple[TextCode, ...]:
        """What was ticked. Call after `submitted()`."""
        return tuple(sorted(TextCode(code) for code in self.texts.chosen))
