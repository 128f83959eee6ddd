"""The rules of one board, as data: canonical JSON, digested, fixed when the board opens. Exact numbers only."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Self

from panel.board.conduct import Conduct
from panel.kernel.encoding import Json, digest_of
from panel.kernel.errors import Malformed

FORMAT: Final = 1
#: How many scores a scale may have.
POINTS: Final = range(3, 11)
_SLUG_LENGTH: Final = 60


class Kind(StrEnum):
    """What a criterion assesses."""

    COMPETENCY = "competency"
    VALUE = "value"


def slug(name: str) -> str:
    """A name as a key for addresses and stored marks: lower-case letters, digits and hyphens, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-")


def ratio(value: Fraction) -> str:
    """A fraction as everything of ours writes it: `n/d` in lowest terms."""
    return f"{value.numerator}/{value.denominator}"


@lru_cache(maxsize=4096)  # a few hundred spellings stand for every score and total of a board
def parse_ratio(text: str) -> Fraction:
    """Read `n/d` in lowest terms. Raises Malformed on anything else, so that one number has one spelling."""
    match = re.fullmatch(r"(-?\d{1,12})/(\d{1,12})", text)
    if not match or int(match[2]) == 0 or ratio(Fraction(text)) != text:
        raise Malformed("That is not a fraction in lowest terms.")
    return Fraction(text)


@dataclass(frozen=True)
class Point:
    """One score of a scale, its label and the anchor that says what an answer at this score looks like."""

    score: int
    label: str
    anchor: str


@dataclass(frozen=True)
class Scale:
    """The scores a marker may give, lowest first, one apart."""

    points: tuple[Point, ...] = ()

    @property
    def scores(self) -> tuple[int, ...]:
        return tuple(point.score for point in self.points)

    @property
    def lowest(self) -> int:
        return self.scores[0]

    @property
    def highest(self) -> int:
        return self.scores[-1]

    @property
    def name(self) -> str:
        """Lowest to highest, as in `0-4`; empty while no scale is chosen."""
        return f"{self.lowest}-{self.highest}" if self.points else ""


