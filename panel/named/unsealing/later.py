"""Whether there is a need to open a board's envelopes once more, and whether it may be met."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.merit.queries import NotLogged
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.kernel.ids import BoardId
from panel.named.unsealing import queries
from panel.named.unsealing.changes import changes
from panel.named.unsealing.occasion import OPENED, NotCalledFor, Occasion
from panel.named.unsealing.results_key import NamesUnreadable

_READABLE = "The opened names can be read, so nothing has to be opened for them."
_UNREADABLE = (
    "The opened names cannot be read: their key is lost, or what it opened was changed. "
    "If there is a backup of the key, restore it instead."
)
_EXPOSED = "The opened names cannot be read while others can read the file of their key. Its owner puts that right."


@dataclass(frozen=True)
class Need:
    """One occasion for a later ceremony: whether there is one, and a sentence that says why or why not."""

    occasion: Occasion
    there: bool
    sentence: str


def needs(db: Session, keys: Path, board: Board) -> tuple[Need, ...]:
    """Both occasions as they stand; none before the names are open, nor once the board is archived."""
    if board.stage not in OPENED:
        return ()
    return _to_read(db, keys, board.id), _to_count(db, board.id)


def to_count(db: Session, board: Board) -> Need | None:
    """The occasion to count outcomes again, for the page that shows them; None when there is no such ceremony."""
    return _to_count(db, board.id) if board.stage in OPENED else None


def demand(db: Session, keys: Path, board: Board, occasion: Occasion) -> None:
    """Raises NotCalledFor unless there is that need."""
    found = {need.occasion: need for need in needs(db, keys, board)}
    if occasion not in found or not found[occasion].there:
        raise NotCalledFor(found[occasion].sentence if occasion in found else None)


def unreadable(db: Session, keys: Path, board: BoardId) -> bool:
    """Whether names were opened, and not all of them can be read. True of a file that others may read too."""
    opened = [entry.facts.get("revealed") for entry in audit.entries(db, board, Stage.UNSEALED.entry)]
    try:
        return [len(queries.revealed(db, keys, board))] != opened
    except NamesUnreadable:
        return True


def all_unreadable(db: Session, keys: Path) -> tuple[Board, ...]:
    """Every board whose names are open and cannot be read, by title."""
    return tuple(each for each in boards(db) if each.stage in OPENED and unreadable(db, keys, each.id))


def _to_read(db: Session, keys: Path, board: BoardId) -> Need:
    try:
        queries.revealed(db, keys, board)
    except NamesUnreadable as error:
        return Need(Occasion.LOST_KEY, error.lost, _UNREADABLE if error.lost else _EXPOSED)
    there = unreadable(db, keys, board)
    return Need(Occasion.LOST_KEY, there, _UNREADABLE if there else _READABLE)


def _to_count(db: Session, board: BoardId) -> Need:
    try:
        found = changes(db, board)
    except NotLogged as error:
        return Need(Occasion.RECOUNT, there=False, sentence=error.message)
    return Need(Occasion.RECOUNT, found.may, found.sentence)
