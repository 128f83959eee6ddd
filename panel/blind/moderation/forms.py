"""The forms of moderation: one settles an answer, one sends it on, one asks another marker."""

from typing import Self

from flask import request

from panel.blind.moderation.answers import MOST_CHARACTERS, Settlement
from panel.blind.moderation.sitting import Sitting
from panel.web.forms import Choice, Form, OneOf, Prose, Version

_REASON_WORDS = 300


class SettleForm(Form):
    """An agreed score and the reason for it."""

    version = Version()
    score = OneOf("Agreed score", None)
    reason = Prose(
        "Reason for the agreed score",
        "Enter a reason for the agreed score",
        words=_REASON_WORDS,
        limit=MOST_CHARACTERS,
        said="Reason",
    )

    @classmethod
    def on(cls, sitting: Sitting) -> Self:
        """The form for an answer, with what was settled before."""
        agreed = sitting.answer.agreed
        before = {"score": str(agreed.score), "reason": agreed.reason} if agreed else {}
        form = cls(request.form, data={"version": sitting.answer.version, **before})
        form.score.choices = [Choice(str(p.score), f"{p.score} – {p.label}", p.anchor) for p in sitting.points]
        form.score.need = f"Select an agreed score for ‘{sitting.criterion.name}’"
        return form

    def settlement(self) -> Settlement:
        """What was typed. Call after `submitted()`."""
        return Settlement(int(str(self.score.data)), self.reason.data or "", seen=self.version.number)

    def renew(self, sitting: Sitting, sentence: str) -> None:
        """Say that another leader was first, and keep what was typed, to be sent again over what she wrote."""
        self.version.data = str(sitting.answer.version)
        self.complain(sentence)


class AskForm(Form):
    """That another marker is asked in place of the one whom the page was about."""

    version = Version()


class SendForm(Form):
    """Why an answer goes to a further marker."""

    reason = Prose(
        "Why is a further mark needed?",
        "Enter why a further marker is needed",
        words=_REASON_WORDS,
        limit=MOST_CHARACTERS,
        said="Reason",
    )
