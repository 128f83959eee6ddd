"""What may be told to a candidate about each criterion: score, rule and notes. It has no marker field. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from panel.blind.merit.merit_list import Outcome, Place
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
class Judged:
    """One criterion of one candidate: the exact score, and the notes that HR may approve or has approved."""

    criterion: Criterion
    score: Fraction
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Told:
    """One criterion as a candidate reads it. `point` is the scale's words for a whole score, None between two."""

    criterion: Criterion
    score: Fraction
    point: Point | None
    notes: tuple[str, ...]

    @property
    def floor_missed(self) -> bool:
        """Whether this score alone fails, whatever the total."""
        return self.criterion.floor is not None and self.score < self.criterion.floor


@dataclass(frozen=True)
class Result:
    """A candidate's own result: what the page and the letter are drawn from."""

    board: Board
    name: str
    number: Number
    outcome: Outcome
    total: Fraction
    needed: Fraction
    highest: int
    criteria: tuple[Told, ...]

    @property
    def passed(self) -> bool:
        """Whether the policy gives a pass."""
        return self.outcome is Outcome.PASSED

    @property
    def floors_missed(self) -> tuple[Told, ...]:
        """The criteria whose floor was not reached."""
        return tuple(told for told in self.criteria if told.floor_missed)


def notes(texts: Iterable[str], approved: frozenset[bytes], look: Callable[[str], Found]) -> tuple[Note, ...]:
    """The notes of one answer; two markers' equal words are one note. `look` says what each gives away."""
    by_digest = {digest(text.encode()): text for text in texts if text.strip()}
    return tuple(Note(key, by_digest[key], key in approved, look(by_digest[key])) for key in sorted(by_digest))


def result(board: Board, place: Place, name: str, approved: Mapping[str, tuple[str, ...]]) -> Result:
    """One candidate's result from her place on the list and the notes approved for her, by criterion."""
    policy = board.policy
    criteria = tuple(_told(policy, c, place.scores[c.key], approved.get(c.key, ())) for c in policy.criteria)
    return Result(
        board=board,
        name=name,
        number=place.number,
        outcome=place.outcome,
        total=place.total,
        needed=policy.pass_rule.total,
        highest=policy.highest_total,
        criteria=criteria,
    )


def _told(policy: Policy, criterion: Criterion, score: Fraction, approved: tuple[str, ...]) -> Told:
    point = next((point for point in policy.anchored(criterion) if point.score == score), None)
    return Told(criterion, score, point, approved)
