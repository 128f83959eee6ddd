"""The ceremony: what stands, who has released, and the acts of custodians and panel. Until it is done, no list."""

from typing import Any

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import Stage, WrongStage
from panel.config import config
from panel.kernel.ids import BoardId
from panel.named.unsealing import ceremony_queries, convening, later, queries
from panel.named.unsealing.child.checks import AlreadyUnsealed
from panel.named.unsealing.forms import AbortForm, BeginAgainForm, BeginForm, ReleaseForm
from panel.named.unsealing.occasion import OPENED
from panel.named.unsealing.views.aloud import shown
from panel.named.unsealing.views.blueprint import Page, asking, page, views
from panel.named.unsealing.views.refusals import refused
from panel.sealed.vault.opening import Unsound
from panel.web.context import database
from panel.web.notices import done


@views.get("/boards/<board:board>/ceremony")
@requires(Role.HR, Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY, Role.AUDITOR)
def ceremony(actor: Person, board: BoardId) -> str:
    """The count, the marks root, the head and how far the ceremony has come."""
    return render_template(
        "named/unsealing/ceremony.html",
        **_values(actor, board),
        roles=actor.roles_on(board),
        tried=queries.tried_too_often(g.db, board),
        ended=ceremony_queries.ended(g.db, board),
        refusal=ceremony_queries.last_refusal(g.db, board),
        needs=later.needs(g.db, config().keys, boards.board(g.db, board)),
    )


@views.route("/boards/<board:board>/ceremony/open", methods=["GET", "POST"])
@requires(Role.CUSTODIAN)
@stepped_up
def open_ceremony(actor: Person, board: BoardId) -> Page:
    """A custodian begins."""
    form = BeginForm(request.form).offer_aside(ceremony_queries.refused(g.db, board))
    values = _values(actor, board)
    if not form.submitted():
        return page("begin", form, **values)
    typed: dict[str, Any] = {"passphrase": form.passphrase.data or "", "exceptions": form.chosen()}
    with asking(form):
        convening.open_ceremony(database(), config(), actor, board, **typed)
    return page("begin", form, **values) if form.errors else _back("ceremony-opened", board)


@views.route("/boards/<board:board>/ceremony/again", methods=["GET", "POST"])
@requires(Role.CUSTODIAN)
@stepped_up
def open_again(actor: Person, board: BoardId) -> Page:
    """A custodian begins a later ceremony, once the names are open."""
    values = _values(actor, board)
    if values["board"].stage not in OPENED:
        raise WrongStage
    needs = later.needs(g.db, config().keys, values["board"])
    form, values = BeginAgainForm(request.form).offer(needs), {**values, "needs": needs}
    form.offer_aside(ceremony_queries.refused_since(g.db, board))
    if not form.submitted():
        return page("again", form, **values)
    typed: dict[str, Any] = {"passphrase": form.passphrase.data or "", "exceptions": form.chosen()}
    typed |= {"occasion": form.asked}
    with asking(form):
        convening.open_ceremony(database(), config(), actor, board, **typed)
    return page("again", form, **values) if form.errors else _back("ceremony-opened", board)


@views.route("/boards/<board:board>/ceremony/release", methods=["GET", "POST"])
@requires(Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY)
@stepped_up
def release(actor: Person, board: BoardId) -> Page:
    """A keyholder releases; the custodian who completes the quorum opens the names, and sees how it goes."""
    form, values = ReleaseForm(request.form), _values(actor, board)
    values["progress"].demand_current()
    if not form.submitted():
        form.mean(values["progress"].ceremony)
        return page("release", form, **values)
    typed = form.typed
    steps = None
    try:
        with asking(form):
            steps = convening.release_aloud(database(), config(), actor, board, **typed)
    except AlreadyUnsealed:
        return _back("open-already", board)
    except Unsound as refusal:
        return refused(refusal, board)
    if form.errors:
        return page("release", form, **values)
    return shown(steps, values["board"], form.occasion.data) if steps else _back("share-released", board)


@views.route("/boards/<board:board>/ceremony/abort", methods=["GET", "POST"])
@requires(Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY)
@stepped_up
def abort(actor: Person, board: BoardId) -> Page:
    """End a ceremony before it is finished."""
    form = AbortForm(request.form)
    if not form.submitted():
        return page("abort", form, **_values(actor, board))
    convening.abort(g.db, actor, board)
    return _back("ceremony-ended", board)


def _values(actor: Person, board: BoardId) -> dict[str, Any]:
    """What every page of the ceremony shows: where it stands, for whom, and who is needed."""
    progress = queries.progress(g.db, board, actor.account)
    if not progress.stage.reached(Stage.LOCKED):
        raise WrongStage
    holders = ceremony_queries.seat_holders(g.db, board, progress.standing)
    return {"board": boards.board(g.db, board), "progress": progress, "holders": holders}


def _back(notice: str, board: BoardId) -> Response:
    return done(notice, url_for("unsealing.ceremony", board=board))
