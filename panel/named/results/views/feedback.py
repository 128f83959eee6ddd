"""HR decides which evidence notes each candidate reads."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board.lifecycle import Stage
from panel.kernel.ids import BoardId, Number
from panel.named.results import queries, service
from panel.named.results.forms import ApproveForm
from panel.named.results.views.blueprint import keys, views
from panel.web.notices import done


@views.get("/results/<board:board>/feedback")
@requires(Role.HR)
def feedback(_actor: Person, board: BoardId) -> str:
    """How far each candidate's feedback is decided."""
    held = queries.opened(g.db, board)
    weighed = queries.overview(g.db, keys(), board)
    return render_template(
        "named/results/feedback.html", board=held, weighed=weighed, open=held.stage is Stage.UNSEALED
    )


@views.route("/results/<board:board>/feedback/<number:number>", methods=["GET", "POST"])
@requires(Role.HR)
def candidate(_actor: Person, board: BoardId, number: Number) -> str | tuple[str, int] | Response:
    """One candidate's notes, each to approve or withhold."""
    found = queries.candidate(g.db, keys(), board, number)
    form = ApproveForm(request.form).offer(found)
    if form.submitted():
        try:
            service.approve(g.db, keys(), board, number, form.chosen())
            return done("feedback-saved", url_for("results.feedback", board=board))
        except service.NamesSomebody as error:
            form.complain(error.message, about=form.approved)
    shown = render_template("named/results/candidate.html", form=form, candidate=found)
    return (shown, 422) if form.errors else shown


@views.post("/results/<board:board>/feedback/approve-all")
@requires(Role.HR)
def approve_all(_actor: Person, board: BoardId) -> Response:
    """Approve every note that names nobody."""
    queries.opened(g.db, board)
    withheld = service.approve_all(g.db, keys(), board)
    return done("approved-but" if withheld else "approved-all", url_for("results.feedback", board=board))


@views.post("/results/<board:board>/feedback/withhold-all")
@requires(Role.HR)
def withhold_all(_actor: Person, board: BoardId) -> Response:
    """Take every approval back."""
    queries.opened(g.db, board)
    service.withhold_all(g.db, board)
    return done("withheld-all", url_for("results.feedback", board=board))
