"""HR archives a board once its texts and names no longer have to be kept."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.board.lifecycle import NotReady, Stage, WrongStage
from panel.board.queries import board as read_board
from panel.kernel.ids import BoardId
from panel.named.results import archiving
from panel.named.results.forms import ArchiveForm
from panel.named.results.views.blueprint import keys, views
from panel.web.context import database
from panel.web.notices import done


@views.route("/results/<board:board>/archive", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up
def archive(actor: Person, board: BoardId) -> str | tuple[str, int] | Response:
    """published → archived, commit, then destroy the key and scrub."""
    held = read_board(g.db, board)
    if held.stage is not Stage.PUBLISHED:
        raise WrongStage
    form = ArchiveForm(request.form)
    if form.submitted():
        try:
            archiving.archive(g.db, keys(), actor, board)
        except NotReady as refusal:
            form.complain(*refusal.details)
        else:
            g.db.commit()  # the scrub needs the database to itself
            scrubbed = archiving.finish(database(), keys(), board)
            return done("archived" if scrubbed else "archived-unscrubbed", url_for("setup.board", board=board))
    ready = archiving.readiness(held)
    shown = render_template("named/results/archive.html", form=form, board=held, readiness=ready)
    return (shown, 422) if form.errors else shown
