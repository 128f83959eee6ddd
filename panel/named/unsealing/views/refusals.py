"""The page of a check that refused: which, in plain words, and the numbers it is about; never a name."""

from flask import g, render_template

from panel.board import queries as boards
from panel.kernel.ids import BoardId
from panel.named.unsealing.views.blueprint import Page
from panel.sealed.vault.opening import Unsound


def refused(refusal: Unsound, board: BoardId) -> Page:
    """Nothing was opened, and what to do."""
    held = boards.board(g.db, board)
    return render_template("named/unsealing/refused.html", refusal=refusal, board=held), 409
