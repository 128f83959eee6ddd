"""How a choice of HR's changes a draft policy, keeping what still fits. Pure: from policy to policy."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from panel.board.framework import Competency, Framework
from panel.board.policy import Criterion, FrameworkUse, Kind, Policy, Scale, slug
from panel.kernel.ids import FrameworkId

_WORDS: Final = 500


def with_framework(policy: Policy, framework_id: FrameworkId, framework: Framework) -> Policy:
    """Choose a framework. Another one than before takes its level, criteria and tie-break with it."""
    use = FrameworkUse(str(framework_id), framework.name, framework.version, framework.digest.hex(), framework.notice)
    if use == policy.framework:
        return policy
    return replace(policy, framework=use, level=None, criteria=(), tie_break=())


def with_level(policy: Policy, framework: Framework, level: int) -> Policy:
    """Choose the level of the board. What stood at the level before moves to it; a level of its own stays."""
    if level == policy.level:
        return policy
    criteria = tuple(
        _at(criterion, framework, level) if criterion.level == policy.level else criterion
        for criterion in policy.criteria
    )
    return replace(policy, level=level, criteria=criteria)


def with_criteria(policy: Policy, framework: Framework, names: Collection[str]) -> Policy:
    """Choose what is assessed, in the framework's order; what was chosen before keeps its question and weight."""
    kept = {criterion.name: criterion for criterion in policy.criteria}
    chosen = [element.name for element in framework.elements if element.name in names]
    criteria = tuple(kept.get(name) or _criterion(policy, framework, name) for name in chosen)
    keys = {criterion.key for criterion in criteria}
    return replace(policy, criteria=criteria, tie_break=tuple(key for key in policy.tie_break if key in keys))


def with_criterion(policy: Policy, changed: Criterion) -> Policy:
    """Replace one criterion by its changed self."""
    criteria = tuple(changed if criterion.key == changed.key else criterion for criterion in policy.criteria)
    return replace(policy, criteria=criteria)


def at_level(policy: Policy, framework: Framework, key: str, level: int) -> Policy:
    """Move one competency to a level of its own. Raises KeyError if the board has no such criterion."""
    return with_criterion(policy, _at(policy.criterion(key), framework, level))


def with_scale(policy: Policy, framework: Framework, scale: Scale, *, own: bool) -> Policy:
    """Choose a scale; `own`: with the anchors the framework gives each criterion. Floors that no longer fit go."""
    points = len(scale.points)
    criteria = tuple(
        replace(
            criterion,
            anchors=framework.element(criterion.name).anchors_for(points) if own else (),
            floor=criterion.floor if criterion.floor in scale.scores[1:] else None,
        )
        for criterion in policy.criteria
    )
    return replace(policy, scale=scale, criteria=criteria)


def is_described(policy: Policy, framework: Framework | None) -> bool:
    """Whether the framework is here, unchanged, and every criterion says what to look for."""
    if framework is None or framework.digest.hex() != policy.framework.digest:
        return False
    return bool(policy.criteria) and all(criterion.descriptors or criterion.anchors for criterion in policy.criteria)


def _criterion(policy: Policy, framework: Framework, name: str) -> Criterion:
    element = framework.element(name)
    competency = isinstance(element, Competency)
    own = not policy.criteria or any(criterion.anchors for criterion in policy.criteria)
    fresh = Criterion(
        key=slug(name),
        kind=Kind.COMPETENCY if competency else Kind.VALUE,
        name=name,
        whole=not competency,
        word_limit=_WORDS if competency else None,
        introduction=element.introduction,
        anchors=element.anchors_for(len(policy.scale.points)) if own else (),
    )
    return _at(fresh, framework, policy.level)


def _at(criterion: Criterion, framework: Framework, number: int | None) -> Criterion:
    descriptors = framework.element(criterion.name).at(number)
    if criterion.kind is Kind.VALUE:
        return replace(criterion, descriptors=descriptors)
    level = framework.level(number)
    return replace(criterion, level=number, level_name=level.name if level else "", descriptors=descriptors)
