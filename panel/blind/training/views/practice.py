"""Pages of practice marking, for panel members."""

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.training import queries, service
from panel.blind.training.desk import Desk
from panel.blind.training.forms import PracticeForm
from panel.blind.training.purpose import ATTEMPTS, PRACTISED, Purpose
from panel.blind.training.views.blueprint import Page, status, views
from panel.kernel.clock import today
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, ScriptId
from panel.web.notices import done


@views.get("/<board:board>/practice")
@requires(Role.MARKER)
def practice(actor: Actor, board: BoardId) -> Page:
    """Her practice for a board, criterion by criterion."""
    desk = queries.desk(g.db, actor.id, board)
    shown = {"desk": desk, "gate": desk.gate(today()), "today": today(), "purposes": PRACTISED}
    return render_template("blind/training/practice.html", **shown)


@views.route("/<board:board>/practice/<script:script>", methods=["GET", "POST"])
@requires(Role.MARKER)
def practise(actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """One script of practice: the answer, the anchors, her score and evidence."""
    desk = queries.desk(g.db, actor.id, board)
    desk.enter(today())
    standing, trial = desk.trial(script)
    form = PracticeForm.on(desk.scale(standing.key), standing.name, len(trial.tries) + 1)
    if form.submitted():
        service.practise(g.db, board, actor.id, script, form.points, form.evidence.data or "", form.attempt.number)
        return _onward(queries.desk(g.db, actor.id, board), script)
    if not standing.markable(trial):
        return _onward(desk, script)
    answer = queries.script(g.db, board, script).answer
    shown = {"desk": desk, "criterion": desk.policy.criterion(standing.key), "trial": trial, "answer": answer}
    return render_template("blind/training/practise.html", form=form, **shown), status(form)


@views.get("/<board:board>/practice/<script:script>/feedback")
@requires(Role.MARKER)
def feedback(actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """Her score beside the agreed one and the reason for it; only once she has marked the script."""
    desk = queries.desk(g.db, actor.id, board)
    standing, trial = desk.trial(script)
    if trial.purpose is not Purpose.PRACTICE or not standing.told(trial):
        raise Missing
    written = queries.script(g.db, board, script)
    shown = {"desk": desk, "standing": standing, "trial": trial, "script": written}
    return render_template("blind/training/feedback.html", today=today(), **shown)


@views.get("/<board:board>/practice/results/<slug:criterion>")
@requires(Role.MARKER)
def results(actor: Actor, board: BoardId, criterion: str) -> Page:
    """Her attempts to qualify for one criterion: distance and direction, script by script and over all."""
    desk = queries.desk(g.db, actor.id, board)
    standing = desk.standing(criterion)
    attempts = [(purpose, standing.of(purpose)) for purpose in ATTEMPTS if standing.attempt(purpose).finished]
    if not attempts:
        raise Missing
    written = {script.id: script for script in queries.scripts(g.db, board)}
    shown = {"desk": desk, "standing": standing, "attempts": attempts, "scripts": written}
    return render_template("blind/training/results.html", **shown)


def _onward(desk: Desk, script: ScriptId) -> Response:
    """Where she goes after a script, or in place of one that is not hers to mark now."""
    standing, trial = desk.trial(script)
    if trial.purpose is Purpose.PRACTICE:
        return redirect(url_for(".feedback", board=desk.board, script=script), code=303)
    if standing.told(trial):
        return redirect(url_for(".results", board=desk.board, criterion=standing.key), code=303)
    if trial.made(standing.coached):
        return done("practice-kept", url_for(".practice", board=desk.board))
    return redirect(url_for(".practice", board=desk.board), code=303)
