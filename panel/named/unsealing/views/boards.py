"""HR's two acts on a vault: opening a board founds it, cancelling a board destroys it."""

from flask import g, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import CANCELLABLE, NotReady, Stage, WrongStage
from panel.board.queries import Board
from panel.config import config
from panel.kernel.ids import BoardId
from panel.named.setup.facts import readiness
from panel.named.unsealing import cancelling, queries, service
from panel.named.unsealing.forms import CancelForm, OpenForm
from panel.named.unsealing.views.blueprint import Page, page, views
from panel.web.context import database
from panel.web.notices import done


@views.route("/boards/<board:board>/open", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up
def open_board(actor: Person, board: BoardId) -> Page:
    """draft → open: the rules are fixed, the key is made, split and forgotten."""
    held = _at(board, Stage.DRAFT)
    form = OpenForm(request.form)
    ready = readiness(g.db, board, Stage.OPEN, *queries.keyholder_facts(g.db, board))
    if not form.submitted():
        return page("open", form, board=held, readiness=ready)
    g.db.rollback()  # the child has a connection of its own, and SQLite would wait on itself
    try:
        service.open_board(database(), config(), actor, board)
    except NotReady as refusal:
        form.complain(*refusal.details)
        return page("open", form, board=held, readiness=ready)
    return done("board-opened", url_for("setup.board", board=board))


@views.route("/boards/<board:board>/cancel", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up
def cancel(actor: Person, board: BoardId) -> Page:
    """End a board before the lock, with a reason."""
    held = boards.board(g.db, board)
    if held.stage not in CANCELLABLE:
        raise WrongStage
    form = CancelForm(request.form)
    if not form.submitted():
        return page("cancel", form, board=held)
    g.db.rollback()  # the key files are destroyed only after a commit of the verb's own
    scrubbed = cancelling.cancel(database(), config(), actor, board, reason=str(form.reason.data))
    return done("board-cancelled" if scrubbed else "board-cancelled-unscrubbed", url_for("setup.board", board=board))


def _at(board: BoardId, stage: Stage) -> Board:
    held = boards.board(g.db, board)
    if held.stage is not stage:
        raise WrongStage
    return held
