"""Signing in, signing out, and the password once more."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from panel.access import service as access
from panel.access.actor import Person
from panel.access.guards import public, signed_in
from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts import queries
from panel.named.accounts.demo import sign_ins
from panel.named.accounts.forms import SignInForm, StepUpForm
from panel.named.accounts.proving import WrongPassword
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.admission import FirstStep, admit
from panel.named.accounts.views.blueprint import (
    Page,
    browser,
    destination,
    forget_session,
    noted,
    proved,
    shown,
    views,
)
from panel.web.notices import done


@views.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """Address and password; a session begins under a new token."""
    form = SignInForm(request.form)
    if form.submitted():
        try:
            account = proved(form.email.data or "", form.password.data or "", Event.SIGN_IN_REFUSED)
            return admit(FirstStep(account, password=True))
        except WrongPassword as error:
            form.complain(error.message, about=form.email)
    at_force = config().single_sign_on is not None
    return shown("sign_in", form, next=destination(), demo=sign_ins(config()), at_force=at_force)


@views.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session, here and in the table; the browser forgets what it kept."""
    forget_session()
    browser().end()
    response = done("signed-out", url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@views.route("/confirm-password", methods=["GET", "POST"])
@signed_in
def step_up(actor: Person) -> Page:
    """The password again before an act that matters; the session goes on under a new token."""
    form = StepUpForm(request.form)
    if form.submitted():
        email = queries.card(g.db, actor.account).email
        try:
            return _renew(proved(email, form.password.data or "", Event.STEP_UP_REFUSED))
        except WrongPassword:
            form.complain("Password is not right", about=form.password)
    return shown("step_up", form, next=destination())


def _renew(account: AccountId) -> Response:
    browser().begin(access.step_up(g.db, browser().token or ""))
    noted(Event.STEPPED_UP, account)
    return redirect(destination(), code=303)
