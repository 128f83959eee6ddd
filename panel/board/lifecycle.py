"""The stages of a board, the lawful moves between them, and the facts each move demands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panel.kernel.errors import Refused


class Stage(StrEnum):
    """Where a board stands. It only ever moves forward, or ends as cancelled."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    MARKING = "marking"
    MODERATION = "moderation"
    LOCKED = "locked"
    UNSEALED = "unsealed"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"

    @property
    def entry(self) -> str:
        """The kind under which the log says that a board came to this stage."""
        return "board.opened" if self is Stage.OPEN else f"board.{self.value}"

    def reached(self, stage: "Stage") -> bool:
        """Whether a board in this stage has come at least as far as `stage`; a cancelled one has reached nothing."""
        return self is not Stage.CANCELLED and ORDER.index(self) >= ORDER.index(stage)


ORDER: Final = tuple(stage for stage in Stage if stage is not Stage.CANCELLED)

#: The stages in which anything still happens on a board.
RUNNING: Final = ORDER[: ORDER.index(Stage.ARCHIVED)]
#: Closed, and the names not open yet.
UNOPENED: Final = ORDER[ORDER.index(Stage.CLOSED) : ORDER.index(Stage.UNSEALED)]


class UnlawfulMove(Refused):
    """No such move exists from the stage the board is in."""

    sentence = "The board cannot move to that stage from where it is."


class WrongStage(Refused):
    """The action belongs to another stage of the board."""

    sentence = "The board is not at the stage where this can be done."


class NotReady(Refused):
    """A fact the move demands does not hold; `details` are the sentences that say what is missing."""

    sentence = "The board is not ready for this yet."


@dataclass(frozen=True)
class Fact:
    """One thing a move demands: whether it holds, and a sentence that tells a person what is (still) to do."""

    key: str
    met: bool
    sentence: str


@dataclass(frozen=True)
class Readiness:
    """The facts gathered for one move, in the order they are shown."""

    facts: tuple[Fact, ...] = ()

    @property
    def missing(self) -> tuple[Fact, ...]:
        """The facts that do not hold."""
        return tuple(fact for fact in self.facts if not fact.met)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True)
class Move:
    """Who may make it (a role's name) and the keys of the facts it demands."""

    by: frozenset[str]
    demands: frozenset[str]


def _move(by: Iterable[str], *demands: str) -> Move:
    return Move(frozenset(by), frozenset(demands))


_HR: Final = ("hr",)
_LEADERS: Final = ("chair", "deputy")

#: Every lawful move but cancelling, with what it demands.
MOVES: Final[Mapping[tuple[Stage, Stage], Move]] = {
    (Stage.DRAFT, Stage.OPEN): _move(_HR, "policy", "framework", "leaders", "markers", "keyholders", "duties"),
    (Stage.OPEN, Stage.CLOSED): _move(_HR, "deadline"),
    (Stage.CLOSED, Stage.MARKING): _move(
        _HR, "scrubbed", "backups", "qualified", "texts", "few", "leader_free", "duties"
    ),
    (Stage.MARKING, Stage.MODERATION): _move(_LEADERS, "marked", "texts", "duties"),
    (Stage.MODERATION, Stage.LOCKED): _move(_LEADERS, "settled", "duties"),
    (Stage.LOCKED, Stage.UNSEALED): _move(("custodian",), "releases"),
    (Stage.UNSEALED, Stage.PUBLISHED): _move(_HR, "feedback"),
    (Stage.PUBLISHED, Stage.ARCHIVED): _move(_HR, "retention"),
}

#: HR may cancel, with a reason, from any stage before the lock.
CANCELLABLE: Final = frozenset(ORDER[: ORDER.index(Stage.LOCKED)])


def move(start: Stage, to: Stage) -> Move:
    """The move from one stage to another. Raises UnlawfulMove."""
    if to is Stage.CANCELLED and start in CANCELLABLE:
        return _move(_HR, "reason")
    if (start, to) not in MOVES:
        raise UnlawfulMove
    return MOVES[start, to]


def check(start: Stage, to: Stage, role: str, readiness: Readiness) -> None:
    """Refuse an unlawful move, one by the wrong role, and one whose demands are unmet or were never looked at.

    Raises UnlawfulMove or NotReady.
    """
    wanted = move(start, to)
    if role not in wanted.by:
        raise UnlawfulMove
    unseen = wanted.demands - {fact.key for fact in readiness.facts}
    if unseen:
        raise NotReady(details=[f"Nobody has checked: {key}." for key in sorted(unseen)])
    if not readiness.complete:
        raise NotReady(details=[fact.sentence for fact in readiness.missing])
