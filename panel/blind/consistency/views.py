"""Pages on how alike the panel marks, for chair and deputy; for one whom a candidate declared there are none."""

from flask import Blueprint, g, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.consistency import desk, service
from panel.kernel.ids import BoardId, Number
from panel.web.forms import Act
from panel.web.notices import done

views = Blueprint("consistency", __name__, url_prefix="/panel/<board:board>/consistency")

Page = str | Response


@views.get("")
@requires(Role.CHAIR, Role.DEPUTY)
def home(actor: Actor, board: BoardId) -> Page:
    """All criteria and all markers."""
    return render_template("blind/consistency/overview.html", overview=desk.overview(g.db, actor, board))


@views.get("/criterion/<slug:criterion>")
@requires(Role.CHAIR, Role.DEPUTY)
def criterion(actor: Actor, board: BoardId, criterion: str) -> Page:
    """One criterion, marker by marker."""
    return render_template("blind/consistency/criterion.html", page=desk.of_criterion(g.db, actor, board, criterion))


@views.get("/outcomes")
@requires(Role.CHAIR, Role.DEPUTY)
def outcomes(actor: Actor, board: BoardId) -> Page:
    """Whose outcome would change if severity were allowed for, and which answers went to a further marker."""
    return render_template("blind/consistency/outcomes.html", page=desk.outcomes(g.db, actor, board))


@views.route("/<number:number>/<slug:criterion>/further", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def further(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """Send one answer to a further marker."""
    sending = desk.sending(g.db, actor, board, number, criterion)
    form = Act()
    if form.submitted():
        service.send_further(g.db, board, actor, number, criterion)
        return done("sent-further", url_for(".outcomes", board=board))
    return render_template("blind/consistency/further.html", sending=sending, form=form)
