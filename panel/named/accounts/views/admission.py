"""From a proof of who somebody is to a session. Every completed first step goes through `admit`, whichever it was."""

from dataclasses import dataclass

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from panel.access import service as access
from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts import queries
from panel.named.accounts.factors import halfway
from panel.named.accounts.factors.held import demanded, held
from panel.named.accounts.proving import WrongPassword
from panel.named.accounts.security_log import Event
from panel.named.accounts.views import device
from panel.named.accounts.views.blueprint import browser, destination, forget_session, noted
from panel.web.notices import done


@dataclass(frozen=True)
class FirstStep:
    """Who somebody has shown to be. `next`: where she wanted to go, if the request itself does not say.

    `password`: by her own password, just now, which counts as a step-up too. `second_factor`: whether whoever proved it
    vouches that a second factor was asked for as well.
    """

    account: AccountId
    password: bool
    second_factor: bool = False
    next: str | None = None


def admit(step: FirstStep) -> Response:
    """The one way from a completed first step onward: to the session and where the person wanted to go, or to the
    second step of whoever has one or needs one, unless whoever proved the first vouches for it. Who has hers at her
    force alone is sent there: else whoever has her password could set up another here. Raises WrongPassword for an
    account that was closed meanwhile."""
    access.hold(g.db, step.account)
    if queries.card(g.db, step.account).state is not queries.State.ACTIVE:
        raise WrongPassword
    has = held(g.db, step.account).any
    if step.second_factor or not (has or demanded(g.db, config(), step.account)):
        return begin(step)
    if step.password and not has and _shows_it_at_her_force(step.account):
        return done("second-step-at-force", url_for("accounts.sign_in", next=destination()))
    forget_session()
    browser().begin(halfway.begin(g.db, step.account, password=step.password))
    page = "accounts.second_step" if has else "accounts.set_up"
    return redirect(url_for(page, next=step.next or destination()), code=303)


def _shows_it_at_her_force(account: AccountId) -> bool:
    at_force = config().single_sign_on
    vouches = at_force is not None and bool(at_force.second_factor)
    return vouches and at_force is not None and queries.linked(g.db, account, at_force.issuer)


def begin(step: FirstStep) -> Response:
    """The sign-in is whole: a session under a new token, in a browser that is known from now on."""
    forget_session()
    browser().begin(access.start_session(g.db, step.account, stepped_up=step.password))
    noted(Event.SIGNED_IN, step.account)
    device.remember(step.account)
    return redirect(step.next or destination(), code=303)
