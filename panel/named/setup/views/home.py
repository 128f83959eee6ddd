"""HR's list of boards, a new one, its task list, and what candidates will see of it."""

from collections import Counter

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor, Person
from panel.access.guards import requires, signed_in
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.lifecycle import Stage
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.intake.queries import shown_to_candidates
from panel.named.setup import checklist, queries, service
from panel.named.setup.facts import readiness
from panel.named.setup.forms import TitleForm
from panel.named.setup.views.blueprint import Page, draft, page, views
from panel.web.notices import done


@views.get("/boards")
@signed_in
def home(actor: Actor) -> str:
    """The boards a person runs for HR."""
    may_begin = actor.may(Role.HR)
    if not (may_begin or actor.boards(Role.HR)):
        raise Missing
    return render_template("named/setup/boards.html", boards=queries.mine(g.db, actor), may_begin=may_begin)


@views.route("/boards/new", methods=["GET", "POST"])
@requires(Role.HR)
def new(actor: Person) -> Page | Response:
    """Begin a board."""
    form = TitleForm(request.form)
    if not form.submitted():
        return page("new", form)
    board = service.create(g.db, actor, str(form.title.data))
    return done("board-begun", url_for("setup.tasks", board=board))


@views.get("/boards/<board:board>/setup")
@requires(Role.HR)
def tasks(actor: Person, board: BoardId) -> str:
    """Every step with its status."""
    held = draft(board)
    counts = Counter(holding.part for holding in queries.people(g.db, board))
    sections = checklist.sections(held.policy, counts, deadline=held.deadline is not None)
    ready = readiness(g.db, board, Stage.OPEN)
    return render_template("named/setup/tasks.html", board=held, sections=sections, readiness=ready)


@views.get("/boards/<board:board>/review")
@requires(Role.HR)
def review(actor: Person, board: BoardId) -> str:
    """The rules exactly as candidates see them."""
    held = boards.board(g.db, board)
    people = shown_to_candidates(g.db, board)
    return render_template("named/setup/review.html", board=held, policy=held.policy, people=people)
