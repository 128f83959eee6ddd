"""Links by which a password is set: asked for on the sign-in page, used once."""

from flask import g, request, url_for

from panel.access.guards import public
from panel.config import config
from panel.kernel.ids import InvitationId
from panel.named.accounts import link_asking, queries, service
from panel.named.accounts.forms import LinkForm, NewPasswordForm
from panel.named.accounts.password import WeakPassword
from panel.named.accounts.security_log import Event
from panel.named.accounts.throttle import limits_on
from panel.named.accounts.views import device
from panel.named.accounts.views.blueprint import Page, charged, known_browser, noted, place, shown, views
from panel.web.notices import done


@views.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> Page:
    """Ask for a link. What is shown is the same for addresses known and unknown."""
    form = LinkForm(request.form)
    if not form.submitted():
        return shown("forgotten", form)
    email = form.email.data or ""
    charged(limits_on("links", place(), known_browser()))
    link_asking.ask(g.db, email)
    found = queries.by_email(g.db, email)
    noted(Event.LINK_ASKED, found.id if found else None)
    return shown("link_asked", form)


@views.route("/invitation/<invitation:token>", methods=["GET", "POST"])
@public
def set_password(token: InvitationId) -> Page:
    """Set a password with a link; not found once it was used or is seven days old."""
    owner = queries.invited(g.db, token)
    form = NewPasswordForm(request.form)
    if form.submitted():
        try:
            service.set_password(g.db, token, form.password.data or "", config().profile)
        except WeakPassword as error:
            form.complain(error.message, about=form.password)
        else:
            noted(Event.PASSWORD_SET, owner.id)
            # the link has proved her mailbox: no guesser elsewhere holds her up in this browser
            device.remember(owner.id)
            return done("password-set", url_for("accounts.sign_in"))
    return shown("set_password", form, owner=owner)
