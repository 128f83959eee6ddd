"""The merit list by number, and the pages on which leaders correct a locked score."""

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.blind.merit import amend_desk, amending
from panel.blind.merit.amend_desk import Matter
from panel.blind.merit.forms import ConfirmForm, ProposeForm
from panel.blind.merit.sheet import merit_sheet
from panel.kernel.errors import Invalid, Stale
from panel.kernel.ids import BoardId, Number
from panel.web.notices import done

views = Blueprint("merit", __name__, url_prefix="/panel/<board:board>/merit")

Page = str | Response | tuple[str, int]


@views.get("")
@requires(Role.CHAIR, Role.DEPUTY, Role.AUDITOR)
def merit(actor: Actor, board: BoardId) -> str:
    """Everyone in order, by number, with the root that binds it and what was changed after it."""
    return render_template("blind/merit/list.html", sheet=merit_sheet(g.db, actor, board))


@views.get("/<number:number>")
@requires(Role.CHAIR, Role.DEPUTY, Role.AUDITOR)
def submission(actor: Actor, board: BoardId, number: Number) -> str:
    """One submission as locked and as it stands."""
    sheet = amend_desk.number_sheet(g.db, actor, board, number)
    return render_template("blind/merit/submission.html", sheet=sheet)


@views.route("/<number:number>/<slug:criterion>", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def score(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """One score: the form that proposes another, or the proposal that waits."""
    matter = amend_desk.matter(g.db, actor, board, number, criterion)
    form = ProposeForm.about(matter)
    if not form.submitted():
        return _score(matter, form, 422 if request.method == "POST" else 200)
    try:
        amending.propose(g.db, board, actor, number, criterion, form.change())
    except (Invalid, Stale) as error:
        form.complain(*(error.details or (error.message,)))
        return _score(matter, form, 409 if isinstance(error, Stale) else 422)
    return done("amendment-proposed", url_for(".submission", board=board, number=number))


@views.route("/<number:number>/<slug:criterion>/confirm", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
@stepped_up
def confirm(actor: Actor, board: BoardId, number: Number, criterion: str) -> Page:
    """Another leader confirms what waits."""
    matter = amend_desk.matter(g.db, actor, board, number, criterion)
    if matter.proposal is None:
        raise amending.StaleProposal
    if matter.own:
        raise amending.OwnProposal
    if matter.lapsed:
        raise amending.ProposerGone(matter.lapsed)
    form = ConfirmForm.of(matter)
    if not form.submitted():
        shown = render_template("blind/merit/confirm.html", matter=matter, form=form)
        return (shown, 422) if form.errors else shown
    amending.confirm(g.db, board, actor, number, criterion, str(form.seen.data))
    return done("amendment-confirmed", url_for(".submission", board=board, number=number))


@views.post("/<number:number>/<slug:criterion>/drop")
@requires(Role.CHAIR, Role.DEPUTY)
def drop(actor: Actor, board: BoardId, number: Number, criterion: str) -> Response:
    """Either leader takes a proposal away."""
    amend_desk.matter(g.db, actor, board, number, criterion)
    amending.drop(g.db, board, actor, number, criterion)
    return done("amendment-dropped", url_for(".submission", board=board, number=number))


def _score(matter: Matter, form: ProposeForm, status: int) -> Page:
    return render_template("blind/merit/score.html", matter=matter, form=form), status
