"""An administrator takes away the second step of somebody who has lost it."""

from flask import g, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId
from panel.named.accounts import people
from panel.named.accounts.factors import changing
from panel.named.accounts.factors.held import held
from panel.named.accounts.forms import ResetForm
from panel.named.accounts.queries import linked
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.blueprint import Page, noted, shown, views
from panel.web.notices import done


@views.route("/accounts/<marker:marker>/second-step", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@stepped_up
def reset_second_step(actor: Person, marker: MarkerId) -> Page:
    """The person is signed out and told; with the password she can set up another."""
    found, form = people.one(g.db, marker), ResetForm(request.form)
    has = held(g.db, found.card.id).any or linked(g.db, found.card.id)
    if form.submitted():
        if not has:
            raise Missing
        changing.reset(g.db, actor.id, found.card.id)
        noted(Event.SECOND_STEP_RESET, found.card.id)
        return done("second-step-reset", url_for("accounts.person", marker=marker))
    return shown("reset", form, person=found, has=has)
