"""What a person can do now, by her roles: plain tasks with their addresses. Pure.

Addresses are written out, not built from endpoints: a process of the named side does not have the blind side's pages,
though the same host name serves them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panel.access.roles import KEYHOLDERS, LEADERS, WITH_KEYS, Role
from panel.board.lifecycle import RUNNING, Stage
from panel.board.queries import Board


@dataclass(frozen=True)
class Task:
    """One thing to do: words, address, and a line of help."""

    text: str
    address: str
    hint: str = ""


@dataclass(frozen=True)
class BoardTasks:
    """One board, the parts this person has on it, and what she can do there now.

    `aside`: whether another leader decides what she would decide at this stage.
    """

    board: Board
    roles: tuple[Role, ...]
    tasks: tuple[Task, ...]
    aside: bool


class Turn(StrEnum):
    """What a marker has to do on a board once moderation runs; what is offered for it is not offered to others."""

    MARK = "mark"
    SAY = "say"


@dataclass(frozen=True)
class _Offer:
    roles: frozenset[Role]
    stages: frozenset[Stage]
    task: Task
    decides: bool = False
    turn: Turn | None = None


_ALL: Final = frozenset(Stage)


def _offer(roles: Iterable[Role], text: str, address: str, hint: str = "", stages: Iterable[Stage] = _ALL) -> _Offer:
    return _Offer(frozenset(roles), frozenset(stages), Task(text, address, hint))


def _decision(text: str, address: str, hint: str, *stages: Stage) -> _Offer:
    # closed to a leader who stands aside; never before the close, or she would learn who applied and when
    return _Offer(frozenset(LEADERS), frozenset(stages), Task(text, address, hint), decides=True)


def _in_turn(turn: Turn, text: str, address: str, hint: str, *stages: Stage) -> _Offer:
    return _Offer(frozenset([Role.MARKER]), frozenset(stages), Task(text, address, hint), turn=turn)


#: While a board asks of its panel that they are trained.
TO_MARKING: Final = (Stage.DRAFT, Stage.OPEN, Stage.CLOSED, Stage.MARKING)
_SEALED: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
_CLOSED: Final = (Stage.CLOSED, Stage.MARKING, Stage.MODERATION, *_SEALED)
_OPENED: Final = (Stage.UNSEALED, Stage.PUBLISHED)
_COUNTED: Final = (*_OPENED, Stage.ARCHIVED)
_RECORDED: Final = (*_SEALED, Stage.ARCHIVED)

#: Everything a part on a board lets a person do, in the order shown.
_OFFERS: Final[tuple[_Offer, ...]] = (
    _offer([Role.HR], "Run this board", "/boards/{board}", "Rules, people, dates and stages"),
    _offer([Role.HR], "Merit list and results", "/results/{board}/list", "Names, files, publication", _OPENED),
    _offer([Role.HR], "Feedback", "/results/{board}/feedback", "What each candidate reads", _OPENED),
    _offer([Role.HR], "Outcomes by group", "/monitoring/{board}", "Small numbers are withheld", _COUNTED),
    _offer(
        [Role.HR, Role.AUDITOR],
        "Recognition",
        "/monitoring/{board}/recognition",
        "How well names stayed hidden",
        _COUNTED,
    ),
    _offer([Role.MARKER, *LEADERS], "Training", "/panel/training", "Courses and practice marking", TO_MARKING),
    _offer([Role.MARKER], "Mark answers", "/panel/{board}/marking", "One answer at a time", [Stage.MARKING]),
    _in_turn(Turn.MARK, "Mark answers", "/panel/{board}/marking", "You were given more to mark", Stage.MODERATION),
    _in_turn(
        Turn.SAY,
        "Did you recognise a writer?",
        "/boards/{board}/recognised",
        "You may say so, sealed until the names are opened",
        *(Stage.MODERATION, Stage.LOCKED),
    ),
    _decision("Check texts", "/panel/{board}/texts", "Words that may name their author", Stage.CLOSED),
    _decision("Check texts", "/panel/{board}/texts", "Answers that markers have flagged", Stage.MARKING),
    _decision("Progress of marking", "/panel/{board}/moderation", "Also seeds, pauses, who drops out", Stage.MARKING),
    _decision("Start moderation", "/boards/{board}/moderation/start", "Once all is marked", Stage.MARKING),
    _decision("Moderate", "/panel/{board}/moderation", "Answers whose marks disagree", Stage.MODERATION),
    _decision("Consistency", "/panel/{board}/consistency", "How alike the markers marked", Stage.MODERATION),
    _decision("Lock the marks", "/boards/{board}/lock", "Once all is settled", Stage.MODERATION),
    _decision("Merit list by number", "/panel/{board}/merit", "Locked scores are put right there", Stage.LOCKED),
    _offer(LEADERS, "Merit list by number", "/panel/{board}/merit", "Locked scores are put right there", _OPENED),
    _offer([Role.AUDITOR], "Merit list by number", "/panel/{board}/merit", "", _SEALED),
    _offer([*KEYHOLDERS, Role.HR, Role.AUDITOR], "Opening of the names", "/boards/{board}/ceremony", "", _SEALED),
    _offer([Role.HR], "Record of this board", "/oversight/{board}/record", "One file for an auditor", _COUNTED),
    _offer([Role.AUDITOR], "Record of this board", "/oversight/{board}/record", "To check it elsewhere", _RECORDED),
    _decision("Record of this board", "/oversight/{board}/record", "To check it elsewhere", *_COUNTED),
    _offer([Role.CUSTODIAN], "Open one envelope early", "/boards/{board}/early", "For risk to life or fraud", _CLOSED),
    _offer(WITH_KEYS, "Your key", "/keyholder", "Enrol, and prove that it opens", RUNNING),
    _offer([Role.AUDITOR], "Log of this board", "/oversight/{board}", "Read it and check it"),
)
#: What everybody can do, whatever parts she has.
_FOR_ALL: Final = (
    Task("Your applications", "/applications", "Boards you can apply to, and what you have applied for"),
)
#: What holders of a role on the system can do.
_ON_SYSTEM: Final = (
    (Role.HR, Task("Boards", "/boards", "Make a board, or go on with one")),
    (Role.HR, Task("Frameworks", "/frameworks", "Competencies and values that boards are made from")),
    (Role.HR, Task("Courses", "/courses", "What panel members must complete before they mark")),
    (Role.HR, Task("Register of training", "/register", "Who may mark what, until when, and what comes next")),
    (Role.HR, Task("Accounts", "/accounts", "Invite people")),
    (Role.ADMINISTRATOR, Task("Accounts", "/accounts", "Invite people, give roles, end accounts")),
    (Role.AUDITOR, Task("Log of the system", "/oversight/system", "Accounts, roles, training and keys")),
)


def tasks_on_system(roles: frozenset[Role]) -> tuple[Task, ...]:
    """What the holder of these roles on the system can do; no address twice."""
    offered = {task.address: task for role, task in _ON_SYSTEM if role in roles}
    return tuple(offered.values())


def tasks_for_all() -> tuple[Task, ...]:
    """What everyone who is signed in can do."""
    return _FOR_ALL


def tasks_on(board: Board, roles: frozenset[Role], *, aside: bool = False, turn: Turn | None = None) -> BoardTasks:
    """What the holder of these roles can do on the board at its stage.

    `aside`: whether others decide in her place. `turn`: what she, as a marker, still has to do there.
    """
    offers = [offer for offer in _OFFERS if offer.roles & roles and board.stage in offer.stages]
    offers = [offer for offer in offers if offer.turn in {None, turn}]
    left = [offer.task for offer in offers if not (aside and offer.decides)]
    tasks = tuple(Task(task.text, task.address.format(board=board.id), task.hint) for task in left)
    return BoardTasks(board, tuple(sorted(roles, key=list(Role).index)), tasks, aside=len(left) < len(offers))
