"""Seeds: how many a board needs, and what stops a sample answer from being one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from panel.board.policy import Criterion, Policy
from panel.kernel.errors import Invalid
from panel.web.text import count_words


class SeedStandsOut(Invalid):
    """Markers could tell the seed from what candidates write; `details` say what to change."""

    sentence = "A seed must look like any answer."


@dataclass(frozen=True)
class Need:
    """Of one question: how many seeds are written, and how many marking needs."""

    criterion: Criterion
    written: int
    needed: int

    @property
    def lacking(self) -> int:
        """How many are still to be written."""
        return max(0, self.needed - self.written)


def due(tasks: int, every: int) -> int:
    """One for each so many tasks begun; 0 where the policy asks for none."""
    return -(-tasks // every) if every and tasks > 0 else 0


def seeded(policy: Policy) -> tuple[Criterion, ...]:
    """The criteria that seeds are written for: those with a question."""
    return policy.questions if policy.conduct.seed_every else ()


def unseeded(policy: Policy) -> tuple[Criterion, ...]:
    """The criteria that no seed watches: those judged over the whole submission.

    A marker has met some of its answers before, all of them where submissions are dealt whole; one of which she has met
    none would be known for a seed, unless its answers came as seeds in the pattern of her real ones, and stayed tied to
    it in whatever befalls a submission. Repeats of her own are so by themselves.
    """
    return tuple(each for each in policy.criteria if each.whole) if policy.conduct.seed_every else ()


def needs(policy: Policy, written: Mapping[str, int], submissions: int, markers: int) -> tuple[Need, ...]:
    """What each question needs so that no marker meets a seed twice. At least one, before anything is known."""
    tasks = -(-submissions * policy.markers_per_answer // markers) if markers else 0
    wanted = max(1, due(tasks, policy.conduct.seed_every))
    return tuple(Need(each, written.get(each.key, 0), wanted) for each in seeded(policy))


def missing(needed: Iterable[Need]) -> tuple[str, ...]:
    """What is still to be written, a sentence for each question."""
    return tuple(
        f"The chair must write {_counted(each.lacking)} for ‘{each.criterion.name}’." for each in needed if each.lacking
    )


def demand_alike(criterion: Criterion, answer: str) -> None:
    """A seed keeps to what candidates keep to. Raises SeedStandsOut."""
    problems: Sequence[str] = []
    used = count_words(answer)
    if criterion.word_limit and used > criterion.word_limit:
        problems = [f"Answer must be {criterion.word_limit} words or fewer, as for candidates. It has {used:,}"]
    if problems:
        raise SeedStandsOut(details=problems)


def _counted(count: int) -> str:
    return "1 more seed" if count == 1 else f"{count} more seeds"
