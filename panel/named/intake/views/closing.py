"""HR closes a board, and has the traces of who applied when removed."""

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import board as read_board
from panel.config import config
from panel.kernel import clock
from panel.kernel.ids import BoardId
from panel.named.intake import closing, queries
from panel.named.intake.views.blueprint import views
from panel.web.context import database
from panel.web.notices import done


@views.get("/boards/<board:board>/close")
@requires(Role.HR)
@stepped_up
def close(_actor: Person, board: BoardId) -> str:
    """What closing does, and whether the board may be closed now."""
    held = read_board(g.db, board)
    if held.stage is not Stage.OPEN:
        raise WrongStage
    applied = queries.applied(g.db, board)
    return render_template(
        "named/intake/close.html", board=held, readiness=closing.readiness(held.deadline, clock.now()), applied=applied
    )


@views.post("/boards/<board:board>/close")
@requires(Role.HR)
@stepped_up
def close_now(actor: Person, board: BoardId) -> str:
    """Close, commit, then destroy the draft key and scrub. It signs everybody out, so the page says what is next."""
    closed = closing.close(g.db, config().keys, actor, board)
    g.db.commit()  # the scrub needs the database to itself
    scrubbed = closing.finish(database(), config().keys, board)
    return render_template("named/intake/closed.html", board=closed, scrubbed=scrubbed)


@views.post("/boards/<board:board>/scrub")
@requires(Role.HR)
def scrub(_actor: Person, board: BoardId) -> Response:
    """Try the scrub again."""
    held = read_board(g.db, board)
    if not held.stage.reached(Stage.CLOSED):
        raise WrongStage
    g.db.commit()  # as above
    closing.scrub_closed(database(), config().keys, board)
    return done("scrubbed", url_for("setup.board", board=board))
