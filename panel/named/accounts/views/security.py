"""Sign-in and security: what one signs in with, and how it changes."""

from flask import g, render_template, request, url_for

from panel.access.actor import Person
from panel.access.guards import signed_in, stepped_up
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, PasskeyId
from panel.named.accounts.factors import changing, passkeys
from panel.named.accounts.factors.held import demanded, held
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.blueprint import Page, noted, shown, views
from panel.named.accounts.views.entering import begin_again
from panel.web.forms import Act
from panel.web.notices import done


@views.get("/account/security")
@signed_in
def security(actor: Person) -> str:
    """Password, app, passkeys and recovery codes, each with its state and what can be done."""
    return render_template(
        "named/accounts/security.html",
        held=held(g.db, actor.account),
        demanded=demanded(g.db, config(), actor.account),
        site=passkeys.site(config().base_url),
        most=passkeys.MOST,
    )


@views.route("/account/security/recovery-codes", methods=["GET", "POST"])
@signed_in
@stepped_up
def recovery_codes(actor: Person) -> Page:
    """How many are left, and ten new ones in place of the old; shown once."""
    has, form = held(g.db, actor.account), Act(request.form)
    if not has.any:
        raise Missing
    if not form.submitted():
        return shown("recovery_codes", form, held=has)
    codes = changing.new_codes(g.db, actor.account)
    noted(Event.RECOVERY_CODES_MADE, actor.account)
    return render_template("named/accounts/codes.html", codes=codes, onward=url_for("accounts.security"))


@views.route("/account/security/authenticator/remove", methods=["GET", "POST"])
@signed_in
@stepped_up
def remove_authenticator(actor: Person) -> Page:
    """Give up the app."""
    if not held(g.db, actor.account).authenticator:
        raise Missing
    form = Act(request.form)
    if form.submitted():
        try:
            changing.remove_authenticator(g.db, config(), actor.account)
            return _removed(actor.account)
        except changing.LastWay as error:
            form.complain(error.message)
    return shown("remove_way", form, name="your authenticator app")


@views.route("/account/security/passkeys/<passkey:passkey>/remove", methods=["GET", "POST"])
@signed_in
@stepped_up
def remove_passkey(actor: Person, passkey: PasskeyId) -> Page:
    """Give up a passkey of one's own."""
    found, form = held(g.db, actor.account).passkey(passkey), Act(request.form)
    if form.submitted():
        try:
            changing.remove_passkey(g.db, config(), actor.account, passkey)
            return _removed(actor.account)
        except changing.LastWay as error:
            form.complain(error.message)
    return shown("remove_way", form, name=f"the passkey {found.name}")


def _removed(account: AccountId) -> Page:
    begin_again(account)
    noted(Event.SECOND_STEP_REMOVED, account)
    return done("second-step-removed", url_for("accounts.security"))
