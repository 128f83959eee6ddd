"""Backups as the system's log tells of them: how many there are, and which were taken while a board was open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.audit.service import append, hold
from panel.board.lifecycle import Stage
from panel.board.queries import boards
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import SYSTEM, BoardId

TAKEN: Final = "backup.taken"
RESTORED: Final = "backup.restored"
#: What the log calls somebody at the command line.
_ROLE: Final = "system"


class TwiceADay(Refused):
    """Two backups around a single submission would show whose it is."""

    sentence = "A board is open, and a backup was taken today. While a board is open there is at most one a day."


@dataclass(frozen=True)
class Backup:
    """One that was taken: its number, and the day."""

    number: int
    on: date


def note_taken(db: Session) -> Backup:
    """Number a backup of the database and log it, with the boards that are open now. Raises TwiceADay.

    The log is held before it is read, so of two that are taken at once the second has the next number, or is refused.
    """
    hold(db, SYSTEM)
    demand_first(db)
    number = len(entries(db, SYSTEM, TAKEN)) + 1
    open_now: list[Json] = [str(each.id) for each in boards(db) if each.stage is Stage.OPEN]
    append(db, SYSTEM, TAKEN, None, _ROLE, {"number": number, "open": open_now})
    return Backup(number, today())


def demand_first(db: Session) -> None:
    """The same question before the work is done. Raises TwiceADay."""
    if any(each.stage is Stage.OPEN for each in boards(db)) and any(each.on == today() for each, _ in _taken(db)):
        raise TwiceADay


def note_restored(db: Session, taken_on: date) -> None:
    """Log that the whole service stands on a backup of that day."""
    append(db, SYSTEM, RESTORED, None, _ROLE, {"taken_on": taken_on.isoformat()})


def from_while_open(db: Session, board: BoardId) -> tuple[Backup, ...]:
    """The backups that `panel backup` took while the board was open: those to be destroyed once it is closed."""
    return tuple(backup for backup, open_then in _taken(db) if str(board) in open_then)


def _taken(db: Session) -> Iterator[tuple[Backup, frozenset[str]]]:
    for place, entry in enumerate(entries(db, SYSTEM, TAKEN), 1):
        open_then = entry.facts.get("open")
        told = map(str, open_then) if isinstance(open_then, list) else ()
        yield Backup(place, entry.on), frozenset(told)
