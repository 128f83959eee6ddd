"""What a candidate types: answers, her details, whom she declares, equality answers, her receipt code."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Self

from flask import request
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from panel.blind.submissions.answers import longest
from panel.board.equality import CHARACTERISTICS
from panel.board.policy import Criterion
from panel.kernel.ids import MarkerId, ReceiptCode
from panel.named.accounts.queries import AccountCard
from panel.named.intake.draft import DETAILS, EQUALITY, KNOWN, Details, Draft
from panel.named.intake.queries import Named
from panel.named.intake.split import FIELDS, IdentityTooLong
from panel.web.forms import Choice, CodeBox, Email, Form, Hidden, Line, OneOf, Prose, SomeOf, Tick, Version

NOBODY: Final = "nobody"
_COLLEAGUES: Final = 20
#: Longer than the receipt of any board: twelve questions at their longest.
_RECEIPT: Final = 300_000


class Unfinished(Prose):
    """Text that is counted but may still be too long: she shortens it later."""

    def pre_validate(self, form: BaseForm) -> None:
        shown, self.words = self.words, None
        try:
            super().pre_validate(form)
        finally:
            self.words = shown


class AnswerForm(Form):
    """One answer. Longer than the limit is kept while she writes, and refused when she submits."""

    version = Version()
    answer = Unfinished("Your answer", None)

    @classmethod
    def on(cls, criterion: Criterion, draft: Draft) -> Self:
        """The form for one question, with what is kept of it."""
        kept = {"version": draft.version(criterion.key), "answer": draft.answers.get(criterion.key, "")}
        form = cls(request.form, data=kept)
        form.answer.words, form.answer.limit = criterion.word_limit, longest(criterion)
        return form


class DetailsForm(Form):
    """Who she is, and what else would name her."""

    version = Version()
    name = Line("Full name", "Enter your full name", limit=300)
    email = Email("Email address", "Enter your email address", limit=254)
    staff_no = Line("Staff number", None, limit=64)
    other_names = Line("Other names you are known by", None, limit=300)
    collar_no = Line("Collar number", None, limit=40)
    phone = Line("Telephone number", None, limit=40)
    station = Line("Station or office", None)
    unit = Line("Unit or team", None)
    manager = Line("Line manager", None)
    colleagues = Prose("Colleagues who occur in your answers", None, limit=2000)

    @classmethod
    def on(cls, draft: Draft, card: AccountCard) -> Self:
        """The form with what is kept, or with what her account says."""
        known = draft.details or Details(card.name, card.email, card.staff_no, _other(card))
        kept: dict[str, Any] = {**vars(known), "colleagues": "\n".join(known.colleagues)}
        return cls(request.form, data={**kept, "version": draft.version(DETAILS)})

    def validate_colleagues(self, field: Prose) -> None:
        """No more than the text check looks for."""
        if len(self._colleagues()) > _COLLEAGUES:
            raise ValidationError(f"List at most {_COLLEAGUES} colleagues")

    def details(self) -> Details:
        """What was typed. Call after `submitted()`."""
        typed = {field.name: field.data or "" for field in self if isinstance(field, Line)}
        return Details(**typed, colleagues=self._colleagues())

    def _colleagues(self) -> tuple[str, ...]:
        lines = (line.strip() for line in (self.colleagues.data or "").split("\n"))
        return tuple(filter(None, lines))

    def refused(self, error: IdentityTooLong) -> None:
        """Show beside each field what does not fit."""
        for name, said in FIELDS.items():
            self.complain(*(each for each in error.details if each.startswith(said)), about=self[name])
        if not error.details:
            self.complain(error.message)


class KnownForm(Form):
    """Who of the panel knows her work."""

    version = Version()
    known = SomeOf(
        "Who knows your work?", "Select everyone who knows your work, or that nobody does", said="Who knows your work"
    )

    @classmethod
    def on(cls, draft: Draft, panel: Sequence[Named]) -> Self:
        """The form with the panel by name, and what is kept."""
        kept = None if draft.known is None else [str(marker) for marker in draft.known] or [NOBODY]
        form = cls(request.form, data={"known": kept, "version": draft.version(KNOWN)})
        people = [Choice(str(each.marker), each.name, each.role.label.capitalize()) for each in panel]
        form.known.choices = [*people, Choice(NOBODY, "None of them knows my work")]
        return form

    def validate_known(self, field: SomeOf) -> None:
        """Nobody, or somebody."""
        if NOBODY in field.chosen and len(field.chosen) > 1:
            raise ValidationError("Select the people who know your work, or ‘None of them knows my work’, not both")

    def markers(self) -> frozenset[MarkerId]:
        """Who was ticked. Call after `submitted()`."""
        return frozenset(MarkerId.parse(each) for each in self.known.chosen - {NOBODY})


class EqualityForm(Form):
    """The equality questions: closed lists, none of which must be answered."""

    version = Version()

    @classmethod
    def on(cls, draft: Draft) -> Self:
        """The form with what is kept."""
        return cls(request.form, data={**(draft.equality or {}), "version": draft.version(EQUALITY)})

    def answers(self) -> dict[str, str]:
        """Characteristic → option, for those she answered. Call after `submitted()`."""
        given = {each.key: self[each.key].data for each in CHARACTERISTICS}
        return {key: answer for key, answer in given.items() if answer}

    def questions(self) -> Iterable[Field]:
        """The questions in order."""
        return (self[each.key] for each in CHARACTERISTICS)


for _each in CHARACTERISTICS:
    _choices = [Choice(option.key, option.label) for option in _each.options]
    setattr(EqualityForm, _each.key, OneOf(_each.question, None, _choices, said=_each.name))


class SubmitForm(Form):
    """The last step. `edition` is that of the draft which the page showed, `code` what it drew for her."""

    edition = Hidden()
    code = CodeBox("Receipt code", "Open this page again before you submit", of=ReceiptCode)
    own = Tick("These answers are my own work, and what they say is true", "Confirm that the answers are your own work")

    @classmethod
    def on(cls, draft: Draft) -> Self:
        """The form for a draft as it is shown."""
        return cls(data={"edition": draft.edition, "code": draft.code and draft.code.grouped})


class ReceiptForm(Form):
    """The text of a receipt, pasted. It is looked at and not kept."""

    receipt = Prose("The text of the receipt", "Paste the text of a receipt", limit=_RECEIPT, said="The text")


class CodeForm(Form):
    """Her receipt code, typed or carried along by the page that it opened."""

    code = CodeBox("Receipt code", "Enter your receipt code", of=ReceiptCode)


class WithdrawForm(CodeForm):
    """Withdrawing cannot be undone."""

    sure = Tick("I want to withdraw this application", "Confirm that you want to withdraw this application")


class StandDownForm(Form):
    """Standing down cannot be undone."""

    sure = Tick("I want to stand down from this board", "Confirm that you want to stand down")


def _other(card: AccountCard) -> str:
    return card.preferred_name if card.preferred_name != card.name else ""
