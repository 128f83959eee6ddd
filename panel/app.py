"""The wiring: one application, made of every feature's views, or of one side's alone."""

import sqlite3
from functools import partial
from importlib import import_module
from typing import Final

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from migrations.current import migrated, newest
from panel.access.guards import SignInNeeded, demand_guards, public, to_sign_in, to_step_up, unasked
from panel.access.login import init_login
from panel.blind.moderation.standing_aside import stand_aside
from panel.blind.training.desk import PracticeShut
from panel.blind.training.gate import NotQualified
from panel.blind.training.refusals import refused
from panel.config import ROOT, Config, Sides
from panel.kernel.database import Database, Side
from panel.kernel.errors import StepUpNeeded
from panel.web.assets import address
from panel.web.context import database as running
from panel.web.context import init_context
from panel.web.converters import init_converters
from panel.web.csrf import init_csrf
from panel.web.errors import init_errors
from panel.web.frame import init_frame
from panel.web.headers import init_headers
from panel.web.help import pages
from panel.web.logs import init_logs
from panel.web.probes import probes
from panel.web.sessions import TokenSessions

NAMED: Final = ("accounts", "intake", "setup", "courses", "register", "unsealing", "results", "monitoring", "oversight")
BLIND: Final = ("submissions", "training", "marking", "moderation", "merit", "consistency")
LARGEST_FORM: Final = 512 * 1024
_MOST_FIELDS: Final = 400


def create_app(config: Config, database: Database | None = None, side: Sides = "both") -> Flask:
    """The application. With `side` it serves only that side's pages, from only that side's credentials."""
    static = ROOT / "panel" / "static"
    app = Flask(
        "panel.app",
        template_folder=str(ROOT / "templates"),
        static_folder=str(static),
        static_url_path=address(static),
    )
    app.extensions["panel.config"] = config
    app.session_interface = TokenSessions(secure=config.secure_cookies)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM, MAX_FORM_PARTS=_MOST_FIELDS)
    # a page answers what it is asked for by its links and forms, and says of no address what else it would
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["TRUSTED_HOSTS"] = list(config.trusted_hosts) or None
    app.jinja_env.undefined = StrictUndefined
    init_logs()
    init_converters(app)
    sides = _register(app, config, side) | _register_probes(app, side)
    init_context(app, database or config.database(side), sides)
    init_csrf(app)
    init_headers(app, tls=config.secure_cookies)
    init_frame(app)
    init_errors(app)
    init_login(app)
    for shut in (NotQualified, PracticeShut):
        app.register_error_handler(shut, refused)
    app.register_error_handler(StepUpNeeded, to_step_up)
    app.register_error_handler(SignInNeeded, to_sign_in)
    demand_guards(app)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _register(app: Flask, config: Config, side: Sides) -> dict[str, Side]:
    sides: dict[str, Side] = {}
    rooms: tuple[tuple[Side, tuple[str, ...]], ...] = (("named", NAMED), ("blind", BLIND))
    for room, features in rooms:
        for feature in features if side in {"both", room} else ():
            views = import_module(f"panel.{room}.{feature}.views").views
            app.register_blueprint(views)
            sides[views.name] = room
    if side != "blind" and config.single_sign_on:
        # its libraries are an extra: nothing of it is imported unless it is set up
        views = import_module("panel.named.accounts.sso.views").views
        app.register_blueprint(views)
        sides[views.name] = "named"
    app.before_request_funcs["submissions"] = [stand_aside]
    app.register_blueprint(pages(public))
    return sides


def _register_probes(app: Flask, side: Sides) -> dict[str, Side]:
    """A pair of addresses for each side that is served here; their names with the side whose database they ask."""
    sides: dict[str, Side] = {}
    pairs: tuple[tuple[Side, str, str], ...] = (("named", "probes", ""), ("blind", "blind_probes", "/panel"))
    for room, name, prefix in pairs:
        if side in {"both", room}:
            app.register_blueprint(probes(name, prefix, unasked, partial(_up_to_date, room)))
            sides[name] = room
    return sides


def _up_to_date(side: Side) -> bool:
    """Whether that side's database answers and has the newest tables."""
    try:
        with running().reading(side) as db:
            return migrated(db.connection()) == newest()
    # what fails while a connection is prepared is not wrapped
    except (SQLAlchemyError, sqlite3.Error):
        return False
