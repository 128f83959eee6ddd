"""Flask-Login, kept behind this room: it asks us for the person behind a token and holds no state of its own."""

from datetime import timedelta
from typing import Final, cast

from flask import Flask, Request, g, request, session
from flask_login import LoginManager, UserMixin

from panel.access import queries, service
from panel.access.actor import Actor, Person
from panel.kernel import clock
from panel.web.context import database, side
from panel.web.sessions import TokenSession

_TOUCH_AFTER: Final = timedelta(minutes=1)


class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """What Flask-Login calls the user: our actor, and how long ago the password was entered again."""

    def __init__(self, actor: Actor, stepped_up_ago: timedelta | None) -> None:
        self.actor = actor
        self._stepped_up_ago = stepped_up_ago

    def stepped_up(self, within: timedelta) -> bool:
        """Whether the password was entered again within that time."""
        return self._stepped_up_ago is not None and self._stepped_up_ago <= within

    def get_id(self) -> str:
        """The person's random id."""
        return str(self.actor.id)


def init_login(app: Flask) -> None:
    """Let Flask-Login find the person by the session token of each request."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load)
    app.teardown_request(_touch)


def _load(_request: Request) -> SignedIn | None:
    token = cast(TokenSession, session).token
    live = token and queries.live_session(g.db, token)
    if not live:
        return None
    if clock.now() - live.last_seen_at > _TOUCH_AFTER:
        g.session_to_touch = live.token_hash
    roles = queries.roles(g.db, live.marker)
    if side(request.blueprint) == "blind":
        return SignedIn(Actor(live.marker, roles), live.stepped_up_ago)
    account = queries.account_of(g.db, live.marker)
    return SignedIn(Person(live.marker, roles, account), live.stepped_up_ago)


def _touch(_error: BaseException | None) -> None:
    # after the request's own transaction, in one of its own: a page read must not hold a write lock
    token_hash = g.pop("session_to_touch", None)
    if token_hash is not None:
        with database().writing(side(request.blueprint)) as db:
            service.touch(db, token_hash)
