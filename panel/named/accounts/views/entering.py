"""Who may be where between a first step and a whole sign-in, and the session that goes on after a change."""

from flask import g, redirect
from werkzeug.wrappers import Response

from panel.access import service as access
from panel.access.guards import SignInNeeded, anybody, demand_step_up
from panel.access.queries import live_session
from panel.kernel.encoding import digest
from panel.kernel.ids import AccountId
from panel.named.accounts import queries
from panel.named.accounts.factors import halfway
from panel.named.accounts.factors.halfway import Half
from panel.named.accounts.factors.held import held
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.blueprint import browser, noted


def begin_again(account: AccountId, *, stepped_up: bool = True) -> None:
    """After a change of what she signs in with: everywhere else she is signed out, and here she goes on.

    Raises SignInNeeded for an account that was closed meanwhile.
    """
    access.hold(g.db, account)
    if queries.ended(g.db, account):
        raise SignInNeeded
    halfway.end(g.db, browser().token)
    access.end_sessions_of(g.db, account)
    browser().begin(access.start_session(g.db, account, stepped_up=stepped_up))


def renew(account: AccountId, to: str) -> Response:
    """She has proved again who she is: the session goes on under a new token, and she where she wanted to be."""
    browser().begin(access.step_up(g.db, browser().token or ""))
    noted(Event.STEPPED_UP, account)
    return redirect(to, code=303)


def enrolling() -> AccountId:
    """Who may add a way of the second step now: somebody who has just confirmed, or who needs one to be let in at all.

    Whoever has one already and has not taken it may not: a new one would be a way past it. Raises SignInNeeded and
    StepUpNeeded.
    """
    person = anybody()
    if person is not None:
        demand_step_up()
        return person.account
    # of two who are halfway at once, the second finds what the first has set up
    access.hold(g.db, halfway_in().account)
    account = halfway_in().account
    if held(g.db, account).any:
        raise SignInNeeded
    return account


def here() -> bytes:
    """This sign-in, be it whole or half, and no other: the same after a step-up, and new once a half one is whole."""
    token = browser().token or ""
    live = live_session(g.db, token)
    return bytes(live.handle) if live else digest(token.encode())


def halfway_in() -> Half:
    """Who has taken the first step in this browser and nothing else yet. Raises SignInNeeded."""
    half = halfway.at(g.db, browser().token)
    if half is None:
        raise SignInNeeded
    return half
