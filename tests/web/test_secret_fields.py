"""No secret comes back on a page: every box for one has a name by which error pages know it."""

import re
from collections.abc import Iterator

from flask import Flask
from wtforms.fields.core import UnboundField

from panel.config import ROOT
from panel.web.errors import SECRET
from panel.web.forms import Form, Password


def test_every_box_for_a_secret_is_called_so(app: Flask) -> None:
    # the application imports every form there is
    assert app.url_map
    boxes = [(form.__name__, name) for form in _forms(Form) for name in _passwords(form)]
    assert len(boxes) > 8
    assert [box for box in boxes if not any(word in box[1] for word in SECRET)] == []


def test_a_password_is_hidden_as_it_is_typed_and_may_be_pasted_or_filled_in(app: Flask) -> None:
    (box,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", app.test_client().get("/sign-in").text)
    assert {'type="password"', 'autocomplete="current-password"'} <= set(re.findall(r"[\w-]+=\"[^\"]*\"", box))
    scripts = (path.read_text() for path in (ROOT / "panel" / "static").glob("*.js"))
    assert not [each for each in scripts if re.search(r"[\"'](?:paste|beforepaste)[\"']|onpaste", each)]


def _forms(of: type[Form]) -> Iterator[type[Form]]:
    for each in of.__subclasses__():
        yield each
        yield from _forms(each)


def _passwords(form: type[Form]) -> Iterator[str]:
    for name in dir(form):
        field = getattr(form, name)
        if isinstance(field, UnboundField) and issubclass(field.field_class, Password):
            yield name
