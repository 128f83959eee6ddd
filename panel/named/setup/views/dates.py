"""The deadline: set while a draft, and moved on for everybody while the board is open."""

from flask import g, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.clock import UK
from panel.kernel.errors import Invalid
from panel.kernel.ids import BoardId
from panel.named.setup import service
from panel.named.setup.forms import DeadlineForm
from panel.named.setup.moment import clock_text
from panel.named.setup.views.blueprint import Page, draft, page, views
from panel.web.notices import done


@views.route("/boards/<board:board>/setup/deadline", methods=["GET", "POST"])
@requires(Role.HR)
def deadline(actor: Person, board: BoardId) -> Page | Response:
    """When candidates must be done."""
    before = draft(board).deadline
    shown = {"day": before.astimezone(UK).date(), "time": clock_text(before)} if before else {"time": "12:00"}
    form = DeadlineForm(request.form, data=shown)
    if not form.submitted():
        return page("deadline", form, board=board)
    try:
        service.set_deadline(g.db, board, form.deadline)
    except Invalid as refusal:
        form.complain(refusal.message, about=form.day)
        return page("deadline", form, board=board)
    return done("saved", url_for("setup.tasks", board=board))


@views.route("/boards/<board:board>/extend", methods=["GET", "POST"])
@requires(Role.HR)
def extend(actor: Person, board: BoardId) -> Page | Response:
    """Give all candidates more time."""
    held = boards.board(g.db, board)
    if held.stage is not Stage.OPEN:
        raise WrongStage
    form = DeadlineForm(request.form, data={"time": "12:00"})
    if not form.submitted():
        return page("extend", form, board=held)
    try:
        service.extend(g.db, actor, board, form.deadline)
    except Invalid as refusal:
        form.complain(refusal.message, about=form.day)
        return page("extend", form, board=held)
    return done("extended", url_for("setup.board", board=board))
