"""What one page of marking holds: an answer, what it is judged by, and the marker's own work. No ref, no number."""

from dataclasses import dataclass

from panel.blind.marking.scorecard import Scorecard, personal_words
from panel.kernel.errors import Stale
from panel.kernel.ids import TaskCode


class StaleMark(Stale):
    """The answer was saved since the page was opened: in another tab, or by the page's own autosave."""

    sentence = "This answer was saved somewhere else since you opened this page. What you wrote here is not saved yet."


@dataclass(frozen=True)
class Text:
    """One answer as markers meet it, under its question; `key` and `name` are those of its criterion."""

    key: str
    name: str
    question: str
    answer: str


@dataclass(frozen=True)
class Saved:
    """What is kept of a marker's work on one task. `recorded`: as her mark; else as she typed it, not yet saved."""

    score: int | None = None
    evidence: str = ""
    version: int = 0
    recorded: bool = False
    signed: bool = False

    def demand(self, version: int, score: int | None, evidence: str) -> None:
        """Something new can be saved over this by a page that showed it. Raises StaleMark.

        Saving the same thing twice is no conflict, whatever the page showed.
        """
        if version != self.version and (score, evidence) != (self.score, self.evidence):
            raise StaleMark


@dataclass(frozen=True)
class Turn:
    """Whether a task can be marked now.

    `reached`: it is marked already, or nothing is left before its question. `waits`: chair or deputy are still deciding
    about words in what it shows.
    """

    reached: bool
    waits: bool


@dataclass(frozen=True)
class Page:
    """One task as its marker sees it, with how many of her tasks for its criterion are done.

    `texts` are empty while words in them are being decided on. `in_turn`: what comes before its question is marked.
    `final`: her mark can no longer change. `flaggable`: words in the text can still be taken out.
    """

    code: TaskCode
    card: Scorecard
    done: int
    total: int
    texts: tuple[Text, ...]
    saved: Saved
    in_turn: bool
    final: bool
    flaggable: bool = True

    @property
    def personal_words(self) -> tuple[str, ...]:
        """Words in the evidence kept so far that guess at the writer."""
        return personal_words(self.saved.evidence)

    @property
    def checked(self) -> bool:
        """Whether the text may be read: nobody is deciding on words in it."""
        return bool(self.texts)


@dataclass(frozen=True)
class OwnMark:
    """One of a marker's own marks, to look at again before she signs."""

    code: TaskCode
    criterion: str
    position: int
    score: int
    label: str
    evidence: str
    personal_words: tuple[str, ...]
    signed: bool
