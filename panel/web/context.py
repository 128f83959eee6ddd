"""One Session per request, on the engine of the side that the page belongs to."""

from typing import Final, cast

from flask import Flask, Response, current_app, g, request

from panel.kernel.database import Database, Side

#: The methods that change nothing.
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def init_context(app: Flask, database: Database, sides: dict[str, Side]) -> None:
    """`sides`: the side of each blueprint, by its name; what is not listed is named."""
    app.extensions["panel.database"] = database
    app.extensions["panel.sides"] = sides
    app.before_request(_open)
    app.after_request(_settle)
    app.teardown_request(_close)


def database() -> Database:
    """The installation's database, for a verb that needs a transaction of its own."""
    return cast(Database, current_app.extensions["panel.database"])


def side(blueprint: str | None) -> Side:
    """Which side a blueprint belongs to; pages outside any (404s) take the side this process has."""
    sides = cast(dict[str, Side], current_app.extensions["panel.sides"])
    return sides.get(blueprint or "", database().default_side)


def write() -> None:
    """From here on this request may write, though it is a GET: the answer of an identity provider comes as one."""
    g.db.close()
    g.db = database().session(side(request.blueprint), writes=True)


def _open() -> None:
    g.db = database().session(side(request.blueprint), writes=request.method not in SAFE)


def _settle(response: Response) -> Response:
    # a page that ends in an error keeps nothing; a verb that must keep something (an attempt counted) commits it
    if "db" in g:
        if response.status_code < 400:  # noqa: PLR2004 - the border between success and error
            g.db.commit()
        else:
            g.db.rollback()
    return response


def _close(_error: BaseException | None) -> None:
    db = g.pop("db", None)
    if db is not None:
        db.close()
