"""Backups as the system's log tells of them: how many there are, and which were taken while a board was open.

One is logged before its first byte is written, and once more when its file is whole and has its name; or as failed,
when nothing is left of it. So no file can be that nobody knows of, and one that was stopped in between stays noticed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from panel.audit.entry import Entry
from panel.audit.queries import entries
from panel.audit.service import append, hold
from panel.board.lifecycle import Stage
from panel.board.queries import boards
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import SYSTEM, BoardId

BEGUN: Final = "backup.begun"
TAKEN: Final = "backup.taken"
FAILED: Final = "backup.failed"
RESTORED: Final = "backup.restored"
#: What the log calls somebody at the command line.
_ROLE: Final = "system"


class TwiceADay(Refused):
    """Two backups around a single submission would show whose it is."""

    sentence = "A board is open, and a backup was taken today. While a board is open there is at most one a day."


@dataclass(frozen=True)
class Backup:
    """One of them: its number, the day, and the boards that were open.

    Not `whole`: it was stopped, and may have left a file under its name or, beginning with a dot, under another.
    """

    number: int
    on: date
    whole: bool
    open: frozenset[str]


def note_begun(db: Session) -> Backup:
    """Number a backup of the database and log it, with the boards that are open now. Raises TwiceADay.

    The log is held before it is read, so of two that are taken at once the second has the next number, or is refused.
    """
    hold(db, SYSTEM)
    number = len(entries(db, SYSTEM, BEGUN)) + 1
    _append(db, BEGUN, number)
    known = _known(db)
    if known[number].open and sum(each.on == today() for each in known.values()) > 1:
        raise TwiceADay
    return known[number]


def note_taken(db: Session, number: int) -> Backup:
    """Log that its file is whole, with the boards that have opened meanwhile too."""
    _append(db, TAKEN, number)
    return _known(db)[number]


def note_failed(db: Session, number: int) -> None:
    """Log that nothing is left of it: from then on it is as if it had never been begun."""
    append(db, SYSTEM, FAILED, None, _ROLE, {"number": number})


def note_restored(db: Session, taken_on: date, file: bytes) -> None:
    """Log that the whole service stands on a backup of that day. `file`: its SHA-256."""
    append(db, SYSTEM, RESTORED, None, _ROLE, {"taken_on": taken_on.isoformat(), "file": file.hex()})


def just_restored(db: Session, file: bytes) -> bool:
    """Whether the service stands on that very backup, and nobody has done anything since."""
    told = entries(db, SYSTEM)
    places = [place for place, entry in enumerate(told) if entry.kind == RESTORED]
    since = told[places[-1] :] if places else ()
    return bool(since) and since[0].facts.get("file") == file.hex() and all(each.actor is None for each in since)


def from_while_open(db: Session, board: BoardId) -> tuple[Backup, ...]:
    """The backups that `panel backup` took while the board was open: those to be destroyed once it is closed."""
    return tuple(each for each in _known(db).values() if str(board) in each.open)


def stopped_before(db: Session, number: int) -> tuple[Backup, ...]:
    """Those between this one and the last whole one before it: what they left is still to be looked for."""
    earlier = [each for each in _known(db).values() if each.number < number]
    whole = max((each.number for each in earlier if each.whole), default=0)
    return tuple(each for each in earlier if each.number > whole)


def _append(db: Session, kind: str, number: int) -> None:
    open_now: list[Json] = [str(each.id) for each in boards(db) if each.stage is Stage.OPEN]
    append(db, SYSTEM, kind, None, _ROLE, {"number": number, "open": open_now})


def _known(db: Session) -> dict[int, Backup]:
    found: dict[int, Backup] = {}
    for entry in entries(db, SYSTEM):
        number = entry.facts.get("number")
        if entry.kind == RESTORED:
            # a backup tells of itself that it was begun: this service stands on it, so it was whole
            found |= {each.number: replace(each, whole=True) for each in [*found.values()][-1:]}
        elif entry.kind == FAILED and isinstance(number, int):
            found.pop(number, None)
        elif entry.kind in {BEGUN, TAKEN} and isinstance(number, int):
            before = found[number].open if number in found else frozenset()
            found[number] = Backup(number, entry.on, entry.kind == TAKEN, before | frozenset(_open(entry)))
    return found


def _open(entry: Entry) -> Iterator[str]:
    open_then = entry.facts.get("open")
    yield from map(str, open_then) if isinstance(open_then, list) else ()
