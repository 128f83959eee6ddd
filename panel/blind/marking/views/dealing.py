"""Who marks what, as a list to take away and to bring back changed."""

from http import HTTPStatus
from typing import Final

from flask import Response as FileResponse
from flask import g, render_template, request, url_for

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.marking import dealing
from panel.blind.marking.views.blueprint import Page, views
from panel.blind.marking.watch_forms import SharesForm
from panel.kernel.ids import BoardId
from panel.web.notices import done

#: Enough to mend at one sitting; the rest is told when these are gone.
_SHOWN: Final = 50


@views.route("/<board:board>/marking/shares", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def shares(actor: Actor, board: BoardId) -> Page:
    """A trial run of a list that was changed, and then the list itself."""
    held, overlap = dealing.dealt(g.db, actor, board)
    form = SharesForm(request.form)
    trial = None
    if form.submitted():
        rows = str(form.rows.data)
        trial = dealing.tried(g.db, actor, board, rows)
        if request.form.get("then") == "act" and not trial.errors:
            role = Role.CHAIR if actor.may(Role.CHAIR, board) else Role.DEPUTY
            dealing.hand_over(g.db, board, rows, actor.id, role)
            return done("handed-over", url_for(".shares", board=board))
        more = len(trial.errors) - _SHOWN
        told = (*trial.errors[:_SHOWN], *([f"And {more} more faults further down."] if more > 0 else []))
        form.complain(*told, about=form.rows)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("blind/marking/shares.html", board=held, overlap=overlap, form=form, trial=trial), status


@views.get("/<board:board>/marking/shares.csv")
@requires(Role.CHAIR, Role.DEPUTY)
def shares_file(actor: Actor, board: BoardId) -> FileResponse:
    """The list as a file."""
    answer = FileResponse(dealing.listed(g.db, actor, board), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="tasks-{board}.csv"'
    return answer
