"""What every page needs around its content: filters, the notice, the token of the sign-out form."""

from flask import Flask, g

from panel.web.csrf import csrf_token
from panel.web.filters import init_filters
from panel.web.notices import notice


def init_frame(app: Flask) -> None:
    """Give templates the filters and the values `base.html` shows."""
    init_filters(app)
    app.add_template_global(csrf_token)
    app.context_processor(_values)


def _values() -> dict[str, object]:
    return {"notice": notice(), "signed_in": g.get("actor") is not None}
