"""A draft: its list of tasks, what it is about, how it reads, and its publication."""

from dataclasses import replace

from flask import Response as File
from flask import g, render_template, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.training import course_toml, edition_queries
from panel.kernel.errors import Invalid
from panel.named.courses import queries, service
from panel.named.courses.forms import AboutForm, AtVersion, PublishForm
from panel.named.courses.views.blueprint import Page, file, shown, views
from panel.web.notices import done


@views.get("/courses/<slug:key>/draft")
@requires(Role.HR)
def draft(_actor: Person, key: str) -> str:
    """What is written and what is lacking."""
    held = queries.draft(g.db, key)
    form = AtVersion(data={"version": held.version})
    before = edition_queries.editions(g.db, key)
    return render_template("named/courses/draft.html", draft=held, form=form, before=before[0] if before else None)


@views.route("/courses/<slug:key>/draft/about", methods=["GET", "POST"])
@requires(Role.HR)
def about(_actor: Person, key: str) -> Page:
    """Title, length, pass mark, attempts, months."""
    held = queries.draft(g.db, key)
    form = AboutForm.of(held.course)
    if form.submitted():
        service.change(g.db, key, held.version, lambda course: replace(course, **form.about))
        return done("saved", url_for("courses.draft", key=key))
    return shown("about", form, draft=held)


@views.get("/courses/<slug:key>/draft/reads")
@requires(Role.HR)
def reads(_actor: Person, key: str) -> str:
    """The draft as panel members will read it."""
    return render_template("named/courses/reads.html", course=queries.draft(g.db, key).course)


@views.get("/courses/<slug:key>/draft/file")
@requires(Role.HR)
def export_draft(_actor: Person, key: str) -> File:
    """The draft as a file, whole or not."""
    return file(course_toml.write(queries.draft(g.db, key).course), f"{key}-draft")


@views.post("/courses/<slug:key>/draft/discard")
@requires(Role.HR)
def discard(_actor: Person, key: str) -> Page:
    """Throw the draft away."""
    form = AtVersion(request.form)
    if not form.submitted():
        raise service.DraftChanged
    service.discard(g.db, key, form.version.number)
    return done("draft-discarded", url_for("courses.home"))


@views.route("/courses/<slug:key>/draft/publish", methods=["GET", "POST"])
@requires(Role.HR)
def publish(actor: Person, key: str) -> Page:
    """The new version, and whether what was completed before still counts."""
    held = queries.draft(g.db, key)
    before = edition_queries.editions(g.db, key)
    form = PublishForm(request.form, data={"version": held.version})
    if not before:
        del form.retake  # nobody can have completed an earlier one
    if form.submitted():
        try:
            retake = bool(before) and form.retake.data == "again"
            service.publish(g.db, key, form.version.number, actor.id, retake=retake)
        except Invalid as refusal:
            g.db.rollback()
            form.complain(refusal.message, *refusal.details)
        else:
            return done("course-published", url_for("courses.course", key=key))
    return shown("publish", form, draft=held, before=before[0] if before else None)
