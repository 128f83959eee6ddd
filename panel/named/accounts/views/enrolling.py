"""Adding a way of the second step: an authenticator app or a passkey. Also open to who needs one to be let in."""

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.guards import anybody, public
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId
from panel.named.accounts import queries
from panel.named.accounts.factors import authenticator, challenges, changing, halfway, passkeys, qr, totp
from panel.named.accounts.factors.held import held
from panel.named.accounts.factors.passkeys import Site
from panel.named.accounts.forms import FirstCodeForm, PasskeyForm
from panel.named.accounts.letters import SERVICE
from panel.named.accounts.security_log import Event
from panel.named.accounts.views import device
from panel.named.accounts.views.blueprint import Page, browser, destination, noted, shown, views
from panel.named.accounts.views.entering import begin_again, enrolling, here
from panel.web.context import database
from panel.web.forms import Act
from panel.web.notices import done


@views.route("/account/security/authenticator", methods=["GET", "POST"])
@public
def add_authenticator() -> Page:
    """The secret to put into an app, and the first code that shows it is there."""
    account = enrolling()
    secret = authenticator.offered(g.db, config().keys, account, here())
    form = FirstCodeForm(request.form)
    if secret is None:
        return shown("begin_authenticator", Act(), next=destination(), has=held(g.db, account), half=anybody() is None)
    if form.submitted():
        try:
            authenticator.prove(g.db, config().keys, account, form.code.data or "", here())
            return _added(account)
        except authenticator.NotYet as error:
            form.complain(error.message, about=form.code)
    link = totp.link(secret, queries.card(g.db, account).email, SERVICE)
    spelled = totp.spelled(secret)
    groups = [spelled[at : at + 4] for at in range(0, len(spelled), 4)]
    return shown("authenticator", form, link=link, groups=groups, next=destination(), half=anybody() is None)


@views.post("/account/security/authenticator/secret")
@public
def draw_authenticator() -> Response:
    """Draw the secret that the next page shows."""
    authenticator.offer(g.db, config().keys, enrolling(), here())
    return redirect(url_for("accounts.add_authenticator", next=destination()), code=303)


@views.get("/account/security/authenticator/qr")
@public
def authenticator_qr() -> Response:
    """The same as a QR code, while it waits for its first code."""
    account = enrolling()
    secret = authenticator.offered(g.db, config().keys, account, here())
    if secret is None:
        raise Missing
    drawn = qr.drawn(totp.link(secret, queries.card(g.db, account).email, SERVICE))
    return Response(drawn, mimetype="image/svg+xml")


@views.route("/account/security/passkeys", methods=["GET", "POST"])
@public
def add_passkey() -> Page:
    """A new passkey under a name; the page's script makes it."""
    account, where, form = enrolling(), _site(), PasskeyForm(request.form)
    if form.submitted():
        answer, name = form.passkey.data or "", form.name.data or ""
        g.db.rollback()  # what the passkey signed is forgotten in a transaction of its own
        challenge = challenges.take(database(), browser().token or "")
        account = enrolling()
        try:
            passkeys.register(g.db, where, account, name, answer, challenge)
            return _added(account)
        except (passkeys.NotRegistered, passkeys.TooMany) as error:
            form.complain(error.message)
    return shown("add_passkey", form, next=destination(), half=anybody() is None)


@views.post("/account/security/passkeys/options")
@public
def passkey_options() -> Response:
    """What the page's script makes a passkey from, for this browser and once."""
    account, where = enrolling(), _site()
    challenge = challenges.draw(g.db, browser().token or "")
    email = queries.card(g.db, account).email
    options = passkeys.to_register(g.db, where, account, email, challenge)
    return Response(options, mimetype="application/json")


def _added(account: AccountId) -> Page:
    """With the first way come recovery codes; who needed it to be let in is in now."""
    codes, half = changing.added(g.db, account), halfway.at(g.db, browser().token)
    begin_again(account, stepped_up=half is None or half.password)
    noted(Event.SECOND_STEP_ADDED, account)
    if half:
        noted(Event.SIGNED_IN, account)
        device.remember(account)
    onward = destination() if half else url_for("accounts.security")
    if codes:
        return render_template("named/accounts/codes.html", codes=codes, onward=onward)
    return done("second-step-added", onward)


def _site() -> Site:
    """Raises Missing where no passkey can be made."""
    where = passkeys.site(config().base_url)
    if where is None:
        raise Missing
    return where
