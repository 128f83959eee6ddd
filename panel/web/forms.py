"""The form every page builds on: WTForms with our own protection against forged requests and our own fields.

    class TitleForm(Form):
        title = Line("Board title", "Enter a title")
        agreed = Tick("I have read the rules", "Confirm that you have read the rules")

The first text is the label, the second what to say when the field is left empty (None: it may be). `said=` names the
field in other errors when the label would read badly: "'We take ownership'" gives "'We take ownership' must be …".
"""

from typing import Any

import wtforms
from flask import request
from wtforms import Field
from wtforms.meta import DefaultMeta

from panel.web.choices import Choice, Menu, OneOf, SomeOf, Tick
from panel.web.csrf import FIELD, RequestCsrf
from panel.web.fields import CodeBox, Day, Email, Hidden, Line, Password, Paste, Prose, Version, Whole

__all__ = [
    "Act",
    "Choice",
    "CodeBox",
    "Day",
    "Email",
    "Form",
    "Hidden",
    "Line",
    "Menu",
    "OneOf",
    "Password",
    "Paste",
    "Prose",
    "SomeOf",
    "Tick",
    "Version",
    "Whole",
]


class Form(wtforms.Form):
    """A form with a request token; strips nothing but what `panel.web.text.clean` removes."""

    class Meta(DefaultMeta):
        csrf = True
        csrf_class = RequestCsrf
        csrf_field_name = FIELD
        locales = False  # our sentences are our own

        def wrap_formdata(self, form: wtforms.form.BaseForm, formdata: Any) -> Any:
            """A page that is only shown keeps its first values: an empty form is not an answer."""
            return super().wrap_formdata(form, formdata or None)

    def submitted(self) -> bool:
        """Whether this request sent the form and everything in it is valid."""
        return request.method == "POST" and self.validate()

    def complain(self, *sentences: str, about: Field | None = None) -> None:
        """Show what a verb refused, beside a field or at the top. Call after `submitted()`."""
        if about is None:
            self.form_errors = [*self.form_errors, *sentences]
        else:
            about.errors = [*about.errors, *sentences]


class Act(Form):
    """A form with nothing but its button."""
