"""What a candidate's pages show of one board: the board, her draft, and how far she has come with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.blind.submissions.answers import longest
from panel.blind.submissions.passages import Passage, passages
from panel.blind.submissions.redaction import Hit, Strength
from panel.board.lifecycle import RUNNING, Stage
from panel.board.policy import Criterion, Policy
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel import clock
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.intake import checking, queries
from panel.named.intake.draft import Draft
from panel.named.intake.models import RollState
from panel.named.intake.service import STAGES_TO_STAND_DOWN
from panel.web.text import count_words

NOT_STARTED = "Not started"
COMPLETE = "Completed"
TOO_LONG = "Too long"


@dataclass(frozen=True)
class Desk:
    """One candidate at one board. `state`: where she stands on its roll."""

    board: Board
    policy: Policy
    state: RollState | None
    draft: Draft
    accepting: bool

    @property
    def writing(self) -> bool:
        """Whether she may write here now."""
        free = self.state in {None, RollState.WITHDRAWN} or (self.state is RollState.APPLIED and self.draft.amends)
        return self.accepting and free

    @property
    def changing(self) -> bool:
        """Whether the draft replaces a submission that stands."""
        return self.draft.amends

    @property
    def may_amend(self) -> bool:
        """Whether her code lets her change what she submitted."""
        return self.accepting and self.state is RollState.APPLIED

    @property
    def may_withdraw(self) -> bool:
        """Whether a code can still take a submission out of the result."""
        return self.board.stage in STAGES_TO_STAND_DOWN

    @property
    def may_use_code(self) -> bool:
        """Whether there may be a submission for a code to open."""
        there = self.board.stage in RUNNING
        return there and self.state in {RollState.APPLIED, RollState.STOOD_DOWN}

    @property
    def has_result(self) -> bool:
        """Whether the board has published what she may see; archiving destroys it."""
        return self.state is RollState.APPLIED and self.board.stage is Stage.PUBLISHED

    @property
    def has_heads(self) -> bool:
        """Whether she may take the board's signed heads, to keep beside her receipt."""
        return self.state is not None and self.board.stage is Stage.PUBLISHED

    @property
    def may_stand_down(self) -> bool:
        """Whether she may stand down without her code."""
        return self.state is RollState.APPLIED and self.may_withdraw

    def criterion(self, key: str) -> Criterion:
        """A question of this board. Raises Missing."""
        found = next((criterion for criterion in self.policy.questions if criterion.key == key), None)
        if found is None:
            raise Missing
        return found

    def status(self, criterion: Criterion) -> str:
        """How far one answer has come."""
        text = self.draft.answers.get(criterion.key, "")
        if not text:
            return NOT_STARTED
        over = count_words(text) > (criterion.word_limit or 0) or len(text.encode()) > longest(criterion)
        return TOO_LONG if over else COMPLETE


@dataclass(frozen=True)
class Checked:
    """One answer on the page for checking: how long it is, and what in it may name her."""

    criterion: Criterion
    text: str
    words: int
    pieces: tuple[Passage, ...]
    hits: tuple[Hit, ...]

    @property
    def exact(self) -> tuple[str, ...]:
        """Passages that must be changed, each once, with what they give away."""
        return tuple(dict.fromkeys(_told(self.text, hit) for hit in self.hits if hit.strength is Strength.EXACT))

    @property
    def soft(self) -> tuple[str, ...]:
        """Passages worth another look."""
        return tuple(dict.fromkeys(_told(self.text, hit) for hit in self.hits if hit.strength is Strength.SOFT))


def sitting(db: Session, keys: Path, person: Person, board: BoardId) -> Desk:
    """The board as this person meets it. Raises Missing unless she has applied to it, or may."""
    held = read_board(db, board)
    state = queries.state_of(db, board, person.account)
    may_apply = held.stage is Stage.OPEN and not queries.other_part(person, board)
    if state is None and not may_apply:
        raise Missing
    accepting = may_apply and held.deadline is not None and clock.now() <= held.deadline
    draft = queries.draft(db, keys, board, person.account) if held.stage is Stage.OPEN else None
    return Desk(held, held.policy, state, draft or Draft(), accepting)


def checked(desk: Desk) -> Iterator[Checked]:
    """Every answer with what the text check found in it."""
    found: Mapping[str, tuple[Hit, ...]] = checking.found(desk.policy, desk.draft)
    for criterion in desk.policy.questions:
        text, hits = desk.draft.answers.get(criterion.key, ""), found.get(criterion.key, ())
        yield Checked(criterion, text, count_words(text), passages(text, hits), hits)


def _told(text: str, hit: Hit) -> str:
    return f"“{hit.of(text)}” – {hit.kind}"
