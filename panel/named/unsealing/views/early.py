"""One envelope opened early: what it means, the sitting, and the name for the custodian who asked."""

from typing import Any

from flask import g, render_template, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up, stepped_up_to_begin
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import UNOPENED, Stage, WrongStage
from panel.board.queries import Board
from panel.config import config
from panel.kernel.ids import BoardId, Number
from panel.named.unsealing import ceremony_queries, early, queries
from panel.named.unsealing.early_opening import open_early
from panel.named.unsealing.forms import SittingForm
from panel.named.unsealing.views.blueprint import Page, asking, page, views
from panel.named.unsealing.views.refusals import refused
from panel.sealed.vault.opening import Unsound
from panel.web.context import database
from panel.web.notices import done


@views.get("/boards/<board:board>/early")
@requires(Role.CUSTODIAN)
def early_openings(actor: Person, board: BoardId) -> str:
    """What it takes and what it costs; and what this custodian has asked for."""
    held = _closed(board)
    return render_template(
        "named/unsealing/early.html",
        board=held,
        openings=early.asked(g.db, actor, board),
        may=held.stage in UNOPENED,
        standing=queries.standing(g.db, board, None),
    )


@views.route("/boards/<board:board>/early/sitting", methods=["GET", "POST"])
@requires(Role.CUSTODIAN)
@stepped_up_to_begin
def sitting(actor: Person, board: BoardId) -> Page:
    """Everybody types a passphrase into this one page."""
    held = _closed(board)
    if held.stage not in UNOPENED:
        raise WrongStage
    form, values = _boxes(actor, held)
    if not form.submitted():
        return page("sitting", form, **values)
    try:
        with asking(form):
            open_early(database(), config(), actor, board, **form.asked)
    except Unsound as refusal:
        return refused(refusal, board)
    if form.errors:
        return page("sitting", form, **values)
    # not to the name itself: the chair and the others are still in the room
    return done("envelope-opened", url_for("unsealing.early_openings", board=board))


@views.get("/boards/<board:board>/early/<number:number>")
@requires(Role.CUSTODIAN)
@stepped_up
def early_name(actor: Person, board: BoardId, number: Number) -> str:
    """The one name, for her alone."""
    person = early.name(g.db, config().keys, actor, board, number)
    return render_template("named/unsealing/early_name.html", board=boards.board(g.db, board), person=person)


def _boxes(actor: Person, board: Board) -> tuple[SittingForm, dict[str, Any]]:
    """The form with a box for everybody whose share is not lost, and what its page shows beside it."""
    standing = queries.standing(g.db, board.id, None)
    here = [each for each in ceremony_queries.seat_holders(g.db, board.id, standing) if not each.lost]
    mine = queries.seats(g.db, actor.account).get(board.id)
    return SittingForm.around(here)(request.form), {"board": board, "standing": standing, "mine": mine}


def _closed(board: BoardId) -> Board:
    held = boards.board(g.db, board)
    if not held.stage.reached(Stage.CLOSED) or held.stage.reached(Stage.ARCHIVED):
        raise WrongStage
    return held
