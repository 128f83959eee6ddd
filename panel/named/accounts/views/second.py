"""The second step of signing in; and, for whoever needs one and has none, the way to one."""

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.guards import SignInNeeded, anybody, public
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId
from panel.named.accounts.factors import challenges, halfway, passkeys
from panel.named.accounts.factors.halfway import Half
from panel.named.accounts.factors.held import held
from panel.named.accounts.factors.second_step import WrongStep
from panel.named.accounts.forms import SecondStepForm
from panel.named.accounts.views import blueprint
from panel.named.accounts.views.admission import FirstStep, begin
from panel.named.accounts.views.blueprint import Page, browser, destination, shown, views
from panel.named.accounts.views.entering import enrolling, halfway_in
from panel.web.context import database


@views.route("/sign-in/second-step", methods=["GET", "POST"])
@public
def second_step() -> Page:
    """A code or a passkey; only then does a session begin."""
    if anybody():
        return redirect(url_for("accounts.home"))
    half = halfway_in()
    form = SecondStepForm(request.form)
    if form.submitted():
        try:
            return _entered(half, form)
        except WrongStep as error:
            form.refuse(error.message)
    return shown("second_step", form, next=destination(), ways=ways(half.account))


@views.post("/sign-in/passkey")
@public
def ask_passkey() -> Response:
    """What the page's script asks a passkey to sign, for this browser and once."""
    where = passkeys.site(config().base_url)
    if where is None:
        raise Missing
    account = _asking()
    challenge = challenges.draw(g.db, browser().token or "")
    return Response(passkeys.to_use(g.db, where, account, challenge), mimetype="application/json")


@views.get("/sign-in/set-up")
@public
def set_up() -> Page:
    """Which way of the second step to set up before anything else opens."""
    enrolling()
    if anybody():
        return redirect(url_for("accounts.security"))
    return render_template("named/accounts/set_up.html", next=destination(), site=passkeys.site(config().base_url))


def ways(account: AccountId) -> dict[str, bool]:
    """What the person can take the second step by, where she is now."""
    has = held(g.db, account)
    usable = bool(has.passkeys) and passkeys.site(config().base_url) is not None
    return {"any": has.any, "authenticator": has.authenticator, "passkey": usable, "codes": has.codes_left > 0}


def _entered(half: Half, form: SecondStepForm) -> Response:
    g.db.rollback()  # the attempt is counted in a transaction of its own
    if not halfway.charge(database(), browser().token):
        raise SignInNeeded
    blueprint.second_step(half.account, form)
    # gone by now if the password was changed, the second step reset or the account closed since the first step
    if not halfway.end(g.db, browser().token):
        raise SignInNeeded
    return begin(FirstStep(half.account, password=half.password))


def _asking() -> AccountId:
    person = anybody()
    return person.account if person else halfway_in().account
