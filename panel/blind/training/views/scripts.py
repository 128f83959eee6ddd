"""Pages for the chair and deputies: the practice scripts, how the panel is doing, and coaching."""

from flask import g, render_template, request, url_for

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import LEADERS, Role
from panel.blind.training import queries, script_service, service
from panel.blind.training.desk import PRACTISING
from panel.blind.training.forms import CoachingForm, SampleForm, ScriptForm
from panel.blind.training.fresh import NotFresh
from panel.blind.training.purpose import PRACTISED
from panel.blind.training.views.blueprint import Page, status, views
from panel.board.queries import board as read_board
from panel.kernel.clock import today
from panel.kernel.ids import BoardId, ScriptId
from panel.web.forms import Act
from panel.web.notices import done


@views.get("/<board:board>/practice/scripts")
@requires(*LEADERS)
def scripts(_actor: Actor, board: BoardId) -> Page:
    """The practice scripts of a board, what they lack, and the button that opens practice."""
    return render_template(
        "blind/training/scripts.html",
        form=Act(),
        board=read_board(g.db, board),
        scripts=queries.scripts(g.db, board),
        problems=queries.script_problems(g.db, board),
        opened_on=queries.opened_on(g.db, board),
        purposes=PRACTISED,
        practising=PRACTISING,
    )


@views.route("/<board:board>/practice/scripts/<slug:criterion>/add", methods=["GET", "POST"])
@requires(*LEADERS)
def add_script(actor: Actor, board: BoardId, criterion: str) -> Page:
    """A new script for one criterion: to learn on, once practice is open."""
    rubric = queries.rubric(g.db, board, criterion)
    opened = queries.opened_on(g.db, board) is not None
    # a form that asks what the script is for was loaded before practice opened: what it asked for is refused
    form = (SampleForm if opened and "purpose" not in request.form else ScriptForm).on(rubric.points)
    if form.submitted():
        try:
            if isinstance(form, ScriptForm):
                script_service.add_script(g.db, board, criterion, *form.sample(), form.aim)
            else:
                script_service.add_practice(g.db, board, actor.id, _leads_as(actor, board), criterion, *form.sample())
        except NotFresh as error:
            form.complain(*error.details, about=form.answer)
        else:
            return done("added", url_for(".scripts", board=board))
    return render_template("blind/training/script.html", form=form, rubric=rubric, script=None), status(form)


@views.route("/<board:board>/practice/scripts/<script:script>/edit", methods=["GET", "POST"])
@requires(*LEADERS)
def edit_script(_actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """Change a practice script."""
    stored = queries.script(g.db, board, script)
    rubric = queries.rubric(g.db, board, stored.criterion)
    form = ScriptForm.on(rubric.points, stored)
    if form.submitted():
        try:
            script_service.change_script(g.db, board, script, form.version.number, *form.sample(), form.aim)
        except NotFresh as error:
            form.complain(*error.details, about=form.answer)
        else:
            return done("saved", url_for(".scripts", board=board))
    return render_template("blind/training/script.html", form=form, rubric=rubric, script=stored), status(form)


@views.post("/<board:board>/practice/scripts/<script:script>/remove")
@requires(*LEADERS)
def remove_script(_actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """Remove a practice script."""
    script_service.remove_script(g.db, board, script)
    return done("removed", url_for(".scripts", board=board))


@views.post("/<board:board>/practice/open")
@requires(*LEADERS)
def open_practice(actor: Actor, board: BoardId) -> Page:
    """Open practice to the panel, and fix its scripts."""
    script_service.open_practice(g.db, board, actor.id, _leads_as(actor, board))
    return done("practice-opened", url_for(".scripts", board=board))


@views.get("/<board:board>/practice/panel")
@requires(*LEADERS)
def panel(_actor: Actor, board: BoardId) -> Page:
    """How each panel member is doing, by panel code."""
    shown = {"board": read_board(g.db, board), "desks": queries.panel(g.db, board), "purposes": PRACTISED}
    return render_template("blind/training/panel.html", today=today(), **shown)


@views.route("/<board:board>/practice/panel/<slug:code>/<slug:criterion>", methods=["GET", "POST"])
@requires(*LEADERS)
def coach(actor: Actor, board: BoardId, code: str, criterion: str) -> Page:
    """What one panel member scored for one criterion, and the note that opens her practice again."""
    marker = queries.marker_of(g.db, board, code)
    desk = queries.desk(g.db, marker, board)
    standing = desk.standing(criterion)
    form = CoachingForm(request.form)
    if form.submitted():
        service.coach(g.db, board, actor.id, _leads_as(actor, board), marker, criterion, form.note.data or "")
        return done("coached", url_for(".panel", board=board))
    written = {script.id: script for script in queries.scripts(g.db, board)}
    shown = {"desk": desk, "standing": standing, "scripts": written, "purposes": PRACTISED}
    return render_template("blind/training/coach.html", form=form, **shown), status(form)


def _leads_as(actor: Actor, board: BoardId) -> Role:
    return Role.CHAIR if actor.may(Role.CHAIR, board) else Role.DEPUTY
