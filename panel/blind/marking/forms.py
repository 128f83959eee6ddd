"""The forms of marking: a score with its evidence; and which of several answers names somebody."""

from http import HTTPStatus
from typing import Self, TypedDict

from flask import request

from panel.blind.marking.page import Page, StaleMark, Text
from panel.blind.marking.scorecard import MOST_CHARACTERS, MOST_WORDS, BadMark
from panel.web.forms import Choice, Form, OneOf, Prose, Version


class Typed(TypedDict):
    """A score and evidence as typed, with the version of what the page showed."""

    score: int | None
    evidence: str
    version: int


class MarkForm(Form):
    """A mark for one answer. Autosave sends the same form with anything missing."""

    conflict = False
    version = Version()
    score = OneOf("Score", None)
    evidence = Prose("Evidence for your score", None, words=MOST_WORDS, limit=MOST_CHARACTERS, said="Evidence")

    @classmethod
    def on(cls, page: Page) -> Self:
        """The form for a task, with what is kept of it."""
        kept = page.saved
        score = None if kept.score is None else str(kept.score)
        form = cls(request.form, data={"version": kept.version, "score": score, "evidence": kept.evidence})
        form.score.choices = [Choice(str(p.score), f"{p.score} – {p.label}", p.anchor) for p in page.card.points]
        return form

    def complete(self, page: Page) -> Self:
        """The same form, where nothing may be missing."""
        self.score.need, self.evidence.need = page.card.score_needed, page.card.evidence_needed
        return self

    def typed(self) -> Typed:
        """What was typed. Call after `submitted()`."""
        score = None if self.score.data is None else int(self.score.data)
        return Typed(score=score, evidence=self.evidence.data or "", version=self.version.number)

    @property
    def stays(self) -> bool:
        """Whether she wants to stay with this answer."""
        return request.form.get("then") == "stay"

    def refused(self, page: Page, error: BadMark | StaleMark) -> None:
        """Show why it was not saved, and keep what was typed.

        After a conflict it can be sent again, over what is kept now, which the page shows beside it.
        """
        if isinstance(error, StaleMark):
            self.conflict = True
            self.version.data = str(page.saved.version)
            self.complain(error.message)
        else:
            self.complain(*error.details, about=self.evidence)

    @property
    def status(self) -> int:
        """The status of the page with this form."""
        if self.conflict:
            return HTTPStatus.CONFLICT
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK


class FlagForm(Form):
    """That a text names somebody: which one, where a task shows several. No free text: it would say who."""

    answer = OneOf("Which answer names somebody?", "Select the answer that names somebody")

    @classmethod
    def on(cls, texts: tuple[Text, ...]) -> Self:
        """The form for a task. With one text there is nothing to ask."""
        form = cls(request.form)
        if len(texts) > 1:
            form.answer.choices = [Choice(text.key, text.name, text.question) for text in texts]
        else:
            del form.answer
        return form

    @property
    def status(self) -> int:
        """The status of the page with this form."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK

    @property
    def chosen(self) -> str | None:
        """The chosen answer's criterion key, None where only one is shown. Call after `submitted()`."""
        return self.answer.data if "answer" in self else None
