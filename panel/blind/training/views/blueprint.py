"""The blueprint that the pages of training register on."""

from flask import Blueprint
from werkzeug.wrappers import Response

from panel.blind.training.practice import away, leaning

views = Blueprint("training", __name__, url_prefix="/panel")
views.add_app_template_filter(leaning)
views.add_app_template_filter(away)

Page = str | Response | tuple[str, int]

OK = 200
UNPROCESSABLE = 422


def status(form: object) -> int:
    """The status of a page with a form: 422 once something in it was refused."""
    return UNPROCESSABLE if getattr(form, "errors", None) else OK
