"""HR's page of outcomes by group, once the names are open."""

from flask import Blueprint, g, render_template

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board.queries import board as board_of
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.monitoring import queries
from panel.named.monitoring.figures import decimals, percent

views = Blueprint("monitoring", __name__)
views.add_app_template_filter(percent)
views.add_app_template_filter(decimals)


@views.get("/monitoring/<board:board>")
@requires(Role.HR)
def outcomes(_actor: Person, board: BoardId) -> str:
    """Applied and passed by group, suppressed; not found before the names are open."""
    tables = queries.tables(g.db, board)
    if not tables:
        raise Missing
    return render_template("named/monitoring/outcomes.html", board=board_of(g.db, board), tables=tables)
