"""What chair and deputy do while the panel marks: pass on the tasks of one who dropped out, look for markers again."""

from flask import g, render_template, url_for

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.marking import handover, lead
from panel.blind.marking.views.blueprint import Page, views
from panel.kernel.ids import BoardId
from panel.web.forms import Act
from panel.web.notices import done


@views.route("/<board:board>/marking/members/<slug:member_code>/pass-on", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def pass_on(actor: Actor, board: BoardId, member_code: str) -> Page:
    """A panel member has dropped out: her open tasks go to the others, her marks stand."""
    leaver = lead.leaver(g.db, actor, board, member_code)
    form = Act()
    if form.submitted():
        handover.relieve(g.db, board, leaver.marker, actor.id, _role(actor, board))
        return done("tasks-passed-on", url_for("moderation.home", board=board))
    return render_template("blind/marking/pass_on.html", leaver=leaver, form=form)


@views.route("/<board:board>/marking/look-again", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def look_again(actor: Actor, board: BoardId) -> Page:
    """Some answers lack markers: give them to whoever has qualified since."""
    short = lead.shortage(g.db, actor, board)
    form = Act()
    if form.submitted():
        passed = handover.refill(g.db, board, actor.id, _role(actor, board))
        notice = "markers-found" if passed.dealt else "no-markers-found"
        return done(notice, url_for("moderation.home", board=board))
    return render_template("blind/marking/look_again.html", short=short, form=form)


def _role(actor: Actor, board: BoardId) -> Role:
    return Role.CHAIR if actor.may(Role.CHAIR, board) else Role.DEPUTY
