"""Names that are open and cannot be read: what any page says that needs them, and what pages of lower rooms ask."""

from flask import g, render_template, request

from panel.access.guards import person
from panel.board import queries as boards
from panel.board.queries import Board
from panel.config import config
from panel.named.unsealing import later, results_key
from panel.named.unsealing.later import Need
from panel.named.unsealing.occasion import OPENED
from panel.named.unsealing.results_key import NamesUnreadable
from panel.named.unsealing.views.blueprint import views
from panel.web.logs import log_failure


@views.app_errorhandler(NamesUnreadable)
def unreadable(error: NamesUnreadable) -> tuple[str, int]:
    """What has happened and who does what next, for the part that somebody has; never a fault without a word."""
    log_failure(error, request.endpoint)
    held = boards.board(g.db, error.board)
    roles = person().roles_on(error.board)
    return render_template("named/unsealing/unreadable.html", board=held, roles=roles, refusal=error), 409


@views.app_template_global()
def names_unreadable(board: Board) -> bool:
    """Whether a board's names are open and their key does not fit: said where HR runs the board."""
    return board.stage in OPENED and not results_key.fits(g.db, config().keys, board.id)


@views.app_template_global()
def recount_of(board: Board) -> Need | None:
    """Whether a board's outcomes can be counted again; None before they are counted, and once it is archived."""
    return later.to_count(g.db, board)
