"""Links by which a password is set: asked for on the sign-in page, used once."""

from flask import g, request, url_for

from panel.access.guards import public
from panel.config import config
from panel.kernel.encoding import digest_of
from panel.kernel.ids import InvitationId
from panel.named.accounts import queries, service
from panel.named.accounts.forms import LinkForm, NewPasswordForm
from panel.named.accounts.password import WeakPassword
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.blueprint import Page, charged, noted, place, shown, views
from panel.web.notices import done

#: Links asked for in one hour from one place; a whole force may sit behind it.
_ASKED_FROM_ONE_PLACE = 100


@views.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> Page:
    """Ask for a link. What is shown is the same for addresses known and unknown."""
    form = LinkForm(request.form)
    if not form.submitted():
        return shown("forgotten", form)
    charged({digest_of({"links": place()}): _ASKED_FROM_ONE_PLACE})
    noted(Event.LINK_ASKED, service.ask_for_link(g.db, form.email.data or ""))
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
            return done("password-set", url_for("accounts.sign_in"))
    return shown("set_password", form, owner=owner)
