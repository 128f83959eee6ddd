"""A marker's score and evidence for one answer, held against the scale. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from panel.blind.submissions.redaction import Kind, hits
from panel.board.policy import Criterion, Point, Policy
from panel.kernel.encoding import digest, digest_of
from panel.kernel.errors import Invalid
from panel.kernel.ids import TaskCode
from panel.web.text import clean, count_words

#: A reason is required for every mark; long enough to say something, short enough to be read.
FEWEST_WORDS: Final = 3
MOST_WORDS: Final = 300
MOST_CHARACTERS: Final = 4_000

#: What evidence is better off without: it will be read as feedback, and it is about an answer, not about a person.
_PERSONAL: Final = frozenset({Kind.PRONOUN, Kind.PERSON, Kind.GROUP, Kind.CONTACT})


class BadMark(Invalid):
    """The score is not on the scale, or the evidence is missing or of the wrong length; `details` say what to do."""

    sentence = "Check the score and the evidence."


@dataclass(frozen=True)
class Mark:
    """A score and the evidence for it."""

    score: int
    evidence: str

    @property
    def digest(self) -> bytes:
        """SHA-256 of the evidence: 32 bytes."""
        return digest(self.evidence.encode())


@dataclass(frozen=True)
class Scorecard:
    """What a marker scores one answer against: the criterion and the anchored points of the scale, lowest first."""

    criterion: Criterion
    points: tuple[Point, ...]

    @classmethod
    def of(cls, policy: Policy, key: str) -> "Scorecard":
        """The card of one criterion. Raises KeyError if the board has no such criterion."""
        criterion = policy.criterion(key)
        return cls(criterion, policy.anchored(criterion))

    @property
    def score_needed(self) -> str:
        """What to say when no point of the scale was chosen."""
        return f"Select a score for ‘{self.criterion.name}’"

    @property
    def evidence_needed(self) -> str:
        """What to say when there is no evidence."""
        return f"Enter the evidence for your score for ‘{self.criterion.name}’"

    def mark(self, score: int | None, evidence: str) -> Mark:
        """A complete mark. Raises BadMark with a sentence for each thing that is missing or wrong."""
        text = clean(evidence)
        problems = [*self._score_problems(score), *self._evidence_problems(text)]
        if score is None or problems:
            raise BadMark(details=problems)
        return Mark(score, text)

    def draft(self, score: int | None, evidence: str) -> tuple[int | None, str]:
        """An unfinished mark: anything may be missing, nothing may be off the scale or too long. Raises BadMark."""
        text = clean(evidence)
        problems = [*(self._score_problems(score) if score is not None else ()), *too_long(text)]
        if problems:
            raise BadMark(details=problems)
        return score, text

    def _score_problems(self, score: int | None) -> list[str]:
        return [] if score in {point.score for point in self.points} else [self.score_needed]

    def _evidence_problems(self, text: str) -> list[str]:
        if not text.strip():
            return [self.evidence_needed]
        return [*too_short(text), *too_long(text)]


def too_short(text: str) -> list[str]:
    """A sentence if the evidence says too little, else nothing."""
    return [f"Evidence must be at least {FEWEST_WORDS} words"] if count_words(text) < FEWEST_WORDS else []


def too_long(text: str) -> list[str]:
    """A sentence if the evidence is longer than anybody will read, else nothing."""
    if (used := count_words(text)) > MOST_WORDS:
        return [f"Evidence must be {MOST_WORDS} words or fewer. It has {used:,}"]
    return [f"Evidence must be {MOST_CHARACTERS:,} characters or fewer"] if len(text) > MOST_CHARACTERS else []


def personal_words(evidence: str) -> tuple[str, ...]:
    """Words that guess at or name a person, such as ‘she’, in the order met; a warning, never a refusal."""
    return tuple(dict.fromkeys(hit.of(evidence) for hit in hits(evidence) if hit.kind in _PERSONAL))


def sheet_digest(marks: Iterable[tuple[TaskCode, str, Mark]]) -> bytes:
    """SHA-256 over a marker's marks by task code: what she signs, and can check against her own list."""
    ordered = sorted(marks, key=lambda each: each[0])
    return digest_of([[code, criterion, mark.score, mark.digest.hex()] for code, criterion, mark in ordered])
