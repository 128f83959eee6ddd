"""The blueprint of setting boards up, and what its pages share."""

from flask import Blueprint, g, render_template, request

from panel.board import queries as boards
from panel.board.framework import Framework
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.setup.queries import framework_of
from panel.web.forms import Form
from panel.web.revision import Revision

views = Blueprint("setup", __name__)

Page = tuple[str, int]


def draft(board: BoardId) -> Board:
    """The board, still a draft; ours alone while a form is being taken in. Raises Missing and WrongStage."""
    if request.method == "POST":
        return take(g.db, board, Stage.DRAFT)
    held = boards.board(g.db, board)
    if held.stage is not Stage.DRAFT:
        raise WrongStage
    return held


def chosen_framework(board: Board) -> Framework:
    """The framework the draft builds on. Raises Missing while none is chosen: no link leads here before."""
    framework = framework_of(g.db, board.policy)
    if framework is None:
        raise Missing
    return framework


def page(template: str, form: Form, **values: object) -> Page:
    """A form's page, with the status that its errors ask for."""
    status = 200 if request.method != "POST" else 409 if isinstance(form, Revision) and form.stale else 422
    return render_template(f"named/setup/{template}.html", form=form, **values), status
