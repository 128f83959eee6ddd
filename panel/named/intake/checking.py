"""Whether an application is ready: everything answered, nothing too long, and no answer that names its author. Pure."""

from collections.abc import Mapping

from panel.blind.submissions import answers
from panel.blind.submissions.redaction import Hit, Strength, hits
from panel.board.policy import Policy
from panel.kernel.errors import Invalid
from panel.named.intake.draft import Draft
from panel.named.intake.split import Incomplete, missing


class NamesYou(Invalid):
    """An answer names its author; `details` say where."""

    sentence = "Your answers must not say who you are."


def found(policy: Policy, draft: Draft) -> Mapping[str, tuple[Hit, ...]]:
    """What in each answer may name its author, by criterion key, for the candidate to see; nothing is changed."""
    record = draft.details.record() if draft.details else None
    every = {criterion.key: hits(draft.answers.get(criterion.key, ""), record) for criterion in policy.questions}
    return {key: each for key, each in every.items() if each}


def todo(policy: Policy, draft: Draft) -> tuple[str, ...]:
    """What is still missing or too long, a sentence each."""
    try:
        answers.check(policy, draft.answers)
    except answers.AnswersRefused as error:
        return (*error.details, *missing(draft))
    return tuple(missing(draft))


def names_her(policy: Policy, draft: Draft) -> tuple[str, ...]:
    """The passages that must be changed before she can submit, a sentence each."""
    return tuple(
        f"Change “{hit.of(draft.answers[key])}” in your answer for ‘{policy.criterion(key).name}’: {hit.kind}"
        for key, hits_there in found(policy, draft).items()
        for hit in hits_there
        if hit.strength is Strength.EXACT
    )


def require_ready(policy: Policy, draft: Draft) -> None:
    """Raises Incomplete and NamesYou."""
    if lacking := todo(policy, draft):
        raise Incomplete(details=lacking)
    if named := names_her(policy, draft):
        raise NamesYou(details=named)
