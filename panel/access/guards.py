"""Guards: every view says who may. A view without one stops the start."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Flask, Response, g, redirect, request
from flask_login import current_user

from panel.access import queries
from panel.access.actor import Actor, Person
from panel.access.roles import Role
from panel.kernel.errors import Misconfigured, Missing, StepUpNeeded
from panel.kernel.ids import SYSTEM
from panel.web.errors import own_text, page

View = TypeVar("View", bound=Callable[..., Any])

#: Literal, since a process of the blind side has no such pages to make addresses of.
SIGN_IN: Final = "/sign-in"
STEP_UP: Final = "/confirm-password"
_GUARD: Final = "__panel_guard__"


class SignInNeeded(StepUpNeeded):
    """Nobody is signed in; a page leads to sign-in, a form is handed back so that no text is lost."""

    sentence = "You have been signed out. Sign in again to continue."


def public(view: View) -> View:
    """Open to everyone; the view receives no actor, and the page frame knows whether somebody is signed in."""

    @wraps(view)
    def guarded(**parameters: Any) -> Any:
        g.actor = current_user.actor if current_user.is_authenticated else None
        return view(**parameters)

    return _guarded(guarded, view, "public")


def unasked(view: View) -> View:
    """Open to whatever keeps the service running: nobody is asked for, and so no table of ours is read."""
    return _guarded(view, view, "unasked")


def signed_in(view: View) -> View:
    """Anyone who is signed in; the view receives the actor first."""

    @wraps(view)
    def guarded(**parameters: Any) -> Any:
        return view(actor(), **parameters)

    return _guarded(guarded, view, "signed in")


def requires(*roles: Role) -> Callable[[View], View]:
    """Holders of one of the roles on the board in the address (or on the system, if it has none); else 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**parameters: Any) -> Any:
            person, board = actor(), parameters.get("board", SYSTEM)
            if not any(person.may(role, board) for role in roles):
                raise Missing
            return view(person, **parameters)

        return _guarded(guarded, view, " or ".join(role.value for role in roles))

    return decorate


def stepped_up(view: View) -> View:
    """Below `requires`: the password must have been entered within the last five minutes. Raises StepUpNeeded."""
    return _stepped_up(view, lambda: queries.STEP_UP)


def stepped_up_to_begin(view: View) -> View:
    """The same for a form that several people fill in: half an hour is enough once it is sent. Raises StepUpNeeded."""
    return _stepped_up(view, lambda: queries.STEP_UP_TOGETHER if request.method == "POST" else queries.STEP_UP)


def _stepped_up(view: View, within: Callable[[], timedelta]) -> View:
    @wraps(view)
    def guarded(*parameters: Any, **named: Any) -> Any:
        if not current_user.stepped_up(within()):
            raise StepUpNeeded
        return view(*parameters, **named)

    return cast(View, guarded)


def actor() -> Actor:
    """Who is asking. Raises SignInNeeded."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    g.actor = current_user.actor
    return cast(Actor, g.actor)


def person() -> Person:
    """Who is asking, on the named side. Raises SignInNeeded."""
    return cast(Person, actor())


def anybody() -> Person | None:
    """Who is asking on a public page of the named side, if anybody is signed in."""
    return person() if current_user.is_authenticated else None


def demand_step_up() -> None:
    """The password must have been entered within the last five minutes. Raises StepUpNeeded."""
    if not current_user.stepped_up(queries.STEP_UP):
        raise StepUpNeeded


def demand_guards(app: Flask) -> None:
    """Refuse to start when a view says nothing of who may. Raises Misconfigured."""
    bare = [name for name, view in app.view_functions.items() if name != "static" and not guard_of(view)]
    if bare:
        raise Misconfigured(f"These views have no guard: {', '.join(sorted(bare))}.")


def guard_of(view: Callable[..., Any]) -> str:
    """What a view's guard asks for, in words; empty if it has none."""
    return cast(str, getattr(view, _GUARD, ""))


def to_sign_in(error: SignInNeeded) -> Response | tuple[str, int]:
    """Lead to sign-in and back again; but hand back what somebody typed until her session ended."""
    typed = own_text()
    # autosave asks for JSON, keeps its page and takes a redirect for having been signed out
    if typed and request.accept_mimetypes.best != "application/json":
        return page(403, error.message, (), typed)
    return cast(Response, redirect(f"{SIGN_IN}?next={request.path}"))


def to_step_up(_error: StepUpNeeded) -> Response:
    """Lead to the password page and back to the page that asked, never to a form's target."""
    return cast(Response, redirect(f"{STEP_UP}?next={request.path}"))


def _guarded(guarded: Callable[..., Any], view: View, guard: str) -> View:
    setattr(guarded, _GUARD, guard)
    return cast(View, guarded)
