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
from panel.named.unsealing.ceremony_queries import missing
from panel.named.unsealing.changes import changes
from panel.named.unsealing.occasion import OPENED, NotCalledFor, Occasion
from panel.named.unsealing.proof_of_close import changed as changed_since_close
from panel.named.unsealing.results_key import NamesUnreadable

_READABLE = "The opened names can be read, so nothing has to be opened for them."
_UNREADABLE = (
    "The opened names cannot be read: their key is lost, or what it opened was changed. "
    "If there is a backup of the key, restore it instead."
)
_RESTORED = "Envelopes whose names were lost are again as they were lodged, so that the names can be read: {}."
_GONE = "The names of these numbers are lost: {}. They come back if their envelopes are restored from a backup."
_NOT_WITHOUT = "The names of these numbers are lost: {}. Outcomes are counted again with everybody or not at all."
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
    """Whether names were opened, and not all of them can be read, but for those that the log calls lost.

    True of a file that others may read too.
    """
    opened = [entry.facts.get("revealed") for entry in audit.entries(db, board, Stage.UNSEALED.entry)]
    try:
        return [len(queries.revealed(db, keys, board)) + len(missing(db, board))] != opened
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
    if unreadable(db, keys, board):
        return Need(Occasion.LOST_KEY, there=True, sentence=_UNREADABLE)
    return _of_missing(db, board) or Need(Occasion.LOST_KEY, there=False, sentence=_READABLE)


def _of_missing(db: Session, board: BoardId) -> Need | None:
    """Whether an envelope was restored whose name was lost; None if no name is."""
    gone = missing(db, board)
    if not gone:
        return None
    restored = sorted(gone.keys() - changed_since_close(db, board))
    told = _RESTORED if restored else _GONE
    return Need(Occasion.LOST_KEY, bool(restored), told.format(", ".join(map(str, restored or sorted(gone)))))


def _to_count(db: Session, board: BoardId) -> Need:
    if gone := missing(db, board):
        sentence = _NOT_WITHOUT.format(", ".join(map(str, sorted(gone))))
        return Need(Occasion.RECOUNT, there=False, sentence=sentence)
    try:
        found = changes(db, board)
    except NotLogged as error:
        return Need(Occasion.RECOUNT, there=False, sentence=error.message)
    return Need(Occasion.RECOUNT, found.may, found.sentence)
