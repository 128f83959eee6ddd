"""HR signs, and candidates see their results."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.board.lifecycle import NotReady, Stage, WrongStage
from panel.kernel.ids import BoardId
from panel.named.results import queries, service
from panel.named.results.forms import PublishForm
from panel.named.results.views.blueprint import keys, views
from panel.web.notices import done


@views.route("/results/<board:board>/publish", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up
def publish(actor: Person, board: BoardId) -> str | tuple[str, int] | Response:
    """unsealed → published."""
    held = queries.opened(g.db, board)
    if held.stage is not Stage.UNSEALED:
        raise WrongStage
    form = PublishForm(request.form)
    if form.submitted():
        try:
            service.publish(g.db, keys(), actor, board)
            return done("published", url_for("results.named_list", board=board))
        except NotReady as refusal:
            form.complain(*refusal.details)
    weighed = queries.overview(g.db, keys(), board)
    shown = render_template("named/results/publish.html", form=form, board=held, weighed=weighed)
    return (shown, 422) if form.errors else shown
