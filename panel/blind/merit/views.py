"""The merit list by number."""

from flask import Blueprint, g, render_template

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.merit.sheet import merit_sheet
from panel.kernel.ids import BoardId

views = Blueprint("merit", __name__, url_prefix="/panel/<board:board>/merit")


@views.get("")
@requires(Role.CHAIR, Role.DEPUTY, Role.AUDITOR)
def merit(actor: Actor, board: BoardId) -> str:
    """Everyone in order, by number, with the root that binds it."""
    return render_template("blind/merit/list.html", sheet=merit_sheet(g.db, actor, board))
