"""Whether there is a need to open a board's envelopes once more, and whether it may be met."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from panel.audit.entry import UnreadableEntry
from panel.blind.merit.queries import NotLogged
from panel.blind.submissions import queries as submissions
from panel.board.queries import Board, boards
from panel.kernel.ids import BoardId, Number
from panel.named.intake import queries as intake
from panel.named.unsealing import queries
from panel.named.unsealing.ceremony_queries import missing
from panel.named.unsealing.changes import changes
from panel.named.unsealing.occasion import OPENED, NotCalledFor, Occasion
from panel.named.unsealing.results_key import NamesUnreadable
from panel.sealed.vault import queries as vault

_READABLE = "The opened names can be read, so nothing has to be opened for them."
_UNREADABLE = (
    "The opened names cannot be read: their key is lost, or what it opened was changed. "
    "If there is a backup of the key, restore it instead."
)
_CHANGED = (
    "Names cannot be read, or are not found by the people whose they are, because the rows of these numbers were "
    "changed: {}. A backup of the database puts them right, or the envelopes are opened again."
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


def all_unreadable(db: Session, keys: Path) -> tuple[str, ...]:
    """Every board whose names are open and cannot be read, as a person is told: title, and numbers if only some are."""
    found = ((each, unreadable(db, keys, each.id)) for each in boards(db) if each.stage in OPENED)
    return tuple(f"{each.title}{_some(why.numbers)}" for each, why in found if why)


def unreadable(db: Session, keys: Path, board: BoardId) -> NamesUnreadable | None:
    """Why names that were opened cannot be read; None if all can, but for those that the log calls lost."""
    try:
        queries.proved(db, keys, board)
    except NamesUnreadable as error:
        return error
    return None


def _to_read(db: Session, keys: Path, board: BoardId) -> Need:
    why = unreadable(db, keys, board)
    if why is None:
        return _of_missing(db, board) or Need(Occasion.LOST_KEY, there=False, sentence=_READABLE)
    told = _CHANGED.format(_listed(why.numbers)) if why.numbers else _UNREADABLE
    return Need(Occasion.LOST_KEY, why.lost, told if why.lost else _EXPOSED)


def _of_missing(db: Session, board: BoardId) -> Need | None:
    """Whether an envelope was restored whose name was lost; None if no name is."""
    gone = missing(db, board)
    if not gone:
        return None
    restored = sorted(gone.keys() & _as_lodged(db, board))
    told = _RESTORED if restored else _GONE
    return Need(Occasion.LOST_KEY, bool(restored), told.format(_listed(restored or gone)))


def _as_lodged(db: Session, board: BoardId) -> frozenset[Number]:
    """The numbers whose answers and envelopes are what they were at the close."""
    kept, found = vault.lodged_leaves(db, board), intake.lodged_leaves(db, board)
    same = {ref for ref, leaf in kept.items() if found.get(ref) == leaf}
    return frozenset(card.number for card in submissions.cards(db, board) if card.ref in same)


def _to_count(db: Session, board: BoardId) -> Need:
    if gone := missing(db, board):
        return Need(Occasion.RECOUNT, there=False, sentence=_NOT_WITHOUT.format(_listed(gone)))
    try:
        found = changes(db, board)
    except (NotLogged, UnreadableEntry) as error:
        return Need(Occasion.RECOUNT, there=False, sentence=error.message)
    return Need(Occasion.RECOUNT, found.may, found.sentence)


def _listed(numbers: Iterable[Number]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _some(numbers: Collection[Number]) -> str:
    return f" (numbers {_listed(numbers)})" if numbers else ""
