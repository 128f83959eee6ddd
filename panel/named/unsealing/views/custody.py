"""A board's custody: every seat and whether it can be reached, who waits for one, and the drill."""

from collections.abc import Collection

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Malformed
from panel.kernel.ids import AccountId, BoardId
from panel.named.setup.queries import matching
from panel.named.unsealing import custody_queries, drilling, handing_over
from panel.named.unsealing.custody_forms import DismissForm, DrillForm, SuccessorForm
from panel.named.unsealing.reach import LIVE, SEATED, Strength
from panel.named.unsealing.views.blueprint import Page, page, views
from panel.sealed.vault.sharing import Side
from panel.web.notices import done


@views.app_template_global()
def custody_of(board: Board) -> Strength | None:
    """How strong a board's custody is: read by pages of lower rooms too, which know nothing of seats."""
    return custody_queries.strength(g.db, board)


@views.get("/boards/<board:board>/custody")
@requires(Role.HR, Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY, Role.AUDITOR)
def custody(actor: Person, board: BoardId) -> str:
    """Each seat: who sits there, the key in words, when it was proved, and whether it can be reached."""
    held = boards.board(g.db, board)
    return render_template(
        "named/unsealing/custody.html",
        board=held,
        custody=custody_queries.custody(g.db, held),
        roles=actor.roles_on(board),
        account=actor.account,
    )


@views.route("/boards/<board:board>/custody/drill", methods=["GET", "POST"])
@requires(Role.HR)
def drill(actor: Person, board: BoardId) -> Page:
    """HR asks every keyholder to prove by a day."""
    held, form = _at(board, LIVE), DrillForm(request.form, data={"by": today() + drilling.USUAL})
    if not form.submitted() or form.by.on is None:
        return page("drill", form, board=held)
    try:
        drilling.start(g.db, actor, board, form.by.on)
    except Invalid as refusal:
        form.complain(refusal.message, about=form.by)
        return page("drill", form, board=held)
    return done("drill-begun", url_for("unsealing.custody", board=board))


@views.route("/boards/<board:board>/custody/successor", methods=["GET", "POST"])
@requires(Role.HR)
def successor(actor: Person, board: BoardId) -> Page:
    """HR appoints somebody who is to take a seat over."""
    held, form = seated(board), SuccessorForm(request.form)
    if not form.submitted():
        return page("successor", form, board=held)
    found = matching(g.db, str(form.who.data))
    if len(found) != 1:
        many = "More than one account fits. Enter the email address or the staff number"
        none = "No account has this name, email address or staff number"
        form.complain(many if found else none, about=form.who)
        return page("successor", form, board=held)
    return _appoint(actor, held, found[0].id, form)


@views.post("/boards/<board:board>/custody/successor/remove")
@requires(Role.HR)
def dismiss(actor: Person, board: BoardId) -> Response:
    """End the part of somebody who has taken no seat."""
    form = DismissForm(request.form)
    if not form.submitted():
        raise Malformed
    handing_over.dismiss_successor(g.db, actor, board, AccountId.parse(str(form.account.data)))
    return done("successor-removed", url_for("unsealing.custody", board=board))


def seated(board: BoardId) -> Board:
    """The board while its seats can be handed over. Raises WrongStage."""
    return _at(board, SEATED)


def _at(board: BoardId, stages: Collection[Stage]) -> Board:
    held = boards.board(g.db, board)
    if held.stage not in stages:
        raise WrongStage
    return held


def _appoint(actor: Person, board: Board, account: AccountId, form: SuccessorForm) -> Page:
    try:
        handing_over.appoint_successor(g.db, actor, board.id, account, Side(str(form.side.data)))
    except Invalid as refusal:
        form.complain(refusal.message, about=form.who)
        return page("successor", form, board=board)
    return done("successor-appointed", url_for("unsealing.custody", board=board.id))
