"""HR's merit list with names, on the page and as files."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.results import queries, service
from panel.named.results.exports import FORMATS
from panel.named.results.views.blueprint import download, keys, views


@views.get("/results/<board:board>/list")
@requires(Role.HR)
def named_list(_actor: Person, board: BoardId) -> str:
    """The merit list with names; not found before they are open."""
    return render_template("named/results/list.html", sheet=queries.named_list(g.db, keys(), board))


@views.route("/results/<board:board>/export/<slug:kind>", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up
def export(actor: Person, board: BoardId, kind: str) -> Response | BaseResponse:
    """The same list as a file. Taking it is logged, so it is no link; the password page leads back to the button."""
    queries.opened(g.db, board)
    if kind not in FORMATS:
        raise Missing
    if request.method == "GET":
        return redirect(url_for(".named_list", board=board))
    made = service.export(g.db, keys(), actor, board, kind)
    return download(made, FORMATS[kind][1], f"merit-list-{{board}}.{kind}", board)