@dataclass(frozen=True)
class Criterion:
    """One competency or value the board assesses: with its question, or (values only) over the whole submission.

    `anchors` are this criterion's own, one for each point of the scale; empty means the scale's general anchors hold.
    `weight` multiplies the score. A mean score below `floor` fails the candidate whatever the total.
    """

    key: str
    kind: Kind
    name: str
    question: str | None = None
    whole: bool = False
    word_limit: int | None = None
    weight: int = 1
    floor: int | None = None
    level: int | None = None
    level_name: str = ""
    introduction: str = ""
    descriptors: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether a candidate writes an answer to this criterion."""
        return not self.whole


@dataclass(frozen=True)
class PassRule:
    """The weighted total a candidate needs. Zero means not decided yet; the floors stand in the criteria."""

    total: Fraction = Fraction(0)


@dataclass(frozen=True)
class Custody:
    """Any `k` of `n` custodians, with the panel, open the names."""

    k: int = 2
    n: int = 3


@dataclass(frozen=True)
class FrameworkUse:
    """Which framework version the criteria come from; all empty while none is chosen."""

    id: str = ""
    name: str = ""
    version: str = ""
    digest: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Policy:
    """All rules of a board. While the board is a draft, fields may be empty: `completeness.problems` says which.

    `about` is what candidates read above the questions. `tolerance` is the widest spread of an answer's independent
    marks that needs no moderation. `tie_break` holds criterion keys: the first that differs decides. Texts and names
    are kept for `retention_months` after publication.
    """

    title: str = ""
    rank: str = ""
    workforce_group: str = ""
    about: str = ""
    framework: FrameworkUse = FrameworkUse()
    level: int | None = None
    criteria: tuple[Criterion, ...] = ()
    scale: Scale = Scale()
    pass_rule: PassRule = PassRule()
    tie_break: tuple[str, ...] = ()
    markers_per_answer: int = 3
    tolerance: int = 1
    custody: Custody = Custody()
    retention_months: int = 24
    conduct: Conduct = field(default=Conduct())

    @property
    def keys(self) -> tuple[str, ...]:
        """Every criterion's key, in the board's order."""
        return tuple(criterion.key for criterion in self.criteria)

    @property
    def questions(self) -> tuple[Criterion, ...]:
        """The criteria a candidate answers, in order."""
        return tuple(criterion for criterion in self.criteria if criterion.answered)

    @property
    def highest_total(self) -> int:
        """The best weighted total anyone can reach; 0 while no scale is chosen."""
        return self._weights * self.scale.highest if self.scale.points else 0

    @property
    def lowest_total(self) -> int:
        """The weighted total of the lowest score throughout; 0 while no scale is chosen."""
        return self._weights * self.scale.lowest if self.scale.points else 0

    @property
    def _weights(self) -> int:
        return sum(criterion.weight for criterion in self.criteria)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical policy: what candidates were shown, in 32 bytes."""
        return digest_of(self.to_json())

    def criterion(self, key: str) -> Criterion:
        """Raises KeyError if the board has no such criterion."""
        return {criterion.key: criterion for criterion in self.criteria}[key]

    def anchored(self, criterion: Criterion) -> tuple[Point, ...]:
        """The scale as a marker of this criterion sees it: its own anchors where it has them."""
        anchors = criterion.anchors or tuple(point.anchor for point in self.scale.points)
        return tuple(Point(p.score, p.label, text) for p, text in zip(self.scale.points, anchors, strict=True))

    def weighted_total(self, scores: Mapping[str, Fraction]) -> Fraction:
        """Exact sum of weight × score. Raises KeyError unless every criterion has a score."""
        return sum((c.weight * Fraction(scores[c.key]) for c in self.criteria), Fraction(0))

    def to_json(self) -> dict[str, Json]:
        """Plain data without floats, for `canonical`."""
        conduct = self.conduct.to_json()
        return {
            "format": FORMAT,
            "title": self.title,
            "rank": self.rank,
            "workforce_group": self.workforce_group,
            "about": self.about,
            "framework": dict(vars(self.framework)),
            "level": self.level,
            "criteria": [_criterion_json(criterion) for criterion in self.criteria],
            "scale": [dict(vars(point)) for point in self.scale.points],
            "pass_rule": {"total": ratio(self.pass_rule.total)},
            "tie_break": self.tie_break,
            "markers_per_answer": self.markers_per_answer,
            "tolerance": self.tolerance,
            "custody": dict(vars(self.custody)),
            "retention_months": self.retention_months,
            **({"conduct": conduct} if conduct else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; `{}` is an empty draft. Raises Malformed."""
        if not data:
            return cls()
        try:
            return cls(**_fields(data))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Malformed("The policy is not in the right form.") from error


def _criterion_json(criterion: Criterion) -> dict[str, Json]:
    return {**vars(criterion), "kind": str(criterion.kind)}


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(data)
    if plain.pop("format") != FORMAT:
        raise ValueError("an unknown format of policy")
    return {
        **plain,
        "framework": FrameworkUse(**plain["framework"]),
        "criteria": tuple(_criterion(item) for item in plain["criteria"]),
        "scale": Scale(tuple(Point(**item) for item in plain["scale"])),
        "pass_rule": PassRule(parse_ratio(plain["pass_rule"]["total"])),
        "tie_break": tuple(plain["tie_break"]),
        "custody": Custody(**plain["custody"]),
        "conduct": Conduct.from_json(plain.get("conduct", {})),
    }


def _criterion(item: Mapping[str, Any]) -> Criterion:
    tuples = {name: tuple(item[name]) for name in ("descriptors", "anchors")}
    return Criterion(**{**item, **tuples, "kind": Kind(item["kind"])})
