"""The forms that correct a locked score."""

from typing import Self

from flask import request

from panel.blind.merit.amend_desk import Matter
from panel.blind.merit.amending import Change
from panel.blind.moderation.answers import MOST_CHARACTERS
from panel.web.forms import Choice, Form, Hidden, OneOf, Prose, Tick

_REASON_WORDS = 300


class ProposeForm(Form):
    """The score it should be, and why."""

    score = OneOf("New score", None)
    reason = Prose(
        "Reason for the change",
        "Enter a reason for the change",
        words=_REASON_WORDS,
        limit=MOST_CHARACTERS,
        said="Reason",
    )

    @classmethod
    def about(cls, matter: Matter) -> Self:
        """The form for one score; the one that stands is not on offer."""
        form = cls(request.form)
        form.score.choices = [
            Choice(str(p.score), f"{p.score} – {p.label}", p.anchor) for p in matter.points if p.score != matter.now
        ]
        form.score.need = f"Select a new score for ‘{matter.criterion.name}’"
        return form

    def change(self) -> Change:
        """What was typed. Call after `submitted()`."""
        return Change(int(str(self.score.data)), self.reason.data or "")


class ConfirmForm(Form):
    """The proposal that was read, and consent to it."""

    seen = Hidden()
    agreed = Tick("I have read the reason and agree with the change", "Confirm that you agree with the change")

    @classmethod
    def of(cls, matter: Matter) -> Self:
        """The form for the proposal that waits, if one does."""
        return cls(request.form, data={"seen": matter.proposal.seen if matter.proposal else ""})
