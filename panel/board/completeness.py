"""What a draft policy still lacks, in plain sentences, step by step as HR sets the board up."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from panel.board.policy import POINTS, Criterion, Kind, Policy
from panel.board.retention import MONTHS

WORD_LIMITS: Final = range(50, 2001)
WEIGHTS: Final = range(1, 11)
MARKERS: Final = range(1, 8)
QUORUM_LEAST: Final = 2
CUSTODIANS: Final = range(3, 8)
LOADS: Final = range(1, 10_001)
INTERVALS: Final = range(5, 101)
SAMPLES: Final = range(101)


class Step(StrEnum):
    """The steps of setting up a policy, in order."""

    ABOUT = "about"
    FRAMEWORK = "framework"
    CRITERIA = "criteria"
    SCALE = "scale"
    RULE = "pass-rule"
    MARKING = "marking"
    CUSTODY = "custody"


def problems(policy: Policy) -> tuple[str, ...]:
    """Every reason why the policy cannot be opened, a sentence each; empty when it is complete and consistent."""
    return tuple(sentence for step in Step for sentence in problems_of(policy, step))


def problems_of(policy: Policy, step: Step) -> tuple[str, ...]:
    """The reasons that belong to one step."""
    return tuple(_CHECKS[step](policy))


def _about(policy: Policy) -> Iterator[str]:
    if not policy.title:
        yield "Enter the title of the board."
    if not policy.rank:
        yield "Enter the rank applied for."
    if not policy.workforce_group:
        yield "Enter who may apply."
    if policy.retention_months not in MONTHS:
        yield f"Texts and names must be kept for {MONTHS[0]} to {MONTHS[-1]} months after publication."


def _framework(policy: Policy) -> Iterator[str]:
    if not policy.framework.id:
        yield "Select a framework."
    elif policy.level is None:
        yield "Select the level of the framework."


def _criteria(policy: Policy) -> Iterator[str]:
    if not policy.questions:
        yield "Add at least one criterion with a question."
    if len(set(policy.keys)) != len(policy.keys):
        yield "Two criteria have the same name. Remove one."
    for criterion in policy.criteria:
        yield from _criterion(criterion)


def _criterion(criterion: Criterion) -> Iterator[str]:
    name = f"‘{criterion.name}’"
    if criterion.whole and criterion.kind is Kind.COMPETENCY:
        yield f"{name} is a competency and needs a question of its own."
    if criterion.whole and (criterion.question or criterion.word_limit):
        yield f"{name} is judged over the whole submission and cannot have a question."
    if criterion.answered and not criterion.question:
        yield f"Enter the question for {name}."
    if criterion.answered and criterion.word_limit not in WORD_LIMITS:
        yield f"Enter a word limit for {name} from {WORD_LIMITS[0]} to {WORD_LIMITS[-1]}."
    if criterion.weight not in WEIGHTS:
        yield f"Enter a weight for {name} from {WEIGHTS[0]} to {WEIGHTS[-1]}."


def _scale(policy: Policy) -> Iterator[str]:
    points = policy.scale.points
    if not points:
        yield "Select a scale."
        return
    if len(points) not in POINTS or policy.scale.scores != tuple(range(policy.scale.lowest, policy.scale.highest + 1)):
        yield f"A scale has {POINTS[0]} to {POINTS[-1]} scores, one apart."
    for point in points:
        if not (point.label and point.anchor):
            yield f"Enter a label and an anchor for score {point.score}."
    for criterion in policy.criteria:
        if criterion.anchors and (len(criterion.anchors) != len(points) or not all(criterion.anchors)):
            yield f"‘{criterion.name}’ needs an anchor of its own for every score, or none."


def _pass_rule(policy: Policy) -> Iterator[str]:
    if not (policy.scale.points and policy.criteria):
        yield "Choose criteria and a scale before the pass mark."
        return
    low, high = policy.lowest_total, policy.highest_total
    if policy.pass_rule.total <= 0:
        yield "Enter the pass mark."
    elif not low <= policy.pass_rule.total <= high:
        yield f"Enter a pass mark from {max(low, 1)} to {high}, the highest total."
    for criterion in policy.criteria:
        if criterion.floor is not None and not policy.scale.lowest < criterion.floor <= policy.scale.highest:
            yield f"The floor of ‘{criterion.name}’ must be a score above {policy.scale.lowest}, the lowest."
    if len(set(policy.tie_break)) != len(policy.tie_break) or not set(policy.tie_break) <= set(policy.keys):
        yield "The tie-break must name criteria of this board, each once."


def _marking(policy: Policy) -> Iterator[str]:
    if policy.markers_per_answer not in MARKERS:
        yield f"Enter markers for each answer from {MARKERS[0]} to {MARKERS[-1]}."
    if policy.tolerance < 0 or (policy.scale.points and policy.tolerance > len(policy.scale.points) - 2):
        yield "Enter a tolerance smaller than the distance between the lowest and the highest score."
    conduct = policy.conduct
    if conduct.load_cap is not None and conduct.load_cap not in LOADS:
        yield f"The most tasks for one panel member is from {LOADS[0]} to {LOADS[-1]}."
    if not {conduct.seed_every, conduct.repeat_every} <= {0, *INTERVALS}:
        yield f"One seed or repeat comes in {INTERVALS[0]} to {INTERVALS[-1]} tasks, or never."
    if conduct.sample_percent not in SAMPLES:
        yield "The sample of agreeing answers is from 0 to 100 per cent."


def _custody(policy: Policy) -> Iterator[str]:
    if policy.custody.n not in CUSTODIANS:
        yield f"Choose {CUSTODIANS[0]} to {CUSTODIANS[-1]} custodians."
    elif not QUORUM_LEAST <= policy.custody.k < policy.custody.n:
        yield f"The quorum must be at least {QUORUM_LEAST} and smaller than the number of custodians."


_CHECKS: Final = {
    Step.ABOUT: _about,
    Step.FRAMEWORK: _framework,
    Step.CRITERIA: _criteria,
    Step.SCALE: _scale,
    Step.RULE: _pass_rule,
    Step.MARKING: _marking,
    Step.CUSTODY: _custody,
}
