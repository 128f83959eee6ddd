"""The key that a board's opened names lie under: whether it is there and the right one, and made afresh once lost."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.kernel import keyfiles
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId, Number
from panel.named.unsealing import reveal
from panel.named.unsealing.models import RevealedRow, SingleOpeningRow
from panel.named.unsealing.reveal import Kept, NotRevealed


class NamesUnreadable(Refused):
    """Names were opened, and this installation cannot read them: the key is gone, or another, or a row was changed.

    `lost` is False where the key is there and others may read its file too, which its owner puts right. `numbers` are
    those whose rows were changed, where the key opens others.
    """

    sentence = "The names of this board were opened, and cannot be read just now. Nothing of the results is lost."

    def __init__(self, board: BoardId, *, lost: bool = True, numbers: Iterable[Number] = ()) -> None:
        self.board, self.lost, self.numbers = board, lost, tuple(numbers)
        super().__init__()


@contextmanager
def reading(keys: Path, board: BoardId) -> Iterator[bytes]:
    """The results key, around whatever is read with it. Raises NamesUnreadable."""
    try:
        yield keyfiles.read(keys, keyfiles.results(board))
    except keyfiles.KeyExposed as error:
        raise NamesUnreadable(board, lost=False) from error
    except (keyfiles.KeyMissing, NotRevealed, OSError) as error:
        raise NamesUnreadable(board) from error


def current(db: Session, keys: Path, board: BoardId) -> bytes:
    """The key to keep names under from now on: the one that is there if it opens anything, and otherwise a fresh one.

    One that opens nothing of what there is would be overwritten even if the transaction fails: it is of no use. One
    that cannot be tried may be: raises KeyExposed.
    """
    name, kept = keyfiles.results(board), [*_rows(db, board, RevealedRow), *_rows(db, board, SingleOpeningRow)]
    key = keyfiles.ensure(keys, name)
    return key if not kept or any(opens(key, board, each) for each in kept) else keyfiles.renew(keys, name)


def fits(db: Session, keys: Path, board: BoardId) -> bool:
    """Whether the key opens what lies there, as far as one row tells: for pages that read no name themselves."""
    return all(_opens(keys, board, each) for each in _rows(db, board, RevealedRow)[:1])


def opens(key: bytes, board: BoardId, kept: Kept) -> bool:
    """Whether a row lies under that key."""
    try:
        return bool(reveal.plaintext(key, board, kept))
    except NotRevealed:
        return False


def _opens(keys: Path, board: BoardId, kept: Kept) -> bool:
    try:
        with reading(keys, board) as key:
            return opens(key, board, kept)
    except NamesUnreadable:
        return False


def _rows(db: Session, board: BoardId, table: type[RevealedRow] | type[SingleOpeningRow]) -> list[Kept]:
    query = select(table.number, table.nonce, table.identity).where(table.board == board).order_by(table.number)
    return [Kept(number, b"", nonce, identity) for number, nonce, identity in db.execute(query)]
