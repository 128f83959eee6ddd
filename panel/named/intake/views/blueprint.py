"""The blueprint of applying, and what its pages share."""

from typing import Any

from flask import Blueprint, Response, g, json, render_template

from panel.access.actor import Person
from panel.config import config
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId
from panel.named.intake import desk, drafting
from panel.named.intake.desk import Desk
from panel.web.forms import Form

views = Blueprint("intake", __name__)

Page = tuple[str, int]

OK, CONFLICT, INVALID = 200, 409, 422


def sitting(person: Person, board: BoardId) -> Desk:
    """The board as this person meets it."""
    return desk.sitting(g.db, config().keys, person, board)


def writing(person: Person, board: BoardId) -> Desk:
    """The same, where she may write now. Raises what `drafting.save` would."""
    drafting.accepting(g.db, board, person)
    at = sitting(person, board)
    drafting.may_apply(g.db, board, person.account, at.draft)
    return at


def as_file(name: str, held: dict[str, Json]) -> Response:
    """What a candidate keeps, as a JSON file of that name."""
    text = json.dumps(held, ensure_ascii=False, indent=2, sort_keys=True)
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Response(text, headers=headers, mimetype="application/json")


def page(template: str, at: Desk, status: int, form: Form, **values: Any) -> Page:
    """A form's page."""
    html = render_template(
        f"named/intake/{template}.html", board=at.board, policy=at.policy, desk=at, form=form, **values
    )
    return html, status
