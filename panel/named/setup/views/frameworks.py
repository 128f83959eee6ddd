"""The library of frameworks: looked through, taken away as a file, and loaded from pasted text."""

from collections.abc import Sequence
from typing import Final

from flask import Response as FlaskResponse
from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board import framework_csv, framework_toml, library
from panel.board.framework import Framework
from panel.board.policy import slug
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import FrameworkId
from panel.named.setup.forms import LoadForm
from panel.named.setup.views.blueprint import Page, page, views
from panel.web.notices import done

#: Enough to mend at one sitting; the rest is told when these are gone.
_SHOWN: Final = 50
_READ: Final = {"toml": framework_toml.read, "csv": framework_csv.read}
_WRITE: Final = {
    "toml": (framework_toml.write, "application/toml"),
    "csv": (framework_csv.write, "text/csv"),
}


@views.get("/frameworks")
@requires(Role.HR)
def frameworks(actor: Person) -> str:
    """Every version held."""
    return render_template("named/setup/frameworks.html", cards=library.frameworks(g.db))


@views.post("/frameworks/shipped")
@requires(Role.HR)
def install(actor: Person) -> Response:
    """Load what comes with the system."""
    library.install(g.db)
    return done("frameworks-loaded", url_for("setup.frameworks"))


@views.get("/frameworks/<framework:framework>")
@requires(Role.HR)
def framework_page(actor: Person, framework: FrameworkId) -> str:
    """One version in full."""
    content = library.framework(g.db, framework)
    return render_template("named/setup/framework_page.html", framework=content, id=framework)


@views.get("/frameworks/<framework:framework>/<slug:kind>")
@requires(Role.HR)
def export(actor: Person, framework: FrameworkId, kind: str) -> FlaskResponse:
    """One version as a file to edit and load again."""
    if kind not in _WRITE:
        raise Missing
    write, media = _WRITE[kind]
    content = library.framework(g.db, framework)
    name = f"{slug(content.title) or 'framework'}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return FlaskResponse(write(content), mimetype=media, headers=headers)


@views.route("/frameworks/load", methods=["GET", "POST"])
@requires(Role.HR)
def load(actor: Person) -> Page | Response:
    """Paste a framework: checked first, loaded when asked."""
    form = LoadForm(request.form, data={"kind": "toml"})
    if not form.submitted():
        return page("load", form, content=None)
    try:
        content = _read(form)
        if request.form.get("act") != "load":
            return render_template("named/setup/load.html", form=form, content=content), 200
        loaded = library.load(g.db, content, actor.id, Role.HR)
    except Invalid as refusal:
        return _refused(form, refusal.details or (refusal.message,))
    return done("framework-loaded", url_for("setup.framework_page", framework=loaded))


def _refused(form: LoadForm, faults: Sequence[str]) -> Page:
    more = len(faults) - _SHOWN
    form.complain(*faults[:_SHOWN], *([f"And {more} more faults further down."] if more > 0 else []))
    form.complain("Text of the framework has the faults listed at the top", about=form.text)
    return page("load", form, content=None)


def _read(form: LoadForm) -> Framework:
    content = _READ[str(form.kind.data)](str(form.text.data))
    library.check_new(g.db, content)
    return content
