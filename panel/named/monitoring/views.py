"""Pages of outcomes by group and of recognition, once the names are open; and the question to a marker before that."""

from flask import Blueprint, g, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board.queries import board as board_of
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.monitoring import guessing, queries
from panel.named.monitoring.figures import decimals, percent
from panel.named.monitoring.forms import GuessForm
from panel.web.notices import done

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
    return render_template(
        "named/monitoring/outcomes.html", board=board_of(g.db, board), tables=tables, again=queries.again(g.db, board)
    )


@views.get("/monitoring/<board:board>/recognition")
@requires(Role.HR, Role.AUDITOR)
def recognition(_actor: Person, board: BoardId) -> str:
    """How often markers stepped aside, and guessed right who a writer was; not found before the names are open."""
    return render_template("named/monitoring/recognition.html", report=guessing.report(g.db, board))


@views.route("/boards/<board:board>/recognised", methods=["GET", "POST"])
@requires(Role.MARKER)
def recognised(actor: Person, board: BoardId) -> Response | tuple[str, int]:
    """A marker who has signed may say whom she thought she recognised."""
    asked = guessing.asked(g.db, actor, board)
    form = GuessForm.on(asked.marks)
    if form.submitted() and form.whole():
        guessing.answer(g.db, actor, board, form.guesses())
        return done("guess-sealed", url_for(".recognised", board=board))
    page = render_template("named/monitoring/recognised.html", asked=asked, form=form)
    return page, 422 if form.errors else 200
