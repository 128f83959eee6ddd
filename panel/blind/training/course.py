"""A training course: pages of simply formatted text and a bank of questions; or training that is given face to face."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from panel.blind.training.prose import Block, blocks
from panel.kernel.encoding import Json, digest_of
from panel.kernel.errors import Malformed

MOST_PAGES: Final = 100
MOST_QUESTIONS: Final = 300
LEAST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 6
MOST_ATTEMPTS: Final = 20
#: The longest that one completion may count.
MOST_MONTHS: Final = 120


@dataclass(frozen=True)
class Page:
    """One page of a course; `text` as its author wrote it."""

    title: str
    text: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the page shows."""
        return blocks(self.text)


@dataclass(frozen=True)
class Question:
    """One question of the bank. `right` is the place of the one right option, counted from 0."""

    text: str
    options: tuple[str, ...]
    right: int
    explanation: str

    def __post_init__(self) -> None:
        """Raises Malformed unless the right option is one of at least two different ones."""
        if len(set(self.options)) < max(LEAST_OPTIONS, len(self.options)) or self.right not in range(len(self.options)):
            raise Malformed(f"The question ‘{self.text}’ needs two or more different options, one of them right.")

    def to_json(self) -> dict[str, Json]:
        return {**vars(self), "options": list(self.options)}


@dataclass(frozen=True)
class Course:
    """One version of a course. Passing takes `pass_percent` of the questions asked, and counts for `validity_months`.

    `asked`: how many questions are drawn from the bank for each attempt; 0 in a draft for all of them. `attempts`: how
    many there are until HR gives another; 0 for no limit. A course that is not `online` has no pages and no questions:
    HR records who attended.
    """

    key: str
    title: str
    summary: str
    position: int
    minutes: int
    pass_percent: int
    validity_months: int
    asked: int = 0
    attempts: int = 0
    online: bool = True
    pages: tuple[Page, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def settled(self) -> "Course":
        """The course with the number of questions that a quiz asks."""
        return replace(self, asked=self.asked or len(self.questions))

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything in the course: what tells one version from another."""
        return digest_of(self.to_json())

    @property
    def lacking(self) -> tuple[str, ...]:
        """What must be written before it can be published, a sentence each."""
        return tuple(sentence for lacks, sentence in self._checks() if lacks)

    def to_json(self) -> dict[str, Json]:
        pages: list[Json] = [dict(vars(page)) for page in self.pages]
        return {**vars(self), "pages": pages, "questions": [question.to_json() for question in self.questions]}

    def _checks(self) -> Iterator[tuple[bool, str]]:
        yield not self.summary, "Say what the course is about."
        if not self.online:
            written = bool(self.pages or self.questions)
            yield written, "Remove the pages and questions, or let the course be taken online."
            return
        yield not self.pages, "Add a page."
        yield not self.questions, "Add a question."
        held = len(self.questions)
        few = f"Add questions, or let a quiz ask fewer: it asks {self.asked}, and the bank holds {held}."
        yield self.asked > held > 0, few
