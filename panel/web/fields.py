"""The kinds of answer our forms take. Each names itself in its errors and keeps what was typed when it is wrong."""

import re
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from wtforms import Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from panel.kernel.errors import Malformed
from panel.kernel.ids import Code
from panel.web.text import clean, count_words

C = TypeVar("C", bound=Code)

LINE_LIMIT = 200
PROSE_LIMIT = 40_000


class Kind:
    """What every field knows of itself: its name in errors, and what to say when it is left empty."""

    said: str
    need: str | None
    kind: ClassVar[str]

    def named(self, label: str, need: str | None, said: str | None) -> None:
        self.said = said or label
        self.need = need

    def demand(self, given: object) -> None:
        """Stop with the field's own sentence, or silently if it may stay empty, when nothing was given."""
        if given in (None, "", []):
            raise StopValidation(self.need or "")


class Line(Kind, StringField):
    """One line of text, normalised; at most `limit` characters."""

    kind = "line"

    def __init__(
        self, label: str, need: str | None, *, limit: int = LINE_LIMIT, said: str | None = None, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.limit = limit

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = " ".join(clean(str(valuelist[0])).split()) if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        self.demand(self.data)
        if len(self.data or "") > self.limit:
            raise StopValidation(f"{self.said} must be {self.limit} characters or fewer")


class Email(Line):
    """An e-mail address; its form only, not whether anyone reads it."""

    kind = "email"

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.data or ""):
            raise StopValidation(f"{self.said} must be an email address, like name@example.police.uk")


class Password(Kind, PasswordField):
    """A password: never normalised, never shown again."""

    kind = "password"

    def __init__(
        self,
        label: str,
        need: str | None,
        *,
        limit: int = 1000,
        said: str | None = None,
        new: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.limit = limit
        self.new = new

    def pre_validate(self, form: BaseForm) -> None:
        self.demand(self.data)
        if len(self.data or "") > self.limit:
            raise StopValidation(f"{self.said} must be {self.limit:,} characters or fewer")


class Prose(Kind, TextAreaField):
    """Text of several lines, normalised; at most `words` words by the one counting rule, if a limit is given."""

    kind = "prose"

    def __init__(
        self,
        label: str,
        need: str | None,
        *,
        words: int | None = None,
        limit: int = PROSE_LIMIT,
        said: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.words = words
        self.limit = limit

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(str(valuelist[0])) if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        text = self.data or ""
        self.demand(text.strip())
        if self.words is not None and (used := count_words(text)) > self.words:
            raise StopValidation(f"{self.said} must be {self.words} words or fewer. It has {used:,}")
        if len(text) > self.limit:
            raise StopValidation(f"{self.said} must be {self.limit:,} characters or fewer")


class Paste(Prose):
    """Text of a file: lines and tabs stay where they are, since tabs divide the cells of a copied table."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = str(valuelist[0]).splitlines() if valuelist else []
        self.data = "\n".join("\t".join(clean(cell) for cell in line.split("\t")) for line in lines)


class CodeBox(Kind, StringField, Generic[C]):
    """A random code typed or pasted: case, spaces and hyphens forgiven. `data` stays what was typed."""

    kind = "code"
    code: C

    def __init__(self, label: str, need: str | None, *, of: type[C], said: str | None = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.of = of

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(str(valuelist[0])).strip()[:LINE_LIMIT] if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        self.demand(self.data)
        try:
            self.code = self.of(self.data or "")
        except Malformed:
            raise StopValidation(f"{self.said} must be {self.of.LENGTH} letters and numbers") from None


class Whole(Kind, StringField):
    """A whole number from `lowest` to `highest`; `number` once valid (None if it may stay empty and did)."""

    kind = "whole"
    number: int | None = None

    def __init__(
        self, label: str, need: str | None, *, lowest: int, highest: int, said: str | None = None, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.lowest, self.highest = lowest, highest

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(str(valuelist[0])).strip()[:LINE_LIMIT] if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        given = str(self.data) if self.data is not None else ""
        self.demand(given)
        if not re.fullmatch(r"-?[0-9]{1,9}", given):
            raise StopValidation(f"{self.said} must be a whole number")
        if not self.lowest <= int(given) <= self.highest:
            raise StopValidation(f"{self.said} must be between {self.lowest:,} and {self.highest:,}")
        self.number = int(given)


class Day(Kind, Field):
    """A date in three boxes: day, month, year. `on` once valid; `parts` is what was typed."""

    kind = "day"
    on: date | None = None

    def __init__(self, label: str, need: str | None, *, said: str | None = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.named(label, need, said)
        self.parts = {"day": "", "month": "", "year": ""}

    def process(self, formdata: Any, *rest: Any, **more: Any) -> None:
        super().process(formdata, *rest, **more)
        if isinstance(self.data, date):
            self.parts = {part: str(getattr(self.data, part)) for part in self.parts}
        if formdata is not None:
            self.parts = {part: clean(formdata.get(f"{self.name}-{part}", "")).strip()[:20] for part in self.parts}

    def pre_validate(self, form: BaseForm) -> None:
        typed = [self.parts[part] for part in ("year", "month", "day")]
        self.demand("".join(typed))
        missing = [part for part in self.parts if not self.parts[part]]
        if missing:
            raise StopValidation(f"{self.said} must include a {' and a '.join(missing)}")
        try:
            numbers = [int(part) if re.fullmatch(r"[0-9]{1,4}", part) else 0 for part in typed]
            self.on = self.data = date(*numbers)
        except ValueError:
            raise StopValidation(f"{self.said} must be a real date") from None
        if self.on.year < 1900:  # noqa: PLR2004 - a year of two digits was typed
            raise StopValidation(f"{self.said} must have a year of four digits, like 2026")


class Version(HiddenField):
    """The version of what the page showed; `number` once valid."""

    kind = "hidden"
    number: int = 0

    def pre_validate(self, form: BaseForm) -> None:
        if not re.fullmatch(r"[0-9]{1,9}", str(self.data or "")):
            raise StopValidation("This page is incomplete. Open it again and check your answers")
        self.number = int(str(self.data))


class Hidden(HiddenField):
    """A value the page carries for the next request; at most `LINE_LIMIT` characters."""

    kind = "hidden"

    def pre_validate(self, form: BaseForm) -> None:
        if not self.data or len(str(self.data)) > LINE_LIMIT:
            raise StopValidation("This page is incomplete. Open it again and check your answers")
