"""Pages on how alike the panel marks, for chair and deputy; for one whom a candidate declared there are none."""

from flask import Blueprint, g, render_template

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.consistency import desk
from panel.kernel.ids import BoardId

views = Blueprint("consistency", __name__, url_prefix="/panel/<board:board>/consistency")


@views.get("")
@requires(Role.CHAIR, Role.DEPUTY)
def home(actor: Actor, board: BoardId) -> str:
    """All criteria and all markers."""
    return render_template("blind/consistency/overview.html", overview=desk.overview(g.db, actor, board))


@views.get("/criterion/<slug:criterion>")
@requires(Role.CHAIR, Role.DEPUTY)
def criterion(actor: Actor, board: BoardId, criterion: str) -> str:
    """One criterion, marker by marker."""
    return render_template("blind/consistency/criterion.html", page=desk.of_criterion(g.db, actor, board, criterion))


@views.get("/outcomes")
@requires(Role.CHAIR, Role.DEPUTY)
def outcomes(actor: Actor, board: BoardId) -> str:
    """Whose outcome would change if severity were allowed for."""
    return render_template("blind/consistency/outcomes.html", page=desk.outcomes(g.db, actor, board))
