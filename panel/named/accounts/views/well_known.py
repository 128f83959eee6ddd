"""Addresses that people and programs look for on every site: whom to tell of a weakness, where to change a password."""

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from panel.access.guards import public
from panel.config import config
from panel.kernel import clock
from panel.kernel.errors import Missing
from panel.named.accounts import security_contact
from panel.named.accounts.views.blueprint import views


@views.get(security_contact.PATH)
@public
def security_txt() -> Response:
    """Whom to tell of a weakness; not found unless the force has named somebody."""
    settings = config()
    if not settings.security_contact:
        raise Missing
    text = security_contact.security_txt(settings.security_contact, settings.base_url, clock.today())
    return Response(text, mimetype="text/plain")


@views.get("/.well-known/change-password")
@public
def change_password_here() -> AnyResponse:
    """Where password managers send people to change a password."""
    return redirect(url_for("accounts.change_password"), code=303)
