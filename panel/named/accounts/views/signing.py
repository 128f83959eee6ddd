"""Signing in, signing out, and the password once more."""

from typing import Final

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import SignInNeeded, public, signed_in
from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts import queries
from panel.named.accounts.demo import sign_ins
from panel.named.accounts.factors.held import demanded
from panel.named.accounts.factors.second_step import WrongStep
from panel.named.accounts.forms import SignInForm, StepUpForm, StepUpTwiceForm
from panel.named.accounts.proving import WrongPassword
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.admission import FirstStep, admit
from panel.named.accounts.views.blueprint import (
    Page,
    browser,
    destination,
    forget_session,
    proved,
    second_step,
    shown,
    views,
)
from panel.named.accounts.views.entering import renew
from panel.named.accounts.views.second import ways
from panel.web.notices import done

_SIGNED_OUT: Final = "signed-out"
#: Without and with a second step: then one sentence for whatever was not right.
_WRONG: Final = {
    False: "Password is not right",
    True: "Password, code or passkey is not right. A code counts once, so wait for the next one",
}


@views.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """Address and password; then a session begins under a new token, or the second step."""
    form = SignInForm(request.form)
    if form.submitted():
        try:
            account = proved(form.email.data or "", form.password.data or "", Event.SIGN_IN_REFUSED)
            return admit(FirstStep(account, password=True))
        except WrongPassword as error:
            form.complain(error.message, about=form.email)
    at_force = config().single_sign_on is not None
    left = at_force and request.args.get("done") == _SIGNED_OUT
    return shown("sign_in", form, next=destination(), demo=sign_ins(config()), at_force=at_force, left=left)


@views.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session, here and in the table; the browser forgets what it kept."""
    forget_session()
    browser().end()
    response = done(_SIGNED_OUT, url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@views.route("/confirm-password", methods=["GET", "POST"])
@signed_in
def step_up(actor: Person) -> Page:
    """Password and second step again before an act that matters; the session goes on under a new token."""
    able = ways(actor.account)
    if not able["any"] and demanded(g.db, config(), actor.account):
        return _at_force()
    form = StepUpTwiceForm(request.form) if able["any"] else StepUpForm(request.form)
    if form.submitted():
        try:
            return renew(_proved_again(actor.account, form), destination())
        except (WrongPassword, WrongStep):
            form.complain(_WRONG[able["any"]], about=form.password)
    return shown("step_up", form, next=destination(), ways=able)


def _proved_again(account: AccountId, form: StepUpForm | StepUpTwiceForm) -> AccountId:
    email = queries.card(g.db, account).email
    proved(email, form.password.data or "", Event.STEP_UP_REFUSED)
    if isinstance(form, StepUpTwiceForm):
        second_step(account, form)
    return account


def _at_force() -> Response:
    """She has no second step here and needs one: it is asked for where it was at sign-in, or one is set up first."""
    if config().single_sign_on is None:
        raise SignInNeeded
    return redirect(url_for("sso.confirm", next=destination()))
