"""The pages and questions of a draft: each added, changed, moved and removed."""

from collections.abc import Callable

from flask import g, request, url_for

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.training.course import MOST_PAGES, MOST_QUESTIONS, Course
from panel.blind.training.prose import blocks
from panel.kernel.errors import Missing
from panel.named.courses import drafting, queries, service
from panel.named.courses.forms import AtVersion, PageForm, QuestionForm
from panel.named.courses.views.blueprint import Page, part, shown, views
from panel.web.notices import done


@views.route("/courses/<slug:key>/draft/pages/add", methods=["GET", "POST"])
@requires(Role.HR)
def add_page(_actor: Person, key: str) -> Page:
    """A new page, put last."""
    held = queries.draft(g.db, key)
    if len(held.course.pages) >= MOST_PAGES:
        raise Missing
    form = PageForm(request.form)
    if form.submitted() and not _looked_at():
        return _changed(key, held.version, lambda course: drafting.with_page(course, None, form.page))
    return _page_shown(form, held, None)


@views.route("/courses/<slug:key>/draft/pages/<slug:page>", methods=["GET", "POST"])
@requires(Role.HR)
def change_page(_actor: Person, key: str, page: str) -> Page:
    """One page."""
    held = queries.draft(g.db, key)
    place, kept = part(held.course.pages, page)
    form = PageForm(request.form, data=vars(kept))
    if form.submitted() and not _looked_at():
        return _changed(key, held.version, lambda course: drafting.with_page(course, place, form.page))
    return _page_shown(form, held, place + 1)


@views.post("/courses/<slug:key>/draft/pages/<slug:page>/<any(remove, earlier):change>")
@requires(Role.HR)
def move_page(_actor: Person, key: str, page: str, change: str) -> Page:
    """Take a page out, or put it one place earlier."""
    form = AtVersion(request.form)
    held = queries.draft(g.db, key)
    place, _ = part(held.course.pages, page)
    if not form.submitted():
        raise service.DraftChanged
    verb = drafting.without_page if change == "remove" else drafting.page_earlier
    return _changed(key, form.version.number, lambda course: verb(course, place))


@views.route("/courses/<slug:key>/draft/questions/add", methods=["GET", "POST"])
@requires(Role.HR)
def add_question(_actor: Person, key: str) -> Page:
    """A new question for the bank."""
    held = queries.draft(g.db, key)
    if len(held.course.questions) >= MOST_QUESTIONS:
        raise Missing
    form = QuestionForm.of(None)
    if form.submitted():
        return _changed(key, held.version, lambda course: drafting.with_question(course, None, form.question))
    return shown("question", form, draft=held, number=None)


@views.route("/courses/<slug:key>/draft/questions/<slug:page>", methods=["GET", "POST"])
@requires(Role.HR)
def change_question(_actor: Person, key: str, page: str) -> Page:
    """One question of the bank."""
    held = queries.draft(g.db, key)
    place, kept = part(held.course.questions, page)
    form = QuestionForm.of(kept)
    if form.submitted():
        return _changed(key, held.version, lambda course: drafting.with_question(course, place, form.question))
    return shown("question", form, draft=held, number=place + 1)


@views.post("/courses/<slug:key>/draft/questions/<slug:page>/remove")
@requires(Role.HR)
def remove_question(_actor: Person, key: str, page: str) -> Page:
    """Take a question out of the bank."""
    form = AtVersion(request.form)
    held = queries.draft(g.db, key)
    place, _ = part(held.course.questions, page)
    if not form.submitted():
        raise service.DraftChanged
    return _changed(key, form.version.number, lambda course: drafting.without_question(course, place))


def _looked_at() -> bool:
    return request.form.get("act") == "look"


def _page_shown(form: PageForm, held: queries.Draft, number: int | None) -> Page:
    looked = request.method == "POST" and not form.errors
    reads = blocks(form.text.data or "") if looked else ()
    html, status = shown("page", form, draft=held, number=number, reads=reads)
    return html, 200 if looked else status


def _changed(key: str, version: int, change: Callable[[Course], Course]) -> Page:
    service.change(g.db, key, version, change)
    return done("saved", url_for("courses.draft", key=key))
