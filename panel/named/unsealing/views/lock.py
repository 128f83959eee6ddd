"""The chair or a deputy signs the lock. The page shows no name: it is about numbers and digests."""

from flask import g, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.blind.moderation.queries import leading
from panel.board import queries as boards
from panel.board.lifecycle import NotReady, Stage, WrongStage
from panel.config import config
from panel.kernel.ids import BoardId
from panel.named.setup.facts import readiness
from panel.named.unsealing import service
from panel.named.unsealing.forms import LockForm
from panel.named.unsealing.views.blueprint import Page, page, views
from panel.web.notices import done


@views.route("/boards/<board:board>/lock", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
@stepped_up
def lock(actor: Person, board: BoardId) -> Page:
    """moderation → locked."""
    leading(g.db, board, actor)
    held = boards.board(g.db, board)
    if held.stage is not Stage.MODERATION:
        raise WrongStage
    form = LockForm(request.form)
    ready = readiness(g.db, board, Stage.LOCKED)
    if not form.submitted():
        return page("lock", form, board=held, readiness=ready)
    try:
        service.lock(g.db, config(), actor, board)
    except NotReady as refusal:
        form.complain(*refusal.details)
        return page("lock", form, board=held, readiness=ready)
    return done("board-locked", url_for("unsealing.ceremony", board=board))
