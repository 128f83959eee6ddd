"""From a proof of who somebody is to a session: at once, or by way of the second step."""

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from panel.access import service as access
from panel.access.guards import SignInNeeded, anybody, demand_step_up
from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts.factors import halfway
from panel.named.accounts.factors.held import demanded, held
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.blueprint import browser, destination, forget_session, noted


def enter(account: AccountId) -> Response:
    """After the first proof: a session, or, for whoever has a second step or needs one, only the way to it."""
    forget_session()
    has = held(g.db, account).any
    if not has and not demanded(g.db, config(), account):
        begin(account)
        return redirect(destination(), code=303)
    browser().begin(halfway.begin(g.db, account))
    page = "accounts.second_step" if has else "accounts.set_up"
    return redirect(url_for(page, next=destination()), code=303)


def begin(account: AccountId) -> None:
    """The session of somebody who has proved all that is asked of her, under a new token."""
    halfway.end(g.db, browser().token)
    browser().begin(access.start_session(g.db, account, stepped_up=True))
    noted(Event.SIGNED_IN, account)


def begin_again(account: AccountId) -> None:
    """After a change of what she signs in with: everywhere else she is signed out, and here she goes on."""
    halfway.end(g.db, browser().token)
    access.end_sessions_of(g.db, account)
    browser().begin(access.start_session(g.db, account, stepped_up=True))


def enrolling() -> AccountId:
    """Who may add a way of the second step now: somebody who has just confirmed, or who needs one to be let in at all.

    Whoever has one already and has not taken it may not: a new one would be a way past it. Raises SignInNeeded and
    StepUpNeeded.
    """
    person = anybody()
    if person is not None:
        demand_step_up()
        return person.account
    account = halfway_in()
    if held(g.db, account).any:
        raise SignInNeeded
    return account


def halfway_in() -> AccountId:
    """Who has given the password in this browser and nothing else yet. Raises SignInNeeded."""
    account = halfway.whose(g.db, browser().token)
    if account is None:
        raise SignInNeeded
    return account
