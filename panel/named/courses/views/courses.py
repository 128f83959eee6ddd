"""Every course, and one with its versions: read as a file, written anew, required of panel members or no longer."""

from flask import Response as File
from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.training import course_toml, edition_queries, publishing
from panel.kernel.errors import Invalid
from panel.kernel.ids import CourseId
from panel.named.courses import queries, service
from panel.named.courses.forms import LoadForm, TitleForm
from panel.named.courses.views.blueprint import Page, file, shown, views
from panel.web.forms import Act
from panel.web.notices import done

#: Enough to mend at one sitting; the rest is told when these are gone.
_SHOWN = 50


@views.get("/courses")
@requires(Role.HR)
def home(_actor: Person) -> str:
    """Every course."""
    return render_template("named/courses/home.html", courses=queries.listed(g.db))


@views.route("/new-course", methods=["GET", "POST"])
@requires(Role.HR)
def new(_actor: Person) -> Page:
    """Begin a course."""
    form = TitleForm(request.form)
    if form.submitted():
        key = service.begin(g.db, form.title.data or "")
        return done("course-begun", url_for("courses.draft", key=key))
    return shown("new", form)


@views.route("/load-course", methods=["GET", "POST"])
@requires(Role.HR)
def load(_actor: Person) -> Page:
    """Paste a course: every fault is told with its line, or else it is kept as a draft."""
    form = LoadForm(request.form)
    if form.submitted():
        try:
            course = service.load(g.db, form.text.data or "")
        except Invalid as refusal:
            faults = refusal.details or (refusal.message,)
            more = len(faults) - _SHOWN
            form.complain(*faults[:_SHOWN], *([f"And {more} more faults further down."] if more > 0 else []))
            form.complain("Text of the course has the faults listed at the top", about=form.text)
        else:
            return done("course-loaded", url_for("courses.draft", key=course.key))
    return shown("load", form)


@views.get("/courses/<slug:key>")
@requires(Role.HR)
def course(_actor: Person, key: str) -> str:
    """One course: its versions, and its draft if one is begun."""
    found, editions = queries.one(g.db, key), edition_queries.editions(g.db, key)
    return render_template("named/courses/course.html", course=found, editions=editions, form=Act())


@views.get("/course-versions/<course:course>")
@requires(Role.HR)
def edition(_actor: Person, course: CourseId) -> str:
    """One version as panel members read it, with its bank of questions and their right options."""
    found = edition_queries.edition(g.db, course)
    written = edition_queries.content(g.db, course)
    return render_template("named/courses/edition.html", edition=found, course=written)


@views.get("/course-versions/<course:course>/file")
@requires(Role.HR)
def export(_actor: Person, course: CourseId) -> File:
    """One version as a file."""
    found = edition_queries.edition(g.db, course)
    return file(course_toml.write(edition_queries.content(g.db, course)), f"{found.key}-{found.version}")


@views.post("/courses/<slug:key>/change")
@requires(Role.HR)
def take_up(_actor: Person, key: str) -> Response:
    """Begin a draft of the next version."""
    service.take_up(g.db, key)
    return done("draft-begun", url_for("courses.draft", key=key))


@views.post("/courses/<slug:key>/retire")
@requires(Role.HR)
def retire(actor: Person, key: str) -> Response:
    """Panel members no longer need it."""
    publishing.retire(g.db, key, actor.id)
    return done("course-retired", url_for("courses.course", key=key))


@views.post("/courses/<slug:key>/restore")
@requires(Role.HR)
def restore(actor: Person, key: str) -> Response:
    """Panel members need it again."""
    publishing.restore(g.db, key, actor.id)
    return done("course-restored", url_for("courses.course", key=key))
