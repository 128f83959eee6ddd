"""One task: mark it, keep what is typed, step aside from it, say that its text names somebody."""

from flask import Response as JsonResponse
from flask import g, jsonify, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.marking import handover, own_queries, service
from panel.blind.marking.desk import sitting
from panel.blind.marking.forms import FlagForm, MarkForm
from panel.blind.marking.page import StaleMark
from panel.blind.marking.scorecard import BadMark
from panel.blind.marking.views.blueprint import Page, views
from panel.board.lifecycle import WrongStage
from panel.board.queries import board as read_board
from panel.kernel.errors import PanelError
from panel.kernel.ids import BoardId, MarkerId, TaskCode
from panel.web.errors import told
from panel.web.forms import Act
from panel.web.notices import done


@views.route("/<board:board>/marking/<task:code>", methods=["GET", "POST"])
@requires(Role.MARKER)
def task(actor: Actor, board: BoardId, code: TaskCode) -> Page:
    """The answer, what it is judged by, her score and evidence."""
    page = sitting(g.db, actor.id, board, code)
    form = MarkForm.on(page).complete(page)
    if form.submitted():
        try:
            service.record(g.db, board, actor.id, code, **form.typed())
        except (BadMark, StaleMark) as error:
            form.refused(page, error)
        else:
            return _stay(board, code) if form.stays else _onward(actor.id, board, code, "mark-saved-next")
    return render_template("blind/marking/task.html", board=board, page=page, form=form), form.status


@views.post("/<board:board>/marking/<task:code>/draft")
@requires(Role.MARKER)
def draft(actor: Actor, board: BoardId, code: TaskCode) -> JsonResponse | tuple[JsonResponse, int]:
    """Autosave: keep what is typed, finished or not, and tell the page its new version."""
    try:
        form = MarkForm.on(sitting(g.db, actor.id, board, code))
        if not form.submitted():
            return jsonify(error=". ".join(sentence for each in form for sentence in each.errors)), form.status
        return jsonify(version=service.save_draft(g.db, board, actor.id, code, **form.typed()))
    except PanelError as error:
        return told(error)


@views.route("/<board:board>/marking/<task:code>/recognise", methods=["GET", "POST"])
@requires(Role.MARKER)
def recognise(actor: Actor, board: BoardId, code: TaskCode) -> Page:
    """She thinks she knows whose answer this is: one button, and no question who or why."""
    page = sitting(g.db, actor.id, board, code)
    form = Act()
    if form.submitted():
        handover.recognise(g.db, board, actor.id, code)
        return _onward(actor.id, board, code, "stepped-aside")
    return render_template("blind/marking/recognise.html", board=board, page=page, form=form)


@views.route("/<board:board>/marking/<task:code>/flag", methods=["GET", "POST"])
@requires(Role.MARKER)
def flag(actor: Actor, board: BoardId, code: TaskCode) -> Page:
    """This text names somebody: chair or deputy look at it, and the task waits."""
    page = sitting(g.db, actor.id, board, code)
    if not page.flaggable:
        raise WrongStage
    form = FlagForm.on(page.texts)
    if form.submitted():
        service.flag(g.db, board, actor.id, code, form.chosen)
        return _onward(actor.id, board, code, "text-flagged")
    return render_template("blind/marking/flag.html", board=board, page=page, form=form), form.status


def _stay(board: BoardId, code: TaskCode) -> Response:
    return done("mark-saved", url_for(".task", board=board, code=code))


def _onward(marker: MarkerId, board: BoardId, code: TaskCode, notice: str) -> Response:
    """On to the next task; home when there is none, where what she did is still what is said first."""
    following = own_queries.queue(g.db, read_board(g.db, board), marker).next(after=code)
    if following is None:
        return done("nothing-left" if notice == "mark-saved-next" else notice, url_for(".home", board=board))
    return done(notice, url_for(".task", board=board, code=following))
