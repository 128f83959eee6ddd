"""What chair and deputy do about seeds: coach whoever strayed, have marks made again, look at a flagged seed."""

from http import HTTPStatus

from flask import g, render_template, request, url_for

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.marking import pausing, remarking
from panel.blind.marking.views.blueprint import Page, views
from panel.blind.marking.watch_forms import AgainForm, FlagDecision, NoteForm
from panel.blind.seeding import service
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, ScriptId
from panel.web.forms import Form
from panel.web.notices import done


@views.get("/<board:board>/marking/seeds")
@requires(Role.CHAIR, Role.DEPUTY)
def watch(actor: Actor, board: BoardId) -> Page:
    """What the seeds say: who is paused, and which seed somebody flagged."""
    return render_template("blind/marking/watch.html", watch=pausing.watch(g.db, actor, board))


@views.route("/<board:board>/marking/seeds/<slug:member_code>", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def held_up(actor: Actor, board: BoardId, member_code: str) -> Page:
    """One paused panel member: her latest seeds, her marks since the last good one, and who makes them again."""
    found = pausing.held_up(g.db, actor, board, member_code)
    form = AgainForm.on(found)
    if request.method == "POST":
        found.demand_marks()
    if form.submitted():
        remarking.send_back(g.db, board, found.marker, form.codes, form.who, actor.id, _role(actor, board))
        return done("marks-returned", url_for(".held_up", board=board, member_code=member_code))
    return render_template("blind/marking/held_up.html", found=found, form=form), _status(form)


@views.route("/<board:board>/marking/seeds/<slug:member_code>/go-on", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def go_on(actor: Actor, board: BoardId, member_code: str) -> Page:
    """The chair has coached her and lets her go on, with a note that she reads."""
    found = pausing.held_up(g.db, actor, board, member_code)
    form = NoteForm(request.form)
    if form.submitted():
        service.let_go_on(g.db, board, found.marker, form.note.data or "", actor.id, _role(actor, board))
        return done("goes-on", url_for(".watch", board=board))
    return render_template("blind/marking/go_on.html", found=found, form=form), _status(form)


@views.route("/<board:board>/marking/seeds/<script:script>/flagged", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def flagged_seed(actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """A marker says that this seed names somebody."""
    watched = pausing.watch(g.db, actor, board)
    seed = next((each for each in watched.flagged if each.id == script), None)
    if seed is None:
        raise service.FlagDecided if request.method == "POST" else Missing
    form = FlagDecision(request.form)
    if form.submitted():
        service.decide_flag(g.db, board, script, actor.id, _role(actor, board), stays=form.stays.data == "no")
        return done("flag-decided", url_for(".watch", board=board))
    return render_template("blind/marking/flagged_seed.html", board=watched.board, seed=seed, form=form), _status(form)


def _status(form: Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _role(actor: Actor, board: BoardId) -> Role:
    return Role.CHAIR if actor.may(Role.CHAIR, board) else Role.DEPUTY
