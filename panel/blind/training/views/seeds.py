"""Pages for the chair and deputies: the seeds that are slipped into every queue."""

from typing import Final

from flask import g, render_template, url_for

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.training import queries, seed_queries, seed_service
from panel.blind.training.forms import SampleForm
from panel.blind.training.fresh import NotFresh
from panel.blind.training.seeds import SeedStandsOut, seeded, unseeded
from panel.blind.training.views.blueprint import Page, status, views
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, ScriptId
from panel.web.forms import Act
from panel.web.notices import done

_LEADERS: Final = (Role.CHAIR, Role.DEPUTY)


@views.get("/<board:board>/practice/seeds")
@requires(*_LEADERS)
def seeds(_actor: Actor, board: BoardId) -> Page:
    """The seeds of a board, and how many each question still needs."""
    held = _seeded(board)
    return render_template(
        "blind/training/seeds.html",
        form=Act(),
        board=held,
        needs=seed_queries.needed(g.db, held),
        seeds=seed_queries.seeds(g.db, board),
        unseeded=unseeded(held.policy),
        writable=not held.stage.reached(Stage.MARKING) and held.stage is not Stage.CANCELLED,
    )


@views.route("/<board:board>/practice/seeds/<slug:criterion>/add", methods=["GET", "POST"])
@requires(*_LEADERS)
def add_seed(_actor: Actor, board: BoardId, criterion: str) -> Page:
    """A new seed for one question."""
    if criterion not in {each.key for each in seeded(_seeded(board).policy)}:
        raise Missing
    rubric = queries.rubric(g.db, board, criterion)
    form = SampleForm.on(rubric.points, words=rubric.criterion.word_limit)
    if form.submitted():
        try:
            seed_service.add_seed(g.db, board, criterion, *form.sample())
        except (SeedStandsOut, NotFresh) as error:
            form.complain(*error.details, about=form.answer)
        else:
            return done("added", url_for(".seeds", board=board))
    return render_template("blind/training/seed.html", form=form, rubric=rubric, seed=None), status(form)


@views.route("/<board:board>/practice/seeds/<script:script>/edit", methods=["GET", "POST"])
@requires(*_LEADERS)
def edit_seed(_actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """Change a seed."""
    stored = seed_queries.seed(g.db, board, script)
    rubric = queries.rubric(g.db, board, stored.criterion)
    form = SampleForm.on(rubric.points, stored, rubric.criterion.word_limit)
    if form.submitted():
        try:
            seed_service.change_seed(g.db, board, script, form.version.number, *form.sample())
        except (SeedStandsOut, NotFresh) as error:
            form.complain(*error.details, about=form.answer)
        else:
            return done("saved", url_for(".seeds", board=board))
    return render_template("blind/training/seed.html", form=form, rubric=rubric, seed=stored), status(form)


@views.post("/<board:board>/practice/seeds/<script:script>/remove")
@requires(*_LEADERS)
def remove_seed(_actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """Remove a seed."""
    seed_service.remove_seed(g.db, board, script)
    return done("removed", url_for(".seeds", board=board))


def _seeded(board: BoardId) -> Board:
    held = read_board(g.db, board)
    if not seeded(held.policy):
        raise Missing
    return held
