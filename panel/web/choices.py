"""Answers that are chosen from a list, and boxes to tick."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from panel.web.fields import Kind


@dataclass(frozen=True)
class Choice:
    """One answer to choose: the value sent, the words shown, and a line of help."""

    value: str
    label: str
    hint: str = ""


class Choosing(Kind, Field):
    """Fields with a list of choices; a form may set `choices` after it was made."""

    def __init__(
        self, label: str, need: str | None, choices: Sequence[Choice] = (), *, said: str | None = None, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.choices: Sequence[Choice] = choices

    @property
    def chosen(self) -> frozenset[str]:
        given = self.data if isinstance(self.data, list) else [self.data]
        return frozenset(str(each) for each in given if each is not None)

    def items(self) -> Iterator[dict[str, object]]:
        """The choices as the GOV.UK macros take them."""
        for each in self.choices:
            hint = {"text": each.hint} if each.hint else None
            yield {"value": each.value, "text": each.label, "hint": hint, "checked": each.value in self.chosen}

    def refuse_strangers(self) -> None:
        if self.chosen - {each.value for each in self.choices}:
            raise StopValidation(self.need or f"{self.said} must be one of the choices on this page")


class OneOf(Choosing):
    """One choice, as radio buttons. `data` is its value, None if nothing was chosen."""

    kind = "radios"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]) if valuelist else None

    def pre_validate(self, form: BaseForm) -> None:
        self.demand(self.data)
        self.refuse_strangers()


class Menu(OneOf):
    """One choice from a long list, as a drop-down that starts empty."""

    kind = "menu"

    def items(self) -> Iterator[dict[str, object]]:
        yield {"value": "", "text": "", "selected": not self.data}
        for each in self.choices:
            yield {"value": each.value, "text": each.label, "selected": each.value in self.chosen}


class SomeOf(Choosing):
    """Any number of choices, as checkboxes. `data` is a list of values."""

    kind = "checkboxes"

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = list(dict.fromkeys(map(str, valuelist)))

    def pre_validate(self, form: BaseForm) -> None:
        self.demand(self.data)
        self.refuse_strangers()


class Tick(Kind, BooleanField):
    """One checkbox; with `need` it must be ticked."""

    kind = "tick"

    def __init__(self, label: str, need: str | None = None, *, said: str | None = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)

    def pre_validate(self, form: BaseForm) -> None:
        self.demand(self.data or None)
