"""The steps that write a draft's rules: about, framework, level, scale, pass rule, marking and its conduct."""

from dataclasses import replace

from flask import g, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board import library
from panel.board.scales import SCALES
from panel.kernel.ids import BoardId, FrameworkId
from panel.named.setup import drafting, service
from panel.named.setup.conduct_form import ConductForm
from panel.named.setup.forms import AboutForm, FrameworkForm, LevelForm, MarkingForm, ScaleForm
from panel.named.setup.rule_forms import AnchorsForm, PassForm
from panel.named.setup.views.blueprint import Page, chosen_framework, draft, page, views
from panel.web.forms import Choice
from panel.web.notices import done


@views.route("/boards/<board:board>/setup/about", methods=["GET", "POST"])
@requires(Role.HR)
def about(actor: Person, board: BoardId) -> Page | Response:
    """Title, rank, who may apply, and what candidates read first."""
    policy = draft(board).policy
    form = AboutForm(request.form, obj=policy)
    if not form.submitted():
        return page("about", form, board=board)
    values = {name: form[name].data for name in ("title", "rank", "workforce_group", "about")}
    months = form.retention_months.number or 0
    service.revise(g.db, board, lambda policy: replace(policy, **values, retention_months=months))
    return _on(board)


@views.route("/boards/<board:board>/setup/framework", methods=["GET", "POST"])
@requires(Role.HR)
def framework(actor: Person, board: BoardId) -> Page | Response:
    """Which framework; the level comes next."""
    policy = draft(board).policy
    form = FrameworkForm(request.form, data={"framework": policy.framework.id or None})
    cards = library.frameworks(g.db)
    form.framework.choices = [Choice(str(card.id), card.title, "" if card.described else _NAMES_ONLY) for card in cards]
    if not form.submitted():
        return page("framework", form, board=board, policy=policy)
    chosen = FrameworkId.parse(str(form.framework.data))
    content = library.framework(g.db, chosen)
    service.revise(g.db, board, lambda policy: drafting.with_framework(policy, chosen, content))
    return done("saved", url_for("setup.level", board=board))


_NAMES_ONLY = "Names only. A board cannot open until your force’s own descriptors are loaded."


@views.route("/boards/<board:board>/setup/level", methods=["GET", "POST"])
@requires(Role.HR)
def level(actor: Person, board: BoardId) -> Page | Response:
    """Which level of the framework candidates are assessed at."""
    held = draft(board)
    content = chosen_framework(held)
    form = LevelForm(request.form, data={"level": str(held.policy.level)})
    form.level.choices = [Choice(str(each.number), f"Level {each.number}: {each.name}") for each in content.levels]
    if not form.submitted():
        return page("level", form, board=board, framework=content)
    number = int(str(form.level.data))
    service.revise(g.db, board, lambda policy: drafting.with_level(policy, content, number))
    return _on(board)


@views.route("/boards/<board:board>/setup/scale", methods=["GET", "POST"])
@requires(Role.HR)
def scale(actor: Person, board: BoardId) -> Page | Response:
    """A ready-made scale; its words come next."""
    held = draft(board)
    content = chosen_framework(held)
    own = not held.policy.scale.points or any(criterion.anchors for criterion in held.policy.criteria)
    form = ScaleForm(request.form, data={"scale": held.policy.scale.name or None, "own": own})
    form.offer()
    if not form.submitted():
        return page("scale", form, board=board, policy=held.policy)
    chosen, with_own = SCALES[str(form.scale.data)], bool(form.own.data)
    if chosen.scores == held.policy.scale.scores:
        chosen = held.policy.scale
    service.revise(g.db, board, lambda policy: drafting.with_scale(policy, content, chosen, own=with_own))
    return done("saved", url_for("setup.anchors", board=board))


@views.route("/boards/<board:board>/setup/anchors", methods=["GET", "POST"])
@requires(Role.HR)
def anchors(actor: Person, board: BoardId) -> Page | Response:
    """The label and the general anchor of every score."""
    held = draft(board)
    form = AnchorsForm.for_scale(held.policy.scale, request.form)
    if not form.submitted():
        return page("anchors", form, board=board, policy=held.policy)
    service.revise(g.db, board, lambda policy: replace(policy, scale=form.scale(policy.scale)))
    return _on(board)


@views.route("/boards/<board:board>/setup/pass-rule", methods=["GET", "POST"])
@requires(Role.HR)
def pass_rule(actor: Person, board: BoardId) -> Page | Response:
    """The pass mark, the floors and the tie-break."""
    held = draft(board)
    form = PassForm.for_policy(held.policy, request.form)
    if not form.submitted():
        return page("pass_rule", form, board=board, policy=held.policy)
    service.revise(g.db, board, form.policy)
    return _on(board)


@views.route("/boards/<board:board>/setup/marking", methods=["GET", "POST"])
@requires(Role.HR)
def marking(actor: Person, board: BoardId) -> Page | Response:
    """How many mark each answer, and how far they may differ."""
    form = MarkingForm.for_policy(draft(board).policy, request.form)
    if not form.submitted():
        return page("marking", form, board=board)
    markers, tolerance = form.markers.number or 0, form.tolerance.number or 0
    service.revise(g.db, board, lambda policy: replace(policy, markers_per_answer=markers, tolerance=tolerance))
    return done("saved", url_for("setup.conduct", board=board))


@views.route("/boards/<board:board>/setup/conduct", methods=["GET", "POST"])
@requires(Role.HR)
def conduct(actor: Person, board: BoardId) -> Page | Response:
    """How answers are dealt out, markers watched and scores settled."""
    form = ConductForm.of(draft(board).policy.conduct, request.form)
    if not form.submitted():
        return page("conduct", form, board=board)
    service.revise(g.db, board, lambda policy: replace(policy, conduct=form.conduct))
    return _on(board)


def _on(board: BoardId) -> Response:
    return done("saved", url_for("setup.tasks", board=board))
