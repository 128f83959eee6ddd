"""The blueprint that the pages of accounts register on, and what several of them do."""

from typing import cast

from flask import Blueprint, current_app, g, render_template, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from panel.access.queries import account_of, live_session
from panel.access.service import end_session
from panel.config import config
from panel.kernel.ids import AccountId
from panel.named.accounts import devices, proving
from panel.named.accounts.destination import safe
from panel.named.accounts.factors import halfway
from panel.named.accounts.factors.passkeys import site
from panel.named.accounts.factors.second_step import Offered, Way, WrongStep, take
from panel.named.accounts.forms import SecondStepForm
from panel.named.accounts.security_log import Event, note
from panel.named.accounts.throttle import TooManyAttempts
from panel.named.accounts.views import device
from panel.web.context import database
from panel.web.forms import Form
from panel.web.revision import Revision
from panel.web.sessions import TokenSession

views = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int]

_CONFLICT, _UNPROCESSABLE = 409, 422


def shown(page: str, form: Form, **values: object) -> Page:
    """A page with a form: 422 once something in it was refused, 409 if it was changed meanwhile."""
    html = render_template(f"named/accounts/{page}.html", form=form, **values)
    if not form.errors:
        return html
    return html, _CONFLICT if isinstance(form, Revision) and form.stale else _UNPROCESSABLE


def proved(email: str, password: str, refused: Event) -> AccountId:
    """Whose password it is. Raises WrongPassword and TooManyAttempts, both noted in the security log."""
    _release()
    offered = proving.Proof(email, password, place(), session=browser().token or "", device=device.shown())
    try:
        return proving.prove(database(), offered, config().profile)
    except (proving.WrongPassword, TooManyAttempts) as error:
        event = Event.THROTTLED if isinstance(error, TooManyAttempts) else refused
        noted(event, proving.owner(database(), email))
        raise


def second_step(account: AccountId, form: SecondStepForm) -> None:
    """Use up the code or passkey that the form brings. Raises WrongStep and TooManyAttempts, both noted."""
    _release()
    offered = Offered(form.code.data or "", form.passkey.data or "", browser().token or "", place(), _known_to(account))
    _release()
    try:
        way = take(database(), config().keys, site(config().base_url), account, offered)
    except (WrongStep, TooManyAttempts) as error:
        noted(Event.THROTTLED if isinstance(error, TooManyAttempts) else Event.SECOND_STEP_REFUSED, account)
        raise
    if way is Way.RECOVERY_CODE:
        noted(Event.RECOVERY_CODE_USED, account)


def _known_to(account: AccountId) -> bytes | None:
    """By what attempts are counted where she is signed in now, or has been; None in a browser that is new to her."""
    live = live_session(g.db, browser().token or "")
    if live and account_of(g.db, live.marker) == account:
        return live.handle
    return devices.known(g.db, device.shown(), account)


def charged(allowed: dict[bytes, int]) -> None:
    """Count one attempt under each key. Raises TooManyAttempts."""
    _release()
    proving.charge(database(), allowed)


def known_browser() -> bytes | None:
    """By what attempts of this browser are counted, if somebody has signed in in it before."""
    return devices.known(g.db, device.shown())


def _release() -> None:
    # the request's own transaction would hold the only write lock of SQLite while the attempt is charged in another
    g.db.rollback()


def place() -> str:
    """The network address the request comes from."""
    return request.remote_addr or "unknown"


def noted(event: Event, who: AccountId | None) -> None:
    """Write to the security log."""
    note(config().instance, event, who=who, place=place())


def browser() -> TokenSession:
    """The token of the browser that asks."""
    return cast(TokenSession, session)


def forget_session() -> None:
    """End the session this browser has or is halfway into: a token never outlives a change of who holds it."""
    token = browser().token
    if token:
        end_session(g.db, token)
        halfway.end(g.db, token)


def destination() -> str:
    """The page of ours that was asked for before the password was, or the home page."""
    return safe(request.form.get("next") or request.args.get("next"), _opens)


def _opens(path: str) -> bool:
    if path.startswith("/sign-in"):  # no way on for who is in
        return False
    pages = current_app.create_url_adapter(request)
    try:
        return pages is not None and bool(pages.match(path, method="GET"))
    except (HTTPException, RequestRedirect):
        return False
