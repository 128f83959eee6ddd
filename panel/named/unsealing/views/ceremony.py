"""The ceremony: what stands, who has released, and the acts of custodians and panel. Until it is done, no list."""

from flask import g, render_template, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import Stage, WrongStage
from panel.config import config
from panel.kernel.ids import BoardId
from panel.named.unsealing import queries, service
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.forms import AbortForm, PassphraseForm, ReleaseForm
from panel.named.unsealing.queries import Progress
from panel.named.unsealing.views.blueprint import Page, asking, page, views
from panel.sealed.vault.opening import Unsound
from panel.web.context import database
from panel.web.notices import done

_DONE = {Act.RELEASE: "share-released", Act.FINISH: "board-unsealed"}


@views.get("/boards/<board:board>/ceremony")
@requires(Role.HR, Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY, Role.AUDITOR)
def ceremony(actor: Person, board: BoardId) -> str:
    """The count, the marks root, the head and how far the ceremony has come."""
    return render_template(
        "named/unsealing/ceremony.html",
        board=boards.board(g.db, board),
        progress=_progress(actor, board),
        roles=actor.roles_on(board),
        tried=queries.tried_too_often(g.db, board),
    )


@views.route("/boards/<board:board>/ceremony/open", methods=["GET", "POST"])
@requires(Role.CUSTODIAN)
@stepped_up
def open_ceremony(actor: Person, board: BoardId) -> Page:
    """A custodian begins."""
    form = PassphraseForm(request.form)
    values = {"board": boards.board(g.db, board), "progress": _progress(actor, board)}
    if not form.submitted():
        return page("begin", form, **values)
    with asking(form):
        service.open_ceremony(database(), config(), actor, board, passphrase=form.passphrase.data or "")
    return page("begin", form, **values) if form.errors else _back("ceremony-opened", board)


@views.route("/boards/<board:board>/ceremony/release", methods=["GET", "POST"])
@requires(Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY)
@stepped_up
def release(actor: Person, board: BoardId) -> Page:
    """A keyholder releases; the custodian who completes the quorum opens the names."""
    form, progress = ReleaseForm(request.form), _progress(actor, board)
    progress.demand_current()
    values = {"board": boards.board(g.db, board), "progress": progress}
    if not form.submitted():
        return page("release", form, **values)
    act, typed = Act.WAIT, {"words": form.words.data or "", "passphrase": form.passphrase.data or ""}
    try:
        with asking(form):
            act = service.release(database(), config(), actor, board, **typed)
    except Unsound as refusal:
        return render_template("named/unsealing/refused.html", refusal=refusal, **values), 409
    return page("release", form, **values) if form.errors else _back(_DONE[act], board)


@views.route("/boards/<board:board>/ceremony/abort", methods=["GET", "POST"])
@requires(Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY)
@stepped_up
def abort(actor: Person, board: BoardId) -> Page:
    """End a ceremony before it is finished."""
    form = AbortForm(request.form)
    if not form.submitted():
        return page("abort", form, board=boards.board(g.db, board), progress=_progress(actor, board))
    service.abort(g.db, actor, board)
    return _back("ceremony-ended", board)


def _progress(actor: Person, board: BoardId) -> Progress:
    found = queries.progress(g.db, board, actor.account)
    if not found.stage.reached(Stage.LOCKED):
        raise WrongStage
    return found


def _back(notice: str, board: BoardId) -> Page:
    return done(notice, url_for("unsealing.ceremony", board=board))
