"""A board's custody for the command line: a line for each seat, and for what is wrong with all of them together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from panel.board import queries as boards
from panel.kernel.ids import BoardId
from panel.named.unsealing.custody_queries import custody
from panel.named.unsealing.reach import PROOF_LASTS, Place, Reach, day, latest

_STANDS: Final = {
    Reach.PROVED: "reachable",
    Reach.OVERDUE: f"not proved in the last {PROOF_LASTS.days} days",
    Reach.LOST: "lost: its key was given up",
}


@dataclass(frozen=True)
class Finding:
    """One line: whether all is well, and a sentence."""

    good: bool
    sentence: str


def report(db: Session, board: BoardId) -> tuple[Finding, ...]:
    """Every seat, then the board as a whole. Raises Missing for a board that does not exist."""
    return tuple(_findings(db, board))


def _findings(db: Session, board: BoardId) -> Iterator[Finding]:
    found = custody(db, boards.board(db, board))
    if not found.places:
        yield Finding(good=True, sentence="This board has no shares: it has not opened, or they are destroyed.")
        return
    yield from (Finding(place.reach is Reach.PROVED, _seat(place)) for place in found.places)
    if found.strength is None:
        yield Finding(good=True, sentence="The names of this board are open.")
        return
    yield Finding(not found.strength.warnings, " ".join((found.strength.sentence, *found.strength.warnings)))


def _seat(place: Place) -> str:
    last = latest(place.proved_on, place.used_on)
    since = f"last opened on {day(last)}" if last else "never opened"
    return f"{place.title}, {place.name}: {_STANDS[place.reach]} ({since})."
