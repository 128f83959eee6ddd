"""A chair or deputy whom a candidate declared has no page on that board where answers are decided about."""

from flask import g, request

from panel.access.guards import actor
from panel.access.roles import Role
from panel.blind.moderation.queries import leading


def stand_aside() -> None:
    """Before a page about a board's texts. Raises Missing for a declared leader, as for a stranger.

    Those pages belong to submissions, which know no exclusions: the application puts this in front of them.
    """
    board = (request.view_args or {}).get("board")
    person = actor()
    if board is not None and {Role.CHAIR, Role.DEPUTY} & person.roles_on(board):
        leading(g.db, board, person)
