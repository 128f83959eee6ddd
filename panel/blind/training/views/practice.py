"""Pages of practice marking, for panel members."""

from flask import g, redirect, render_template, url_for

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.training import queries, service
from panel.blind.training.forms import PracticeForm
from panel.blind.training.views.blueprint import Page, status, views
from panel.kernel.clock import today
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, ScriptId


@views.get("/<board:board>/practice")
@requires(Role.MARKER)
def practice(actor: Actor, board: BoardId) -> Page:
    """Her practice for a board, criterion by criterion."""
    desk = queries.desk(g.db, actor.id, board)
    return render_template("blind/training/practice.html", desk=desk, gate=desk.gate(today()), today=today())


@views.route("/<board:board>/practice/<script:script>", methods=["GET", "POST"])
@requires(Role.MARKER)
def practise(actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """One practice script: the answer, the anchors, her score and evidence."""
    desk = queries.desk(g.db, actor.id, board)
    desk.enter(today())
    standing, trial = desk.trial(script)
    form = PracticeForm.on(desk.scale(standing.key), standing.name, len(trial.tries) + 1)
    if form.submitted():
        service.practise(g.db, board, actor.id, script, form.points, form.evidence.data or "", form.attempt.number)
        return redirect(url_for(".feedback", board=board, script=script), code=303)
    if not trial.left:
        return redirect(url_for(".feedback", board=board, script=script), code=303)
    answer = queries.script(g.db, board, script).answer
    shown = {"desk": desk, "criterion": desk.policy.criterion(standing.key), "trial": trial, "answer": answer}
    return render_template("blind/training/practise.html", form=form, **shown), status(form)


@views.get("/<board:board>/practice/<script:script>/feedback")
@requires(Role.MARKER)
def feedback(actor: Actor, board: BoardId, script: ScriptId) -> Page:
    """Her score beside the agreed one and the reason for it; only once she has marked the script."""
    desk = queries.desk(g.db, actor.id, board)
    standing, trial = desk.trial(script)
    if not trial.tries:
        raise Missing
    written = queries.script(g.db, board, script)
    shown = {"desk": desk, "standing": standing, "trial": trial, "script": written}
    return render_template("blind/training/feedback.html", today=today(), **shown)
