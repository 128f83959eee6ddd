"""Pages of moderation, for chair and deputy; for one whom a candidate declared there are none."""

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.moderation import desk, sending, service
from panel.blind.moderation.course_queries import asked
from panel.blind.moderation.forms import AskForm, SendForm, SettleForm
from panel.blind.moderation.sitting import Sitting, on_paper, sitting
from panel.kernel.errors import Stale
from panel.kernel.ids import BoardId, Number
from panel.web.forms import Act
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


@views.route("/to-send", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def to_send(actor: Actor, board: BoardId) -> Page:
    """The answers that the rules give to a further marker first: all of them are sent at once."""
    listing = desk.to_send(g.db, actor, board)
    form = Act()
    if form.submitted():
        sending.send_disputed(g.db, board, actor)
        return done("all-sent-on", url_for(".home", board=board))
    return render_template("blind/moderation/to_send.html", listing=listing, form=form)


@views.get("/out")
@requires(Role.CHAIR, Role.DEPUTY)
def out(actor: Actor, board: BoardId) -> Page:
    """The answers that are with a further marker."""
    return render_template("blind/moderation/out.html", listing=desk.out(g.db, actor, board))


@views.get("/to-look-at")
@requires(Role.CHAIR, Role.DEPUTY)
def to_look_at(actor: Actor, board: BoardId) -> Page:
    """The answers whose marks agree and that a leader reads all the same."""
    return render_template("blind/moderation/to_look_at.html", listing=desk.to_look_at(g.db, actor, board))


@views.get("/paper")
@requires(Role.CHAIR, Role.DEPUTY)
def paper(actor: Actor, board: BoardId) -> Page:
    """Everything that is to be settled, to print for the discussion."""
    return render_template("blind/moderation/paper.html", sittings=on_paper(g.db, actor, board), board=board)


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
    shown = sitting(g.db, actor, board, number, criterion)
    return _shown(shown, SettleForm.on(shown))


@views.post("/<number:number>/<slug:criterion>")
@requires(Role.CHAIR, Role.DEPUTY)
def settle(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """Record the agreed score of one answer."""
    shown = sitting(g.db, actor, board, number, criterion)
    shown.demand_open()
    form = SettleForm.on(shown)
    if not form.submitted():
        return _shown(shown, form), 422
    try:
        service.settle(g.db, board, actor, number, criterion, form.settlement())
    except Stale as error:
        form.renew(shown, error.message)
        return _shown(shown, form), 409
    return done("settled", url_for(".to_settle", board=board))


@views.post("/<number:number>/<slug:criterion>/stands")
@requires(Role.CHAIR, Role.DEPUTY)
def stands(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """The leader has read an answer whose marks agree: their mean stands."""
    shown = sitting(g.db, actor, board, number, criterion)
    form = Act()
    if not form.submitted():
        return _shown(shown, SettleForm.on(shown)), 422
    sending.let_stand(g.db, board, actor, number, criterion)
    return done("marks-stand", url_for(".to_look_at", board=board))


@views.route("/<number:number>/<slug:criterion>/further", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def further(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """One answer goes to a further marker, with a reason."""
    shown = sitting(g.db, actor, board, number, criterion)
    shown.demand_unsent()
    form = SendForm(request.form)
    if form.submitted():
        reason = form.reason.data or ""
        found = sending.further(g.db, board, shown.answer.ref, criterion, actor, reason=reason)
        return done("sent-on" if found else "sent-to-nobody", url_for(".home", board=board))
    status = 422 if form.errors else 200
    return render_template("blind/moderation/further.html", sitting=shown, form=form), status


@views.route("/<number:number>/<slug:criterion>/another", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def another(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """The further mark does not come: another marker is asked."""
    shown = sitting(g.db, actor, board, number, criterion)
    form = AskForm(request.form, data={"version": asked(g.db, shown.answer)})
    if form.submitted():
        found = sending.ask_another(g.db, board, actor, number, criterion, form.version.number)
        return done("sent-on" if found else "sent-to-nobody", url_for(".out", board=board))
    status = 422 if form.errors else 200
    return render_template("blind/moderation/another.html", sitting=shown, form=form), status


def _shown(shown: Sitting, form: SettleForm) -> str:
    return render_template("blind/moderation/answer.html", sitting=shown, form=form, act=Act())
