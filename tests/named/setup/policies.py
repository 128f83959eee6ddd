"""A complete policy and its framework, for tests of what setting up looks at."""

from dataclasses import replace
from fractions import Fraction

from panel.board.framework import Framework
from panel.board.library import shipped
from panel.board.policy import Custody, PassRule, Policy
from panel.board.scales import SCALES
from panel.kernel.ids import FrameworkId
from panel.named.setup import drafting

LODESTAR: Framework = next(each for each in shipped() if each.name == "Lodestar framework")
CVF: Framework = next(each for each in shipped() if each.version == "2024")
CHOSEN = ("Growing a team", "Deciding on evidence", "Candour")


def drafted(framework: Framework = LODESTAR, names: tuple[str, ...] = CHOSEN) -> Policy:
    """Framework, level, criteria and scale chosen; questions and pass mark still to write."""
    policy = drafting.with_framework(Policy(title="Inspector 2027"), FrameworkId(bytes(16)), framework)
    policy = drafting.with_criteria(drafting.with_level(policy, framework, 2), framework, names)
    return drafting.with_scale(policy, framework, SCALES["1-5"], own=True)


def complete() -> Policy:
    """Everything a board needs to open."""
    policy = drafted()
    criteria = tuple(
        each if each.whole else replace(each, question=f"Tell us about {each.name.lower()}.", word_limit=300)
        for each in policy.criteria
    )
    return replace(
        policy,
        rank="Inspector",
        workforce_group="Substantive sergeants",
        criteria=criteria,
        pass_rule=PassRule(Fraction(9)),
        custody=Custody(2, 3),
    )
