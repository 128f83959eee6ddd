"""One's own account."""

from flask import g, render_template, request, url_for

from panel.access import service as access
from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.config import config
from panel.named.accounts import queries, service
from panel.named.accounts.factors.held import demanded, held
from panel.named.accounts.forms import ChangePasswordForm
from panel.named.accounts.password import WeakPassword
from panel.named.accounts.proving import WrongPassword
from panel.named.accounts.security_log import Event
from panel.named.accounts.views import device
from panel.named.accounts.views.blueprint import Page, browser, noted, proved, shown, views
from panel.web.notices import done


@views.get("/account")
@signed_in
def own(actor: Person) -> Page:
    """What the service knows of her."""
    at_force = config().single_sign_on
    linked = at_force is not None and queries.linked(g.db, actor.account, at_force.issuer)
    card = queries.card(g.db, actor.account)
    return render_template("named/accounts/own.html", card=card, at_force=at_force, linked=linked)


@views.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password(actor: Person) -> Page:
    """Change one's password; every other session ends."""
    form = ChangePasswordForm(request.form)
    if form.submitted():
        try:
            _change(actor, form)
            return done("password-changed", url_for("accounts.own"))
        except WrongPassword:
            form.complain("Current password is not right", about=form.current_password)
        except WeakPassword as error:
            form.complain(error.message, about=form.password)
    return shown("change_password", form)


def _change(actor: Person, form: ChangePasswordForm) -> None:
    card = queries.card(g.db, actor.account)
    proved(card.email, form.current_password.data or "", Event.STEP_UP_REFUSED)
    service.change_password(g.db, card, form.password.data or "", config().profile)
    # the password alone confirms nothing for who has a second step, or needs one and shows it elsewhere
    twice = held(g.db, card.id).any or demanded(g.db, config(), card.id)
    browser().begin(access.start_session(g.db, card.id, stepped_up=not twice))
    device.remember(card.id)
    noted(Event.PASSWORD_SET, card.id)
