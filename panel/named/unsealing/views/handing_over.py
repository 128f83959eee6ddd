"""A seat changes hands: by the leaver's own passphrase, or by her recovery code before two people."""

from flask import g, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up, stepped_up_to_begin
from panel.access.roles import Role
from panel.config import config
from panel.kernel.ids import BoardId
from panel.named.unsealing import custody_queries, queries
from panel.named.unsealing import handing_over as verbs
from panel.named.unsealing.custody_forms import HandOverForm, RecoverForm
from panel.named.unsealing.views.blueprint import Page, asking, page, views
from panel.named.unsealing.views.custody import seated
from panel.web.context import database
from panel.web.notices import done


@views.route("/boards/<board:board>/custody/hand-over", methods=["GET", "POST"])
@requires(Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY)
@stepped_up
def hand_over(actor: Person, board: BoardId) -> Page:
    """A keyholder gives her seat to a successor; her part on the board ends with it."""
    held, mine = seated(board), custody_queries.own_place(g.db, board, actor.account)
    waiting, form = custody_queries.waiting(g.db, board, mine.seat.side), HandOverForm(request.form)
    form.offer(waiting)
    ceremony = queries.open_ceremony(g.db, board)
    values = {"board": held, "mine": mine, "waiting": waiting, "ceremony": ceremony}
    if not form.submitted():
        return page("hand_over", form, **values)
    with asking(form):
        verbs.hand_over(database(), config(), actor, board, successor=form.to, passphrase=form.passphrase.data or "")
    # nothing of the board may be hers to see any more
    return page("hand_over", form, **values) if form.errors else done("seat-handed-over", url_for("accounts.home"))


@views.route("/boards/<board:board>/custody/recover", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up_to_begin
def recover_seat(actor: Person, board: BoardId) -> Page:
    """HR and a witness hand over the seat of somebody who cannot."""
    held, places = seated(board), custody_queries.places(g.db, board)
    waiting, form = custody_queries.waiting(g.db, board), RecoverForm(request.form)
    form.offer(waiting)
    form.seat(places, actor.account)
    values = {"board": held, "waiting": waiting, "ceremony": queries.open_ceremony(g.db, board)}
    if not form.submitted():
        return page("recover", form, **values)
    with asking(form):
        verbs.recover_seat(database(), config(), actor, board, form.recovery)
    back = url_for("unsealing.custody", board=board)
    return page("recover", form, **values) if form.errors else done("seat-handed-over", back)
