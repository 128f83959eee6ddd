"""Pages of courses: what is to be done, reading, the quiz, its result and the certificate."""

from typing import Final

from flask import g, redirect, render_template, url_for

from panel.access.actor import Actor
from panel.access.guards import signed_in
from panel.access.roles import LEADERS, Role
from panel.blind.training import course_queries, course_service, queries
from panel.blind.training.forms import QuizForm
from panel.blind.training.views.blueprint import Page, status, views
from panel.board.queries import boards
from panel.kernel.clock import today
from panel.kernel.errors import Missing
from panel.kernel.ids import CourseId

_PANEL: Final = (Role.MARKER, Role.CHAIR, Role.DEPUTY)


@views.get("/training")
@signed_in
def home(actor: Actor) -> Page:
    """What she must do before she may mark, in order, for each board; and the boards she leads."""
    _on_a_panel(actor)
    return render_template(
        "blind/training/home.html",
        today=today(),
        courses=course_queries.cards(g.db, actor.id),
        desks=queries.desks(g.db, actor.id, actor.boards(Role.MARKER)),
        led=boards(g.db, actor.boards(*LEADERS)),
    )


@views.get("/training/<course:course>")
@signed_in
def course(actor: Actor, course: CourseId) -> Page:
    """A course: its pages, what she has read, and its quiz."""
    _on_a_panel(actor)
    card = course_queries.card(g.db, actor.id, course)
    attempt = course_queries.open_attempt(g.db, actor.id, course)
    return render_template("blind/training/course.html", course=card, today=today(), begun=attempt is not None)


@views.get("/training/<course:course>/page/<slug:page>")
@signed_in
def lesson(actor: Actor, course: CourseId, page: str) -> Page:
    """One page of a course."""
    _on_a_panel(actor)
    card = course_queries.card(g.db, actor.id, course)
    shown = course_queries.lesson(g.db, course, _position(page))
    return render_template("blind/training/lesson.html", course=card, lesson=shown)


@views.post("/training/<course:course>/page/<slug:page>")
@signed_in
def read(actor: Actor, course: CourseId, page: str) -> Page:
    """She has read the page; on to the next, or back to the course and its quiz."""
    _on_a_panel(actor)
    position = _position(page)
    course_service.read_page(g.db, actor.id, course, position)
    if position < len(course_queries.card(g.db, actor.id, course).pages):
        return redirect(url_for(".lesson", course=course, page=position + 1), code=303)
    return redirect(url_for(".course", course=course), code=303)


@views.post("/training/<course:course>/quiz/start")
@signed_in
def start_quiz(actor: Actor, course: CourseId) -> Page:
    """Begin an attempt."""
    _on_a_panel(actor)
    course_service.start_quiz(g.db, actor.id, course)
    return redirect(url_for(".quiz", course=course), code=303)


@views.route("/training/<course:course>/quiz", methods=["GET", "POST"])
@signed_in
def quiz(actor: Actor, course: CourseId) -> Page:
    """The questions of the attempt she has begun."""
    _on_a_panel(actor)
    attempt = course_queries.asked(g.db, actor.id, course)
    form = QuizForm.asking(attempt.questions, attempt.number)
    if form.submitted():
        course_service.take_quiz(g.db, actor.id, course, form.attempt.number, form.chosen())
        return redirect(url_for(".result", course=course), code=303)
    if attempt.chosen is not None:
        return redirect(url_for(".result", course=course), code=303)
    card = course_queries.card(g.db, actor.id, course)
    return render_template("blind/training/quiz.html", form=form, course=card), status(form)


@views.get("/training/<course:course>/quiz/result")
@signed_in
def result(actor: Actor, course: CourseId) -> Page:
    """How the last attempt went, with the explanation of every question."""
    _on_a_panel(actor)
    attempt = course_queries.last_attempt(g.db, actor.id, course)
    if attempt is None:
        raise Missing
    card = course_queries.card(g.db, actor.id, course)
    return render_template("blind/training/result.html", course=card, attempt=attempt)


@views.get("/training/<course:course>/certificate")
@signed_in
def certificate(actor: Actor, course: CourseId) -> Page:
    """What she completed and until when it counts, to print; without a name, since this side knows none."""
    _on_a_panel(actor)
    card = course_queries.card(g.db, actor.id, course)
    if card.done is None:
        raise Missing
    return render_template("blind/training/certificate.html", course=card, today=today())


def _on_a_panel(actor: Actor) -> None:
    """Courses are for people with a seat on some panel; for others they do not exist. Raises Missing."""
    if not actor.boards(*_PANEL):
        raise Missing


def _position(page: str) -> int:
    if not page.isdecimal() or len(page) > 4:  # noqa: PLR2004 - more digits than any course has, or a database counts
        raise Missing
    return int(page)
