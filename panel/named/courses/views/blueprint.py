"""The blueprint that the pages of courses register on, and what several of them do."""

from typing import TypeVar

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from panel.kernel.errors import Missing
from panel.web.forms import Form
from panel.web.revision import Revision

Part = TypeVar("Part")

views = Blueprint("courses", __name__)

Page = str | BaseResponse | tuple[str, int]

_CONFLICT, _UNPROCESSABLE = 409, 422


def shown(template: str, form: Form, **values: object) -> tuple[str, int]:
    """A form's page, with the status that its errors ask for."""
    html = render_template(f"named/courses/{template}.html", form=form, **values)
    if request.method != "POST":
        return html, 200
    return html, _CONFLICT if isinstance(form, Revision) and form.stale else _UNPROCESSABLE


def part(parts: tuple[Part, ...], number: str) -> tuple[int, Part]:
    """The page or question of that number, counted from 1, and its place from 0. Raises Missing."""
    place = int(number) - 1 if number.isdecimal() and len(number) < 5 else -1  # noqa: PLR2004 - beyond any course
    if not 0 <= place < len(parts):
        raise Missing
    return place, parts[place]


def file(text: str, name: str) -> Response:
    """A course as a file to edit and load again."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.toml"'}
    return Response(text, mimetype="application/toml", headers=headers)
