"""What may be told to a candidate about each criterion: score, rule and notes. It has no marker field. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from panel.blind.merit.amendment import Amendment, Standing
from panel.blind.merit.merit_list import Outcome
from panel.board.policy import Criterion, Point, Policy
from panel.board.queries import Board
from panel.kernel.encoding import digest
from panel.kernel.ids import Number
from panel.named.results.naming import Found


@dataclass(frozen=True)
class Note:
    """One evidence note as HR weighs it. Notes stand in the order of their digests, which follows no marker."""

    digest: bytes
    text: str
    approved: bool
    found: Found

    @property
    def may_go(self) -> bool:
        """Whether it names nobody."""
        return not self.found.stops


@dataclass(frozen=True)
class Changed:
    """A score that was changed after the lock. Why is not told: nobody has looked through the reason for names."""

    before: Fraction
    after: Fraction
    on: date


#: By criterion key, in the order in which they were confirmed.
Changes = Mapping[str, tuple[Changed, ...]]


@dataclass(frozen=True)
class Judged:
    """One criterion of one candidate: the exact locked score, and the notes that HR may approve or has approved."""

    criterion: Criterion
    score: Fraction
    notes: tuple[Note, ...]
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class Told:
    """One criterion as a candidate reads it, the score as it stands.

    `point` is the scale's words for a whole score, None between two.
    """

    criterion: Criterion
    score: Fraction
    point: Point | None
    notes: tuple[str, ...]
    changes: tuple[Changed, ...]

    @property
    def floor_missed(self) -> bool:
        """Whether this score alone fails, whatever the total."""
        return self.criterion.floor is not None and self.score < self.criterion.floor


@dataclass(frozen=True)
class Result:
    """A candidate's own result as it stands, and as it was locked: what the page and the letter are drawn from."""

    board: Board
    name: str
    number: Number
    outcome: Outcome
    total: Fraction
    locked_outcome: Outcome
    locked_total: Fraction
    needed: Fraction
    highest: int
    criteria: tuple[Told, ...]

    @property
    def passed(self) -> bool:
        """Whether the policy gives a pass."""
        return self.outcome is Outcome.PASSED

    @property
    def passed_when_locked(self) -> bool:
        """Whether the policy gave a pass for the scores as locked."""
        return self.locked_outcome is Outcome.PASSED

    @property
    def amended(self) -> bool:
        """Whether one of her scores was changed after the lock."""
        return any(told.changes for told in self.criteria)

    @property
    def floors_missed(self) -> tuple[Told, ...]:
        """The criteria whose floor was not reached."""
        return tuple(told for told in self.criteria if told.floor_missed)


def notes(texts: Iterable[str], approved: frozenset[bytes], look: Callable[[str], Found]) -> tuple[Note, ...]:
    """The notes of one answer; two markers' equal words are one note. `look` says what each gives away."""
    by_digest = {digest(text.encode()): text for text in texts if text.strip()}
    return tuple(Note(key, by_digest[key], key in approved, look(by_digest[key])) for key in sorted(by_digest))


def changes(amendments: Iterable[Amendment]) -> Changes:
    """What one candidate may know of the amendments of her scores."""
    found: dict[str, list[Changed]] = defaultdict(list)
    for each in amendments:
        found[each.criterion].append(Changed(each.before, each.after, each.on))
    return {criterion: tuple(listed) for criterion, listed in found.items()}


def result(
    board: Board, standing: Standing, name: str, approved: Mapping[str, tuple[str, ...]], changed: Changes
) -> Result:
    """One candidate's result from her place on the list, and the notes approved for her by criterion."""
    policy, place = board.policy, standing.now
    criteria = tuple(
        _told(policy, c, place.scores[c.key], approved.get(c.key, ()), changed.get(c.key, ())) for c in policy.criteria
    )
    return Result(
        board=board,
        name=name,
        number=place.number,
        outcome=place.outcome,
        total=place.total,
        locked_outcome=standing.locked.outcome,
        locked_total=standing.locked.total,
        needed=policy.pass_rule.total,
        highest=policy.highest_total,
        criteria=criteria,
    )


def _told(
    policy: Policy, criterion: Criterion, score: Fraction, approved: tuple[str, ...], changed: tuple[Changed, ...]
) -> Told:
    point = next((point for point in policy.anchored(criterion) if point.score == score), None)
    return Told(criterion, score, point, approved, changed)
