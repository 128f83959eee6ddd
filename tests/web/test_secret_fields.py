"""No secret comes back on a page: every box for one has a name by which error pages know it."""

from collections.abc import Iterator

from flask import Flask
from wtforms.fields.core import UnboundField

from panel.web.errors import SECRET
from panel.web.forms import Form, Password


def test_every_box_for_a_secret_is_called_so(app: Flask) -> None:
    # the application imports every form there is
    assert app.url_map
    boxes = [(form.__name__, name) for form in _forms(Form) for name in _passwords(form)]
    assert len(boxes) > 8
    assert [box for box in boxes if not any(word in box[1] for word in SECRET)] == []


def _forms(of: type[Form]) -> Iterator[type[Form]]:
    for each in of.__subclasses__():
        yield each
        yield from _forms(each)


def _passwords(form: type[Form]) -> Iterator[str]:
    for name in dir(form):
        field = getattr(form, name)
        if isinstance(field, UnboundField) and issubclass(field.field_class, Password):
            yield name
