"""Opened names on their way into the tables, each under the results key. Called by the child alone."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from panel.kernel.encoding import digest
from panel.kernel.ids import BoardId, Number
from panel.named.unsealing import early, results_key, reveal
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.reveal import Kept, NotRevealed
from panel.sealed.vault.opening import Opened

_NONE: Final[Mapping[Number, bytes]] = {}


@dataclass(frozen=True)
class Keeping:
    """How many names opened early could not be read any more and can again, and which names are lost."""

    early: int
    lost: frozenset[Number]


def keep(
    db: Session,
    keys: Path,
    board: BoardId,
    revealed: Iterable[Opened],
    everyone: Iterable[Opened],
    unopened: Mapping[Number, bytes] = _NONE,
) -> Keeping:
    """Keep the names that are revealed in the place of whatever lies there; and anew what was opened early.

    `unopened`: digests of names whose envelopes are spoilt; each that the results key still opens is kept as well.
    """
    key = results_key.current(db, keys, board)
    rescued = [*_rescued(db, key, board, unopened)]
    db.execute(delete(RevealedRow).where(RevealedRow.board == board).execution_options(synchronize_session=False))
    rows = [{"board": board, **vars(reveal.keep(key, board, one))} for one in (*revealed, *rescued)]
    if rows:
        db.execute(insert(RevealedRow), rows)
    lost = unopened.keys() - {one.number for one in rescued}
    return Keeping(early.keep_again(db, key, board, everyone), frozenset(lost))


def digests(
    db: Session, board: BoardId, numbers: Collection[Number], lost_before: Mapping[Number, bytes]
) -> dict[Number, bytes]:
    """The digests of the names under these numbers, kept when they were opened; no other number has one."""
    found = {row.number: row.digest for row in _rows(db, board, numbers) if row.digest}
    return {number: lost for number, lost in lost_before.items() if number in numbers} | found


def _rescued(db: Session, key: bytes, board: BoardId, unopened: Mapping[Number, bytes]) -> Iterator[Opened]:
    """What the results key opens of them and the digest proves: who writes into the table puts no other name there."""
    for kept in _rows(db, board, unopened.keys()):
        try:
            one = reveal.reopened(key, board, kept)
        except NotRevealed:
            continue
        if digest(one.plaintext) == unopened[kept.number]:
            yield one


def _rows(db: Session, board: BoardId, numbers: Collection[Number]) -> list[Kept]:
    if not numbers:
        return []
    query = select(RevealedRow).where(RevealedRow.board == board, RevealedRow.number.in_(numbers))
    rows = db.scalars(query.order_by(RevealedRow.number))
    return [Kept(row.number, row.account_tag, row.nonce, row.identity, row.digest) for row in rows]
