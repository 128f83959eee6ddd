"""A panel member's own work: her boards, her tasks, her marks, her sheet."""

from flask import g, render_template, url_for

from panel.access.actor import Actor
from panel.access.guards import requires, signed_in
from panel.access.roles import Role
from panel.blind.marking import own_queries, service
from panel.blind.marking.desk import desk, overview
from panel.blind.marking.queue import marking_order
from panel.blind.marking.views.blueprint import Page, views
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.web.forms import Act
from panel.web.notices import done


@views.get("/marking")
@signed_in
def boards(actor: Actor) -> Page:
    """The boards she marks on."""
    if not actor.boards(Role.MARKER):
        raise Missing
    return render_template("blind/marking/boards.html", overview=overview(g.db, actor))


@views.get("/<board:board>/marking")
@requires(Role.MARKER)
def home(actor: Actor, board: BoardId) -> Page:
    """Her own progress on a board and what she does next; while the panel marks, a shut gate refuses her here too."""
    return render_template("blind/marking/home.html", desk=desk(g.db, actor.id, board).let_in())


@views.get("/<board:board>/marking/tasks")
@requires(Role.MARKER)
def tasks(actor: Actor, board: BoardId) -> Page:
    """Her tasks, question by question."""
    return render_template("blind/marking/tasks.html", desk=desk(g.db, actor.id, board))


@views.get("/<board:board>/marking/marks")
@requires(Role.MARKER)
def marks(actor: Actor, board: BoardId) -> Page:
    """Her own marks, to look at again."""
    held = read_board(g.db, board)
    own = own_queries.own_marks(g.db, held, actor.id)
    return render_template("blind/marking/marks.html", board=held, marks=own)


@views.get("/<board:board>/marking/guide")
@requires(Role.MARKER)
def guide(_actor: Actor, board: BoardId) -> Page:
    """What every criterion is scored by, in the order in which she marks, to read or to print."""
    held = read_board(g.db, board)
    return render_template("blind/marking/guide.html", board=held, criteria=marking_order(held.policy))


@views.route("/<board:board>/marking/sheet", methods=["GET", "POST"])
@requires(Role.MARKER)
def sheet(actor: Actor, board: BoardId) -> Page:
    """She signs her marks."""
    form = Act()
    if form.submitted():
        service.sign(g.db, board, actor.id)
        return done("marks-signed", url_for(".home", board=board))
    own = own_queries.own_marks(g.db, read_board(g.db, board), actor.id)
    return render_template("blind/marking/sheet.html", desk=desk(g.db, actor.id, board), marks=own, form=form)
