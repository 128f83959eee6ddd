"""The steps that say what is assessed: which competencies and values, and each one's question."""

from dataclasses import replace

from flask import g, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board.framework import Framework
from panel.board.policy import Criterion, Policy
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.setup import drafting, service
from panel.named.setup.forms import CriteriaForm, CriterionForm
from panel.named.setup.views.blueprint import Page, chosen_framework, draft, page, views
from panel.web.forms import Choice
from panel.web.notices import done


@views.route("/boards/<board:board>/setup/criteria", methods=["GET", "POST"])
@requires(Role.HR)
def criteria(actor: Person, board: BoardId) -> Page | Response:
    """Which competencies and values the board assesses."""
    held = draft(board)
    content = chosen_framework(held)
    names = [criterion.name for criterion in held.policy.criteria]
    form = CriteriaForm(request.form, data={"competencies": names, "values": names})
    form.competencies.choices = [Choice(each.name, each.name, each.introduction) for each in content.competencies]
    form.values.choices = [Choice(each.name, each.name, each.introduction) for each in content.values]
    if not form.submitted():
        return page("criteria", form, board=board, framework=content, policy=held.policy)
    chosen = form.names
    service.revise(g.db, board, lambda policy: drafting.with_criteria(policy, content, chosen))
    return done("saved", url_for("setup.tasks", board=board))


@views.route("/boards/<board:board>/setup/criteria/<slug:key>", methods=["GET", "POST"])
@requires(Role.HR)
def criterion(actor: Person, board: BoardId, key: str) -> Page | Response:
    """One criterion: its question, word limit, weight and, for a competency, its level."""
    held = draft(board)
    content = chosen_framework(held)
    before = _of(held.policy, key)
    levels = [Choice(str(each.number), f"Level {each.number}: {each.name}") for each in content.levels]
    form = CriterionForm.for_criterion(before, levels, request.form)
    if not form.submitted():
        return page("criterion", form, board=board, criterion=before, policy=held.policy)
    service.revise(g.db, board, lambda policy: _changed(policy, content, key, form))
    return done("saved", url_for("setup.tasks", board=board))


def _changed(policy: Policy, content: Framework, key: str, form: CriterionForm) -> Policy:
    changed = replace(
        _of(policy, key),
        whole=form.whole,
        question=None if form.whole else form.question.data,
        word_limit=None if form.whole else form.word_limit.number,
        weight=form.weight.number or 1,
    )
    revised = drafting.with_criterion(policy, changed)
    return drafting.at_level(revised, content, key, int(str(form.level.data))) if form.level else revised


def _of(policy: Policy, key: str) -> Criterion:
    if key not in policy.keys:
        raise Missing
    return policy.criterion(key)
