"""What a person can do now, by her roles: plain tasks with their addresses. Pure.

Addresses are written out, not built from endpoints: a process of the named side does not have the blind side's pages,
though the same host name serves them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from panel.access.roles import Role
from panel.board.lifecycle import Stage
from panel.board.queries import Board


@dataclass(frozen=True)
class Task:
    """One thing to do: words, address, and a line of help."""

    text: str
    address: str
    hint: str = ""


@dataclass(frozen=True)
class BoardTasks:
    """One board, the parts this person has on it, and what she can do there now."""

    board: Board
    roles: tuple[Role, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class _Offer:
    roles: frozenset[Role]
    stages: frozenset[Stage]
    task: Task


_ALL: Final = frozenset(Stage)
_LEADERS: Final = (Role.CHAIR, Role.DEPUTY)


def _offer(roles: Iterable[Role], text: str, address: str, hint: str = "", stages: Iterable[Stage] = _ALL) -> _Offer:
    return _Offer(frozenset(roles), frozenset(stages), Task(text, address, hint))


_MARKING: Final = (Stage.MARKING,)
_TEXTS: Final = (Stage.CLOSED, Stage.MARKING, Stage.MODERATION)
_LOCKED: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED, Stage.ARCHIVED)
_MODERATED: Final = (Stage.MODERATION, *_LOCKED)
_OPENED: Final = (Stage.UNSEALED, Stage.PUBLISHED, Stage.ARCHIVED)

#: Everything a part on a board lets a person do, in the order shown.
_OFFERS: Final[tuple[_Offer, ...]] = (
    _offer([Role.HR], "Run this board", "/boards/{board}", "Rules, people, dates and stages"),
    _offer([Role.HR], "Results", "/results/{board}/list", "Names, feedback and publication", _OPENED),
    _offer([Role.HR], "Outcomes by group", "/monitoring/{board}", "Counts with small numbers withheld", _OPENED),
    _offer([Role.MARKER], "Training", "/panel/training", "What to complete before you may mark"),
    _offer([Role.MARKER], "Mark answers", "/panel/marking", "One answer at a time", _MARKING),
    _offer(
        [Role.CHAIR, Role.DEPUTY], "Training of the panel", "/panel/training", "Practice scripts and who has qualified"
    ),
    _offer(_LEADERS, "Texts to look at", "/panel/{board}/texts", "Words that may say who wrote an answer", _TEXTS),
    _offer(_LEADERS, "Progress of marking", "/panel/{board}/moderation", "Counts for each panel member", _MARKING),
    _offer(_LEADERS, "Moderation", "/panel/{board}/moderation", "Answers whose marks disagree", _MODERATED),
    _offer([*_LEADERS, Role.AUDITOR], "Merit list", "/panel/{board}/merit", "In order, by number", _LOCKED),
    _offer([Role.AUDITOR], "Log", "/oversight/{board}", "Read it, and check that nothing was changed"),
)
#: What everybody can do, whatever parts she has.
_FOR_ALL: Final = (Task("Boards you can apply to, and your applications", "/applications"),)
#: What holders of a role on the system can do.
_ON_SYSTEM: Final = (
    (Role.HR, Task("Boards", "/boards", "Make a board, or go on with one")),
    (Role.HR, Task("Frameworks", "/frameworks", "Competencies and values that boards are made from")),
    (Role.HR, Task("Accounts", "/accounts", "Invite people")),
    (Role.AUDITOR, Task("Log of the service", "/oversight/system", "Accounts, roles, training and keys")),
    (Role.ADMINISTRATOR, Task("Accounts", "/accounts", "Invite people, give roles, end accounts")),
)


def tasks_on_system(roles: frozenset[Role]) -> tuple[Task, ...]:
    """What the holder of these roles on the system can do; no address twice."""
    offered = {task.address: task for role, task in _ON_SYSTEM if role in roles}
    return tuple(offered.values())


def tasks_for_all() -> tuple[Task, ...]:
    """What everyone who is signed in can do."""
    return _FOR_ALL


def tasks_on(board: Board, roles: frozenset[Role]) -> BoardTasks:
    """What the holder of these roles can do on the board at its stage."""
    offered = tuple(
        Task(offer.task.text, offer.task.address.format(board=board.id), offer.task.hint)
        for offer in _OFFERS
        if offer.roles & roles and board.stage in offer.stages
    )
    return BoardTasks(board, tuple(sorted(roles, key=list(Role).index)), offered)
