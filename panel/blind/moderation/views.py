"""Pages of moderation, for chair and deputy; for one whom a candidate declared there are none."""

from flask import Blueprint, g, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.moderation import desk, service
from panel.blind.moderation.forms import SettleForm
from panel.kernel.errors import Stale
from panel.kernel.ids import BoardId, Number
from panel.web.notices import done

views = Blueprint("moderation", __name__, url_prefix="/panel/<board:board>/moderation")

Page = str | Response | tuple[str, int]


@views.get("")
@requires(Role.CHAIR, Role.DEPUTY)
def home(actor: Actor, board: BoardId) -> Page:
    """While marking runs, how far each marker is; then, how far moderation is."""
    waiting = desk.waiting(g.db, actor, board)
    if waiting is not None:
        return render_template("blind/moderation/waiting.html", waiting=waiting)
    return render_template("blind/moderation/overview.html", overview=desk.overview(g.db, actor, board))


@views.get("/to-settle")
@requires(Role.CHAIR, Role.DEPUTY)
def to_settle(actor: Actor, board: BoardId) -> Page:
    """The answers whose marks disagree and that nobody has settled yet."""
    listing = desk.to_settle(g.db, actor, board)
    return render_template("blind/moderation/to_settle.html", listing=listing)


@views.get("/settled")
@requires(Role.CHAIR, Role.DEPUTY)
def settled(actor: Actor, board: BoardId) -> Page:
    """The answers with an agreed score."""
    listing = desk.settled(g.db, actor, board)
    return render_template("blind/moderation/settled.html", listing=listing)


@views.get("/criterion/<slug:criterion>")
@requires(Role.CHAIR, Role.DEPUTY)
def criterion(actor: Actor, board: BoardId, criterion: str) -> Page:
    """Every answer to one criterion."""
    listing = desk.of_criterion(g.db, actor, board, criterion)
    return render_template("blind/moderation/criterion.html", listing=listing, key=criterion)


@views.get("/<number:number>/<slug:criterion>")
@requires(Role.CHAIR, Role.DEPUTY)
def answer(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """One answer: what the markers read and gave, and the form that settles it."""
    sitting = desk.sitting(g.db, actor, board, number, criterion)
    return _shown(sitting, SettleForm.on(sitting))


@views.post("/<number:number>/<slug:criterion>")
@requires(Role.CHAIR, Role.DEPUTY)
def settle(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """Record the agreed score of one answer."""
    sitting = desk.sitting(g.db, actor, board, number, criterion)
    sitting.demand_open()
    form = SettleForm.on(sitting)
    if not form.submitted():
        return _shown(sitting, form), 422
    try:
        service.settle(g.db, board, actor, number, criterion, form.settlement())
    except Stale as error:
        form.renew(sitting, error.message)
        return _shown(sitting, form), 409
    return done("settled", url_for(".to_settle", board=board))


def _shown(sitting: desk.Sitting, form: SettleForm) -> str:
    return render_template("blind/moderation/answer.html", sitting=sitting, form=form)
