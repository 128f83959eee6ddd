"""Where one is signed in, and ending it. On both sides at once: either asks the same table at every request."""

from flask import g, request, url_for

from panel.access import queries, service
from panel.access.actor import Person
from panel.access.guards import signed_in, stepped_up
from panel.kernel.errors import Malformed
from panel.kernel.ids import SignInId
from panel.named.accounts import devices
from panel.named.accounts.forms import EndSignInForm
from panel.named.accounts.security_log import Event
from panel.named.accounts.views import device
from panel.named.accounts.views.blueprint import Page, browser, noted, shown, views
from panel.web.notices import done


@views.route("/account/sign-ins", methods=["GET", "POST"])
@signed_in
@stepped_up
def sign_ins(actor: Person) -> Page:
    """One's own sign-ins by when they began and were last used, and the ending of one or of all others."""
    here = queries.live_session(g.db, browser().token or "")
    own = here and here.handle
    form = EndSignInForm(request.form)
    if form.submitted() and own:
        which = form.which.data or ""
        try:
            handle = SignInId.parse(which) if which != form.OTHERS else None
        except Malformed as error:
            form.complain(error.message)
        else:
            return _ended(actor, own, handle)
    return shown("sign_ins", form, own=own, sign_ins=queries.sign_ins(g.db, actor.id))


def _ended(actor: Person, own: SignInId, handle: SignInId | None) -> Page:
    if handle is None:
        service.end_other_sign_ins(g.db, actor.id, own)
        devices.forget(g.db, actor.account, but=device.shown())
    elif handle != own:
        service.end_sign_in(g.db, actor.id, handle)
    noted(Event.SIGN_IN_ENDED, actor.account)
    return done("sign-ins-ended" if handle is None else "sign-in-ended", url_for("accounts.sign_ins"))
