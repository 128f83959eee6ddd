"""Which marks disagree enough to be talked about, and what an answer's score is when they do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Discrepancy:
    """The independent marks of one answer beside the policy's tolerance and the criterion's floor.

    `scores` are integers of the board's scale, one a marker, at least one. `tolerance` is the widest spread that needs
    no moderation. `floor` is the score below which the criterion fails a candidate, if it has one.
    """

    scores: tuple[int, ...]
    tolerance: int
    floor: int | None = None

    @property
    def spread(self) -> int:
        """The distance between the highest and the lowest mark."""
        return max(self.scores) - min(self.scores)

    @property
    def outside(self) -> bool:
        """Whether the marks lie further apart than the policy tolerates."""
        return self.spread > self.tolerance

    @property
    def straddles(self) -> bool:
        """Whether some marks reach the floor and others do not."""
        return self.floor is not None and min(self.scores) < self.floor <= max(self.scores)

    @property
    def disputed(self) -> bool:
        """Whether the chair must settle this answer."""
        return self.outside or self.straddles

    @property
    def mean(self) -> Fraction:
        """The exact mean of the marks."""
        return mean(self.scores)

    def score(self, agreed: int | None) -> Fraction | None:
        """The score that counts: the mean where the marks agree, else the agreed score, or None until there is one."""
        if not self.disputed:
            return self.mean
        return None if agreed is None else Fraction(agreed)


def mean(scores: Sequence[int]) -> Fraction:
    """The exact mean of at least one score."""
    return Fraction(sum(scores), len(scores))
