"""What is kept of envelopes opened early, and for whom: the custodian who asked reads one name, nobody else any.

A row counts for something only if the log has it too, with its number, its reason and who asked: whoever can write into
the table must not have a ceremony put a name there for her, least of all one that its owner took back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.kernel.clock import today
from panel.kernel.encoding import canonical
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, MarkerId, Number, OpeningId
from panel.named.unsealing import results_key, reveal
from panel.named.unsealing.ceremony_queries import opened_early
from panel.named.unsealing.models import SingleOpeningRow
from panel.named.unsealing.reveal import Kept, Revealed
from panel.named.unsealing.sitting import Ground, reason_digest
from panel.sealed.vault.opening import Opened


@dataclass(frozen=True)
class SingleOpening:
    """An envelope opened early, without its name."""

    number: Number
    asked_by: MarkerId
    ground: Ground
    reason: str
    opened_on: date


def keep(
    db: Session,
    key: bytes,
    opened: Opened,
    *,
    opening: OpeningId,
    asked_by: MarkerId,
    ground: str,
    reason: str,
    seats: tuple[str, ...],
) -> None:
    """Seal the one identity under the results key."""
    board = opened.identity.board
    kept = reveal.keep(key, board, opened)
    row = {"id": opening, "board": board, "number": opened.number, "asked_by": asked_by, "opened_on": today()}
    why = {"ground": ground, "reason": reason, "seats": canonical(seats).decode()}
    db.execute(insert(SingleOpeningRow).values(**row, **why, nonce=kept.nonce, identity=kept.identity))


def asked(db: Session, person: Person, board: BoardId) -> tuple[SingleOpening, ...]:
    """What this custodian has asked for on a board, by number."""
    return tuple(
        SingleOpening(row.number, row.asked_by, Ground(row.ground), row.reason, row.opened_on)
        for row in _logged(db, board, _hers(person, board))
    )


def name(db: Session, keys: Path, person: Person, board: BoardId, number: Number) -> Revealed:
    """The one name, for the custodian who asked for it.

    Raises Missing for everybody else, and once it is destroyed; and NamesUnreadable.
    """
    rows = _logged(db, board, _hers(person, board) & (SingleOpeningRow.number == number))
    if not rows:
        raise Missing
    with results_key.reading(keys, board) as key:
        return reveal.read(key, board, _kept(rows[0]))


def keep_again(db: Session, key: bytes, board: BoardId, opened: Iterable[Opened]) -> int:
    """Seal anew, under another key, what cannot be read any more, as far as it was opened again; how many.

    What the ceremony sets aside as spoilt is not among it: such a name stays lost.
    """
    names = {one.number: one for one in opened}
    rows = _logged(db, board, SingleOpeningRow.board == board)
    lost = [row for row in rows if not results_key.opens(key, board, _kept(row)) and row.number in names]
    for row in lost:
        kept = reveal.keep(key, board, names[row.number])
        row.nonce, row.identity = kept.nonce, kept.identity
    db.flush()
    return len(lost)


def destroy(db: Session, board: BoardId) -> None:
    """Part of archiving and of cancelling: the names and the reasons are gone."""
    db.execute(delete(SingleOpeningRow).where(SingleOpeningRow.board == board))


def _logged(db: Session, board: BoardId, wanted: ColumnElement[bool]) -> list[SingleOpeningRow]:
    query, known = select(SingleOpeningRow).where(wanted).order_by(SingleOpeningRow.number), opened_early(db, board)
    return [row for row in db.scalars(query) if (row.asked_by, _digest(row)) in known]


def _digest(row: SingleOpeningRow) -> str:
    return reason_digest(row.id, row.number, row.ground, row.reason).hex()


def _kept(row: SingleOpeningRow) -> Kept:
    return Kept(row.number, b"", row.nonce, row.identity)


def _hers(person: Person, board: BoardId) -> ColumnElement[bool]:
    return (SingleOpeningRow.board == board) & (SingleOpeningRow.asked_by == person.id)
