"""What every page needs around its content: where templates come from, filters, the notice, the sign-out token."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, g
from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, PrefixLoader, Template, Undefined

from panel.web.csrf import csrf_token
from panel.web.filters import FILTERS
from panel.web.notices import notice


class MacroLoader(PrefixLoader):
    """The GOV.UK macros, compiled to take a missing option as absent; our own templates stay strict."""

    _lenient: Environment | None = None

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the name Jinja calls it by
    ) -> Template:
        """The macro file, compiled in one environment of their own (their layout counts on trimmed blocks)."""
        if self._lenient is None:
            self._lenient = environment.overlay(undefined=Undefined, trim_blocks=True, lstrip_blocks=True)
        return super().load(self._lenient, name, globals)


def init_frame(app: Flask) -> None:
    """Give templates the macros, the filters and the values `base.html` shows."""
    package = "govuk_frontend_jinja"
    ours: list[BaseLoader] = [app.jinja_env.loader] if app.jinja_env.loader else []
    app.jinja_env.loader = ChoiceLoader([MacroLoader({package: PackageLoader(package)}), *ours])
    for each in FILTERS:
        app.add_template_filter(each)
    app.add_template_global(csrf_token)
    app.context_processor(_values)


def _values() -> dict[str, object]:
    return {"notice": notice(), "signed_in": g.get("actor") is not None}
