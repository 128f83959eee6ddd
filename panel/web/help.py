"""Help pages: the same for everyone, signed in or not; they read no table."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, render_template

from panel.kernel.errors import Missing
from panel.web.threats import THREATS
from panel.web.who_sees import ROLES

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]

#: Address, title and one line about each page, in the order shown.
PAGES: Final[dict[str, tuple[str, str]]] = {
    "sealed": ("How we keep names sealed", "Who holds the keys, what you can check, and what cannot be promised"),
    "who-sees-what": ("Who sees what", "What each person can see at each stage of a board"),
    "candidates": ("Help for candidates", "Applying, your receipt code, changing your mind, results"),
    "markers": (
        "Help for panel members",
        "Training, marking one answer at a time, what to do if you recognise one",
    ),
    "keyholders": ("Help for custodians, chairs and deputies", "Your passphrase, your recovery sheet and the ceremony"),
    "accessibility": (
        "Accessibility statement",
        "How accessible this service is, and what to do about a problem",
    ),
    "privacy": ("Privacy and cookies", "What is kept about you, why, and for how long"),
}


def pages(public: Guard) -> Blueprint:
    """The blueprint of the help pages. `public` is the guard that lets everyone in, from access above this room."""
    views = Blueprint("help", __name__, url_prefix="/help")

    @views.get("")
    @public
    def index() -> str:
        return render_template("help/index.html", pages=PAGES)

    @views.get("/<slug:page>")
    @public
    def page(page: str) -> str:
        if page not in PAGES:
            raise Missing
        known = {"title": PAGES[page][0], "pages": PAGES, "roles": ROLES, "threats": THREATS}
        return render_template(f"help/{page}.html", **known)

    return views
