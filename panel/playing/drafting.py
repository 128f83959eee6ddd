"""HR drafts a board's rules from a framework and appoints everyone, through the same verbs as the pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from panel.board import library
from panel.board.conduct import Conduct
from panel.board.duties import Part
from panel.board.framework import Framework
from panel.board.policy import Criterion, PassRule, Policy
from panel.board.scales import SCALES
from panel.kernel.ids import AccountId, BoardId, FrameworkId
from panel.named.setup import appointing, drafting, service
from panel.playing.company import Company, acting


@dataclass(frozen=True)
class Rules:
    """What a played board's rules say beyond the framework.

    `questions`: by the name of a competency or value; one without a question (None) is judged over the whole
    submission. `pass_mark`: the mean score needed, as a fraction; `floor`: the least mean score in each criterion.
    """

    title: str
    rank: str
    questions: Mapping[str, str | None]
    pass_mark: Fraction
    about: str = ""
    workforce_group: str = "Police officers"
    level: int = 2
    scale: str = "1-5"
    word_limit: int = 300
    floor: int | None = 2
    markers_per_answer: int = 3
    quorum: int = 2
    conduct: Conduct = field(default=Conduct())


def draft(db: Session, company: Company, rules: Rules, framework: FrameworkId, deadline: datetime) -> BoardId:
    """A complete draft with everybody appointed."""
    board = service.create(db, acting(db, company.hr), rules.title)
    content = library.framework(db, framework)
    service.revise(db, board, lambda policy: _written(policy, rules, framework, content))
    service.set_deadline(db, board, deadline)
    for account, part in _parts(company):
        appointing.appoint(db, acting(db, company.hr), board, account, part)
    appointing.set_quorum(db, board, rules.quorum)
    return board


def _written(policy: Policy, rules: Rules, framework: FrameworkId, content: Framework) -> Policy:
    chosen = drafting.with_framework(policy, framework, content)
    chosen = drafting.with_level(chosen, content, rules.level)
    chosen = drafting.with_criteria(chosen, content, rules.questions.keys())
    chosen = drafting.with_scale(chosen, content, SCALES[rules.scale], own=True)
    criteria = tuple(_asked(criterion, rules) for criterion in chosen.criteria)
    weights = sum(criterion.weight for criterion in criteria)
    return replace(
        chosen,
        rank=rules.rank,
        workforce_group=rules.workforce_group,
        about=rules.about,
        criteria=criteria,
        pass_rule=PassRule(rules.pass_mark * weights),
        tie_break=(criteria[0].key,),
        markers_per_answer=rules.markers_per_answer,
        conduct=rules.conduct,
    )


def _asked(criterion: Criterion, rules: Rules) -> Criterion:
    question = rules.questions[criterion.name]
    limit = rules.word_limit if question else None
    return replace(criterion, question=question, whole=question is None, word_limit=limit, floor=rules.floor)


def _parts(company: Company) -> Iterator[tuple[AccountId, Part]]:
    yield company.chair.account, Part.CHAIR
    yield company.deputy.account, Part.DEPUTY
    yield company.auditor.account, Part.AUDITOR
    for part, members in ((Part.CUSTODIAN, company.custodians), (Part.MARKER, company.markers)):
        for member in members:
            yield member.account, part
